"""The shipped table: what is near what, and how much a word tells."""

from __future__ import annotations

import pytest

from interviewer.grading.opposites import OPPOSITES
from interviewer.grading.related import RAREST, rarity, related
from interviewer.grading.words import stem


@pytest.mark.parametrize(
    ("word", "near", "far"),
    [
        ("response", "reply", "banana"),
        ("fast", "quick", "database"),
        ("delete", "remove", "green"),
        ("error", "exception", "holiday"),
        ("client", "caller", "mountain"),
    ],
)
def test_words_of_like_meaning_are_nearer_than_others(word: str, near: str, far: str) -> None:
    """Between 0 and 1; a word that is not in the row is as far as can be."""
    likeness = related(stem(word))
    assert 0 < likeness[stem(near)] < 1
    assert likeness.get(stem(far), 0.0) < likeness[stem(near)]


def test_every_likeness_is_a_share() -> None:
    """And no word is listed as near to itself by more than all."""
    for word in ("request", "server", "async", "session", "token", "validate"):
        assert all(0 < like <= 1 for like in related(stem(word)).values())


def test_a_word_nobody_knows_is_rare_and_near_nothing() -> None:
    """An identifier made up a minute ago tells most of all."""
    assert not related("zzqxnotaword")
    assert rarity("zzqxnotaword") == RAREST


def test_common_words_tell_less_than_rare_ones() -> None:
    """0..1."""
    assert 0 < rarity(stem("make")) < rarity(stem("serializer")) <= RAREST
    assert rarity(stem("use")) < rarity(stem("idempotency"))


def test_opposites_hold_both_ways_and_never_for_a_word_itself() -> None:
    """Stems of stems."""
    for word, others in OPPOSITES.items():
        assert word not in others
        assert all(word in OPPOSITES[other] for other in others)
        assert stem(word) == word or stem(stem(word)) == stem(word)
