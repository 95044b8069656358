"""Bank -> what is wrong with its questions, measured by their own texts and by one another's."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from interviewer.bank import Bank, choices, marked, versions
from interviewer.bank.crosstalk import crosstalk
from interviewer.bank.findings import Finding, Measure
from interviewer.bank.skeleton import PLACEHOLDER
from interviewer.domain import Question, QuestionKind
from interviewer.errors import BankProblem

CROSSTALK_FROM = 30
"""The reference of another question must score less than this."""

Told = tuple[Measure, str]


def check(bank: Bank, only: Collection[str] | None = None) -> tuple[Finding, ...]:
    """Everything wrong with the questions of a loaded bank, in file order, then with packs as a whole.

    With `only`, of these questions alone; they are still held against all others.
    """
    chosen = [outline.id for outline in bank.outlines if only is None or outline.id in only]
    found = [*by_themselves(bank, chosen), *by_one_another(bank, chosen)]
    order = {question: place for place, question in enumerate(chosen)}
    found.sort(key=lambda finding: order[finding.problem.question or ""])
    return (*found, *(by_packs(bank) if only is None else ()))


def by_themselves(bank: Bank, chosen: Iterable[str]) -> Iterator[Finding]:
    """What the questions of these ids say against themselves."""
    for question_id in chosen:
        if question := bank.question(question_id):
            yield from (_finding(bank, question.id, *told) for told in _own_faults(question))


def offline_score(question: Question, answer: str) -> int:
    """Score 0..100 that the offline grader gives to a single answer."""
    return marked.offline_score(question, answer)


def _own_faults(question: Question) -> Iterator[Told]:
    if PLACEHOLDER in repr(question):
        yield Measure.DRAFT, f"it is not finished: {PLACEHOLDER} stands in it"
    yield from (choices if question.kind is QuestionKind.CHOICE else marked).faults(question)
    yield from versions.faults(question)


def by_one_another(bank: Bank, chosen: Collection[str]) -> Iterator[Finding]:
    """Pairs in which one of the chosen has a part, each told of the question whose rubric is too wide."""
    asked = frozenset(chosen)
    opened = bank.of_kind(QuestionKind.OPEN)
    mine = [question for question in opened if question.id in asked]
    rest = [question for question in opened if question.id not in asked]
    pairs = [
        *crosstalk(mine, opened, score=offline_score, score_from=CROSSTALK_FROM),
        *crosstalk(rest, mine, score=offline_score, score_from=CROSSTALK_FROM),
    ]
    reasons = {frozenset({one.id, near.question}): near.why for one in opened for near in one.near}
    for pair in pairs:
        near = reasons.get(frozenset({pair.question, pair.reference}))
        excuse = f" (near: {near})" if near else ""
        told = f"the reference of {pair.reference} scores {pair.score} on it{excuse}"
        if pair.question not in asked:
            told = f"its reference scores {pair.score} on {pair.question}{excuse}"
        mine_id = pair.question if pair.question in asked else pair.reference
        yield _finding(bank, mine_id, Measure.CROSSTALK, told, excused=near is not None)
    talking = {frozenset({pair.question, pair.reference}) for pair in pairs}
    for question in (question for question in map(bank.question, chosen) if question):
        for near_to in question.near:
            if bank.question(near_to.question) is None or near_to.question == question.id:
                yield _finding(bank, question.id, Measure.NEAR, f"near {near_to.question}: there is no such question")
            elif frozenset({question.id, near_to.question}) not in talking:
                told = f"near {near_to.question}: the two do not share enough to need it, take it out"
                yield _finding(bank, question.id, Measure.NEAR, told)


def by_packs(bank: Bank) -> Iterator[Finding]:
    """What the questions of a pack have in common and should not."""
    for pack in bank.packs:
        of_choice = [question for question in bank.of_kind(QuestionKind.CHOICE) if question.pack == pack.id]
        for measure, told in choices.spread(of_choice):
            file = bank.lines[of_choice[0].id][0].rpartition("/")[0]
            yield Finding(measure, BankProblem(f"{file}/pack.yaml", 1, None, told))


def _finding(bank: Bank, question: str, measure: Measure, told: str, *, excused: bool = False) -> Finding:
    return Finding(measure, BankProblem(*bank.lines[question], question, told), excused)
