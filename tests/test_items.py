"""Statistics of the bank: what is planted in a made-up population is found, and little data says nothing."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from statistics import correlation, fmean, median_low

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from interviewer.domain import (
    Dispute,
    GraderKind,
    Grading,
    Interview,
    InterviewStatus,
    Mode,
    Provenance,
    Question,
    Say,
    SayKind,
    Speaker,
    Turn,
    TurnStatus,
    Verdict,
)
from interviewer.graders import Grader
from interviewer.items import LEAST, Flag, Item, MarkedItem, Tally
from interviewer.scoring import turn_score
from tests.builders import T0, a_grading, a_question, an_interview

FUZZY, MODEL = Grader(kind=GraderKind.FUZZY), Grader(kind=GraderKind.LLM, model="m1")
ASKED = 6
"""Questions of a sitting."""


def graded(question: Question, credits: Mapping[str, float], by: Grader = FUZZY) -> Grading:
    """A grading by somebody."""
    made = Provenance(grader=by.kind, model=by.model, bank="test", milliseconds=1)
    return replace(a_grading(question, credits), provenance=made)


def turn(
    question: str,
    grading: Grading | None = None,
    *,
    seconds: int = 60,
    hints: int = 0,
    status: TurnStatus = TurnStatus.GRADED,
) -> Turn:
    """A turn that was answered so many seconds after its question, or skipped."""
    says = [Say(who=Speaker.INTERVIEWER, kind=SayKind.QUESTION, text="?", at=T0)]
    says += [Say(who=Speaker.INTERVIEWER, kind=SayKind.HINT, text="A nudge.", at=T0)] * hints
    if status is not TurnStatus.SKIPPED:
        says.append(
            Say(who=Speaker.CANDIDATE, kind=SayKind.ANSWER, text="secret words", at=T0 + timedelta(seconds=seconds))
        )
    return Turn(number=1, question=question, status=status, says=tuple(says), gradings=(grading,) if grading else ())


def sitting(turns: Sequence[Turn], *, owner: str, mode: Mode = Mode.PRACTICE) -> Interview:
    """An interview with these turns."""
    blank = an_interview([a_question()], mode=mode)
    numbered = tuple(replace(each, number=number) for number, each in enumerate(turns, 1))
    return replace(blank, owner=owner, turns=numbered, status=InterviewStatus.FINISHED)


def items(interviews: Sequence[Interview], disputes: Sequence[Dispute] = ()) -> dict[str, Item]:
    """The statistics of these interviews; the disputes are of all of them."""
    tally = Tally()
    for interview in interviews:
        tally.add(interview, disputes)
    return {item.question: item for item in tally.items()}


def only(item: Item) -> MarkedItem:
    """The figures of the only grader."""
    (marked,) = item.graders
    return marked


def one_each(question: str, grading: Grading | None, *, people: int = LEAST, **how: object) -> list[Interview]:
    """So many candidates who all answered alike."""
    return [sitting([turn(question, grading, **how)], owner=f"c{person}") for person in range(people)]  # type: ignore[arg-type]


# ---- a population whose properties are known


def population(people: int = 300, seed: int = 1) -> Iterator[Interview]:
    """Candidates of different ability. Of the questions, `turned` goes to the weak, `easy` to all, `hard` to nobody;
    `q0` has a point `p3` that nobody earns. The others differ in difficulty only."""
    chance = random.Random(seed)
    bank = {name: a_question(name) for name in ("turned", "easy", "hard", *(f"q{number}" for number in range(8)))}
    for person in range(people):
        ability = chance.gauss(0, 1)
        turns = [
            turn(name, graded(bank[name], answered(name, ability, chance))) for name in chance.sample(list(bank), ASKED)
        ]
        yield sitting(turns, owner=f"c{person}")


def answered(name: str, ability: float, chance: random.Random) -> dict[str, float]:
    """Credits of the three points."""
    if name == "easy":
        return {"p1": 1.0, "p2": 1.0, "p3": 0.9 if chance.random() < 0.1 else 1.0}
    if name == "hard":
        return {"p1": 1.0 if chance.random() < 0.3 else 0.0}
    strength = -ability if name == "turned" else ability
    credits = {p: min(1.0, max(0.0, 0.5 + 0.3 * strength + chance.gauss(0, 0.15))) for p in ("p1", "p2", "p3")}
    return credits | ({"p3": 0.0} if name == "q0" else {})


def test_what_is_planted_in_a_population_is_found_and_nothing_else() -> None:
    """Questions that the weak answer better, that all or nobody can answer, and a point that nobody earns."""
    found = items(list(population()))
    flags = {name: set(item.flags) for name, item in found.items() if item.flags}
    assert flags.keys() == {"turned", "easy", "hard", "q0"}
    assert flags["turned"] == {Flag.NEGATIVE}
    assert flags["q0"] == {Flag.NOBODY}
    assert Flag.TOO_EASY in flags["easy"]
    assert {Flag.TOO_HARD, Flag.NOBODY} <= flags["hard"]
    nobody = [point.point for point in only(found["q0"]).points if Flag.NOBODY in point.flags]
    assert nobody == ["p3"]
    assert (only(found["turned"]).discrimination or 0) < -0.4
    for number in range(1, 8):
        plain = only(found[f"q{number}"])
        assert (plain.discrimination or 0) > 0.4
        assert plain.facility == pytest.approx(0.5, abs=0.1)
        assert all((point.discrimination or 0) > 0.2 for point in plain.points)


def test_the_figures_are_those_of_the_textbook() -> None:
    """Recalculated from all scores at once."""
    played = list(population(people=120, seed=2))
    pairs: dict[str, list[tuple[float, float]]] = {}
    for interview in played:
        scores = {each.question: (turn_score(each) or 0) / 100 for each in interview.turns}
        for name, score in scores.items():
            pairs.setdefault(name, []).append((score, fmean(s for other, s in scores.items() if other != name)))
    for name, item in items(played).items():
        marked, (mine, rest) = only(item), zip(*pairs[name], strict=True)
        assert marked.n == marked.pairs == len(mine)
        assert marked.facility == pytest.approx(fmean(mine))
        if name != "easy":
            assert marked.discrimination == pytest.approx(correlation(mine, rest))


# ---- what counts


def test_nothing_is_told_of_fewer_than_twenty() -> None:
    """But how many there are."""
    found = items(one_each("q", graded(a_question("q"), {"p1": 1.0}), people=LEAST - 1, hints=1))["q"]
    marked = only(found)
    assert (found.asked, found.timed, marked.n) == (19, 19, 19)
    assert (found.seconds, found.hint_share, found.skip_rate, found.flags) == (None, None, None, ())
    assert (marked.facility, marked.discrimination, marked.dispute_rate) == (None, None, None)
    assert {(p.n, p.facility, p.discrimination, p.dispute_rate, p.flags) for p in marked.points} == {
        (19, None, None, None, ())
    }
    found = items(one_each("q", graded(a_question("q"), {"p1": 1.0})))["q"]
    assert only(found).facility == pytest.approx(0.17)
    assert only(found).discrimination is None  # nothing beside it in its sitting


def test_time_hints_and_skips_are_of_everybody_who_met_the_question() -> None:
    """The median, in seconds; an exam has no time of one question."""
    grading = graded(a_question("q"), {"p1": 1.0})
    played = [sitting([turn("q", grading, seconds=10 * n, hints=n % 2)], owner=f"c{n}") for n in range(1, 22)]
    played += [sitting([turn("q", status=TurnStatus.SKIPPED)], owner=f"s{n}") for n in range(7)]
    found = items(played)["q"]
    assert (found.asked, found.timed, found.seconds) == (28, 21, 110)
    assert found.skip_rate == 0.25
    assert found.hint_share == pytest.approx(11 / 28)
    played += [sitting([turn("q", grading, seconds=1)], owner=f"e{n}", mode=Mode.EXAM) for n in range(50)]
    assert items(played)["q"].seconds == 110


def test_only_the_first_time_counts_that_a_candidate_meets_a_question() -> None:
    """Afterwards they have read the reference, also when they had skipped it."""
    question = a_question("q")
    first, again = graded(question, {}), graded(question, {"p1": 1.0, "p2": 1.0, "p3": 1.0})
    played = []
    for person in range(LEAST):
        played += [sitting([turn("q", first)], owner=f"c{person}"), sitting([turn("q", again)], owner=f"c{person}")]
    marked = only(items(played)["q"])
    assert (marked.n, marked.facility) == (LEAST, 0.0)
    skipped = turn("q", status=TurnStatus.SKIPPED)
    found = items([sitting([skipped], owner="a"), sitting([turn("q", again)], owner="a")])["q"]
    assert (found.asked, found.graders) == (1, ())


def test_an_open_question_is_not_met_yet_and_one_without_a_grade_not_marked() -> None:
    """They come in when they are over."""
    played = [sitting([turn("q", status=TurnStatus.OPEN), turn("r", status=TurnStatus.AWAITING_GRADE)], owner="a")]
    found = items(played)
    assert found.keys() == {"r"}
    assert (found["r"].asked, found["r"].graders) == (1, ())


def test_graders_have_figures_of_their_own() -> None:
    """Also the rest of a sitting is that of the same grader."""
    one, two = a_question("q"), a_question("r")
    played = [
        sitting(
            [
                turn("q", graded(one, {"p3": 1.0}, by=by)),
                turn("r", graded(two, {}, by=MODEL)),
                turn("other", graded(two, {}, by=FUZZY if by == FUZZY and n % 2 else MODEL)),
            ],
            owner=f"{by.id}{n}",
        )
        for by in (FUZZY, MODEL)
        for n in range(LEAST)
    ]
    fuzzy, model = items(played)["q"].graders
    assert (fuzzy.grader, fuzzy.n, fuzzy.pairs) == (FUZZY, LEAST, LEAST // 2)
    assert (model.grader, model.n, model.pairs) == (MODEL, LEAST, LEAST)


def test_disputes_are_counted_by_answer_and_by_point() -> None:
    """Two objections to one answer are one contested answer."""
    dispute = Dispute(
        id="d1",
        interview="i1",
        turn=1,
        point="p1",
        comment="secret words",
        verdict=Verdict.MISSED,
        grader=GraderKind.FUZZY,
        model=None,
        at=T0,
    )
    tally = Tally()
    for number, interview in enumerate(one_each("q", graded(a_question("q"), {}))):
        tally.add(interview, [dispute, replace(dispute, id="d2", point="p2")] if number < 5 else [])
    marked = only(tally.items()[0])
    assert marked.dispute_rate == 0.25
    assert [point.dispute_rate for point in marked.points] == [0.25, 0.25, 0.0]


def test_nothing_of_the_candidates_is_in_it() -> None:
    """Neither their words nor who they are."""
    told = repr(items([replace(each, owner="alice@example.org") for each in population(people=30)]))
    assert "alice" not in told
    assert "secret" not in told


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100)), min_size=LEAST, max_size=60))
def test_discrimination_is_pearsons_correlation(scores: list[tuple[int, int]]) -> None:
    """Of two questions, each is the other's rest, so both have the same."""
    question = a_question("q")
    assume(all(len(set(side)) > 1 for side in zip(*scores, strict=True)))

    def scored(score: int) -> Grading:
        return replace(graded(question, {}), score=score)

    played = [
        sitting([turn("q", scored(mine)), turn("r", scored(other))], owner=f"c{number}")
        for number, (mine, other) in enumerate(scores)
    ]
    found = items(played)
    expected = correlation([mine for mine, _ in scores], [other for _, other in scores])
    assert only(found["q"]).discrimination == pytest.approx(expected, abs=1e-9)
    assert only(found["r"]).discrimination == pytest.approx(expected, abs=1e-9)


@given(st.lists(st.integers(0, 4000), min_size=LEAST, max_size=50))
def test_the_median_is_that_of_all_times(seconds: list[int]) -> None:
    """However they are counted; beyond an hour they are all the same."""
    played = [sitting([turn("q", seconds=each)], owner=f"c{number}") for number, each in enumerate(seconds)]
    assert items(played)["q"].seconds == min(3600, median_low(seconds))
