"""Tests: sentences about behaviour, through the public door where they can be."""
