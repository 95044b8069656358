"""The bank: all questions, read from files and held against their own samples."""

from interviewer.bank.reader import Bank, load

__all__ = ["Bank", "load"]
