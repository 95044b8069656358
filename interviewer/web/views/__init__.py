"""Domain values -> one frozen dataclass per template."""
