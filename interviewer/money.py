"""What the model came to, in money: millionths of a unit -> numbers and words. Pure."""

from __future__ import annotations

_MILLIONTHS = 10**6


def money_words(millionths: int, currency: str) -> str:
    """Money with as many places as it takes to see it: "2.40 USD", "0.0031 USD"."""
    places = 2 if millionths >= _MILLIONTHS or millionths == 0 else 4 if millionths >= 100 else 6
    return f"{millionths / _MILLIONTHS:,.{places}f} {currency}"


def in_currency(millionths: int) -> float:
    """Money as a number of whole units."""
    return millionths / _MILLIONTHS
