"""An interview whose level follows the answers -> what it was at each level, and which level is judged. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from interviewer.domain import Interview, Level, Turn
from interviewer.engine import Questions
from interviewer.report.results import LevelResult, LevelStep
from interviewer.scoring import ENOUGH_TURNS, LevelVerdict, Standing, level_verdict, mean_score, turn_score


def verdict(interview: Interview, turns: Sequence[Turn], question: Questions) -> LevelVerdict:
    """The level verdict of an interview.

    Where the level follows the answers, the highest level is judged that has three graded turns at it or above, by
    those turns: harder questions count as they are, and what was asked below says little of it. Where there is none,
    too little was said, and the easiest level that was asked is named. A sitting whose questions are of any level is
    judged against none.
    """
    plan = interview.plan
    if not plan.behaviour.of_level:
        standing = Standing.NOT_JUDGED
        return LevelVerdict(level=plan.level, standing=standing, score=None, graded=_graded(turns), asked=len(turns))
    of_level = _by_level(turns, question) if plan.adaptive else {}
    if not of_level:
        return level_verdict(plan.level, turns)
    heard = list[Turn]()
    judged = Level.JUNIOR
    for judged in sorted(of_level, key=lambda level: level.rank, reverse=True):
        heard += of_level[judged]
        if _graded(heard) >= ENOUGH_TURNS:
            break
    return level_verdict(judged, heard)


def results(turns: Iterable[Turn], question: Questions) -> Iterator[LevelResult]:
    """Each level that was asked, the easiest first."""
    of_level = _by_level(turns, question)
    for level in sorted(of_level, key=lambda level: level.rank):
        at = of_level[level]
        yield LevelResult(level=level, score=mean_score(at), graded=_graded(at), asked=len(at))


def route(turns: Iterable[Turn], question: Questions) -> Iterator[LevelStep]:
    """Where the level changed, beginning with the first question."""
    now: Level | None = None
    for turn in turns:
        asked = question(turn.question)
        if asked and asked.level is not now:
            now = asked.level
            yield LevelStep(turn=turn.number, level=now)


def _by_level(turns: Iterable[Turn], question: Questions) -> dict[Level, list[Turn]]:
    of_level: dict[Level, list[Turn]] = {}
    for turn in turns:
        if asked := question(turn.question):
            of_level.setdefault(asked.level, []).append(turn)
    return of_level


def _graded(turns: Iterable[Turn]) -> int:
    return sum(turn_score(turn) is not None for turn in turns)
