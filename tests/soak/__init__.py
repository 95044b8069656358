"""Long runs: `make soak`. Nothing else runs them."""
