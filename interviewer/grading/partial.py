"""A model's reply while it is being written -> the points that are complete in it, each once.

A point is complete when its object has been closed, so nothing of it can grow any more; a parser that closes what is
open cannot tell that. Each character is looked at once, however often the text comes.
"""

from __future__ import annotations

import re

from pydantic import ValidationError

from interviewer.domain import Question
from interviewer.grading.reply import PointReply

_THINKS, _THOUGHT = "<think>", "</think>"
_SIGN = re.compile(r'["{}\[\]]')
_STRING_SIGN = re.compile(r'["\\]')
_CLOSES = {"}": "{", "]": "["}
_IN_LIST = ["{", "["]
"""What is open where the marks stand one after another."""


class PartialReply:
    """Reads along. Points that the rubric does not have, that come again or do not fit the form are passed over.

    It takes no offence at what is broken: the whole reply is judged when it is there, see `reply.parse`.
    """

    def __init__(self, question: Question) -> None:
        self._wanted = {point.id for point in question.points}
        self._seen = 0
        self._begin(0)

    def read(self, text: str) -> list[PointReply]:
        """The points that are complete in `text`, the whole reply so far, and were not given before."""
        thought = text.rfind(_THOUGHT, max(0, self._seen - len(_THOUGHT)))
        self._seen = len(text)
        if thought >= 0:
            self._begin(thought + len(_THOUGHT))
        if not self._open and not self._is_over:
            self._find_object(text)
        found = []
        while self._open and self._at < len(text):
            if self._string_at is not None:
                self._in_string(text)
            elif (mark := self._outside(text)) and (point := self._fitting(mark)):
                found.append(point)
        return found

    def _begin(self, at: int) -> None:
        self._start = self._at = at
        self._open: list[str] = []
        self._string_at: int | None = None
        self._name = ""
        self._in_marks = self._is_over = False
        self._mark_at = 0

    def _find_object(self, text: str) -> None:
        """Go to the object that the reply is, past a fence or a few words; what stands in thoughts is none."""
        at = text.find("{", self._at)
        if at >= 0 and text.find(_THINKS, self._start, at) < 0:
            self._open.append("{")
            self._at = at + 1
        elif at < 0:
            self._at = len(text)

    def _in_string(self, text: str) -> None:
        sign = _STRING_SIGN.search(text, self._at)
        if sign is None:
            self._at = len(text)
        elif sign[0] == "\\":
            self._at = sign.end() + 1
        else:
            if len(self._open) == 1:
                self._name = text[self._string_at : sign.start()]
            self._string_at, self._at = None, sign.end()

    def _outside(self, text: str) -> str | None:
        """Go to the next sign that opens or closes something; the object of a mark when it closes one."""
        sign = _SIGN.search(text, self._at)
        if sign is None:
            self._at = len(text)
            return None
        self._at = sign.end()
        if sign[0] == '"':
            self._string_at = sign.end()
        elif sign[0] in _CLOSES:
            return self._close(text, sign[0])
        else:
            if len(self._open) == 1:
                self._in_marks = self._name == "marks"
            if self._open == _IN_LIST:
                self._mark_at = sign.start()
            self._open.append(sign[0])
        return None

    def _close(self, text: str, sign: str) -> str | None:
        if self._open.pop() != _CLOSES[sign]:
            self._open.clear()
        self._is_over = not self._open
        return text[self._mark_at : self._at] if self._in_marks and self._open == _IN_LIST else None

    def _fitting(self, mark: str) -> PointReply | None:
        try:
            point = PointReply.model_validate_json(mark)
        except ValidationError:
            return None
        if point.point not in self._wanted:
            return None
        self._wanted.remove(point.point)
        return point
