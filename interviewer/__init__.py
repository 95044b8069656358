"""A mock interviewer for software developers whose marks can be checked."""

__version__ = "0.1.0"
