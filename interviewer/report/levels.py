"""An interview whose level follows the answers -> what it was at each level, and which level is judged. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from interviewer.domain import Interview, Level, Question, Turn
from interviewer.report.results import LevelResult, LevelStep
from interviewer.scoring import LevelVerdict, level_verdict, mean_score, turn_score

LADDER = tuple(Level)


def verdict(interview: Interview, turns: Sequence[Turn], question: Callable[[str], Question | None]) -> LevelVerdict:
    """The level verdict of an interview.

    Where the level follows the answers, the level with the most graded turns is judged, of equals the higher one, and
    by its own turns only: what was asked at another level says little of this one.
    """
    of_level = _by_level(turns, question) if interview.plan.adaptive else {}
    if not of_level:
        return level_verdict(interview.plan.level, turns)
    judged = max(of_level, key=lambda level: (_graded(of_level[level]), LADDER.index(level)))
    return level_verdict(judged, of_level[judged])


def results(turns: Iterable[Turn], question: Callable[[str], Question | None]) -> Iterator[LevelResult]:
    """Each level that was asked, the easiest first."""
    of_level = _by_level(turns, question)
    for level in sorted(of_level, key=LADDER.index):
        at = of_level[level]
        yield LevelResult(level=level, score=mean_score(at), graded=_graded(at), asked=len(at))


def route(turns: Iterable[Turn], question: Callable[[str], Question | None]) -> Iterator[LevelStep]:
    """Where the level changed, beginning with the first question."""
    now: Level | None = None
    for turn in turns:
        asked = question(turn.question)
        if asked and asked.level is not now:
            now = asked.level
            yield LevelStep(turn=turn.number, level=now)


def _by_level(turns: Iterable[Turn], question: Callable[[str], Question | None]) -> dict[Level, list[Turn]]:
    of_level: dict[Level, list[Turn]] = {}
    for turn in turns:
        if asked := question(turn.question):
            of_level.setdefault(asked.level, []).append(turn)
    return of_level


def _graded(turns: Iterable[Turn]) -> int:
    return sum(turn_score(turn) is not None for turn in turns)
