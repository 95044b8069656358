"""Questions -> pairs of points of different questions that state the same, by their own texts.

Two questions are compared where one is `near` the other, or where they share a topic. A pair of points is mutual in the
references when the same sentence of each reference earns both, and mutual in words when each statement, given as the
answer, earns the other. Questions that are near need one of the two; others need both. A rubric marks words, so an
author reads what is found, and what is not the same goes into `refused`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import combinations

from interviewer.bank.crosstalk import Sounds, Spoken
from interviewer.bank.same_points_file import Pair
from interviewer.domain import Mark, PointKey, Question
from interviewer.grading import fuzzy
from interviewer.grading.cues import alternatives
from interviewer.grading.words import tokenize
from interviewer.scoring import CREDITED_FROM


def fingerprint(questions: Sequence[Question]) -> str:
    """The first 12 hex digits of the SHA-256 over all texts that say which points state the same."""
    told = [(q.id, q.topic, q.ask, q.reference, q.statements, [near.question for near in q.near]) for q in questions]
    return hashlib.sha256(repr(sorted(told, key=lambda each: each[0])).encode()).hexdigest()[:12]


def same_points(questions: Sequence[Question]) -> Iterator[Pair]:
    """The pairs that state the same among the open questions of one pack, the smaller key first, in order."""
    marking = _Marking(questions)
    near = {frozenset({question.id, other.question}) for question in questions for other in question.near}
    ordered = sorted(questions, key=lambda question: question.id)
    for one, other in combinations(ordered, 2):
        is_near = frozenset({one.id, other.id}) in near
        if is_near or one.topic == other.topic:
            yield from sorted(marking.pairs(one, other, is_near=is_near))


class _Marking:
    """Marks references and statements of some questions by the rubrics of others, each once."""

    def __init__(self, questions: Sequence[Question]) -> None:
        told = {question.id: tokenize(question.reference) for question in questions}
        sounds = Sounds(list(told.values()))
        self._spoken = {id_: Spoken(tokens, sounds) for id_, tokens in told.items()}
        self._earned = cache(self._mark)

    def pairs(self, one: Question, other: Question, *, is_near: bool) -> Iterator[Pair]:
        """The pairs of a point of each."""
        if not (self._may_earn(one, other) and (is_near or self._may_earn(other, one))):
            return
        if not (there := self._earned(one, other)):
            return
        if not (back := self._earned(other, one)) and not is_near:
            return
        own, others = self._earned(one, one), self._earned(other, other)
        for point, sentences in there.items():
            for mate in (mate for mate in others if sentences & others[mate]):
                is_mutual = bool(back.get(mate, frozenset()) & own.get(point, frozenset()))
                if (is_mutual and is_near) or ((is_mutual or is_near) and self._in_words(one, point, other, mate)):
                    yield PointKey(one.id, point), PointKey(other.id, mate)

    def _may_earn(self, question: Question, other: Question) -> bool:
        """Whether the reference of another question may earn a point, by the bound that no marking exceeds."""
        spoken = self._spoken[other.id]
        return any(not p.cues or spoken.share(alternatives(p.cues)) ** 2 >= CREDITED_FROM for p in question.points)

    def _mark(self, question: Question, other: Question) -> Mapping[str, frozenset[int]]:
        """Points of a question that the reference of another earns, with the sentences that earn each."""
        marks = fuzzy.mark(question, (other.reference,)).marks
        return {mark.point: _sentences(other.reference, mark) for mark in marks if mark.credit >= CREDITED_FROM}

    def _in_words(self, one: Question, point: str, other: Question, mate: str) -> bool:
        says = {p.id: p.says for p in one.points}[point], {p.id: p.says for p in other.points}[mate]
        return _credit(one, point, says[1]) >= CREDITED_FROM and _credit(other, mate, says[0]) >= CREDITED_FROM


def _credit(question: Question, point: str, text: str) -> float:
    return next(mark.credit for mark in fuzzy.mark(question, (text,)).marks if mark.point == point)


def _sentences(text: str, mark: Mark) -> frozenset[int]:
    return frozenset(token.sentence for token in tokenize(text) if token.start < mark.end and mark.start < token.end)
