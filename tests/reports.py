"""Interviews that are over, as values, for tests of what is made of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from interviewer.bank import Bank
from interviewer.domain import (
    GraderKind,
    Interview,
    InterviewStatus,
    Level,
    Misconception,
    Mode,
    Option,
    Pack,
    Plan,
    Point,
    Question,
    QuestionKind,
    Say,
    SayKind,
    Speaker,
    Topic,
    Turn,
    TurnStatus,
)
from interviewer.grading.key import by_key
from interviewer.report import Report, report
from tests.builders import T0, a_grading, a_question, at

TITLES = {"basics": "Basics", "testing": "Testing"}


def says(*said: tuple[SayKind, str, int], chosen: tuple[str, ...] = ()) -> tuple[Say, ...]:
    """Things said, each with its second."""
    mine = (SayKind.ANSWER, SayKind.REQUEST)
    return tuple(
        Say(
            who=Speaker.CANDIDATE if kind in mine else Speaker.INTERVIEWER,
            kind=kind,
            text=text,
            at=at(second),
            point="p1" if kind is SayKind.PROBE else None,
            chosen=chosen if kind is SayKind.ANSWER else (),
        )
        for kind, text, second in said
    )


def marked(
    number: int,
    question: Question,
    credits: Mapping[str, float],
    *,
    by: GraderKind = GraderKind.FUZZY,
    said: Sequence[Say] = (),
) -> Turn:
    """A graded turn."""
    grading = a_grading(question, credits)
    made = replace(grading.provenance, grader=by, model="m-1" if by is GraderKind.LLM else None)
    asked = (SayKind.QUESTION, question.ask, 60 * number)
    return Turn(
        number=number,
        question=question.id,
        status=TurnStatus.GRADED,
        says=tuple(said) or says(asked, (SayKind.ANSWER, "One two three.", 60 * number + 30)),
        gradings=(replace(grading, provenance=made),),
    )


def left(number: int, question: Question, status: TurnStatus = TurnStatus.SKIPPED) -> Turn:
    """A turn without a grading."""
    asked = says((SayKind.QUESTION, question.ask, 60 * number))
    return Turn(number=number, question=question.id, status=status, says=asked)


def over(turns: Sequence[Turn], *, plan: Plan | None = None, status: InterviewStatus | None = None) -> Interview:
    """An interview of these turns, finished after ten minutes unless told otherwise."""
    plan = plan or Plan(pack="pack", level=Level.MID)
    status = status or InterviewStatus.FINISHED
    return Interview(
        id="i1",
        owner="alice",
        plan=replace(plan, questions=max(plan.questions, len(turns)) if status is InterviewStatus.OPEN else len(turns)),
        status=status,
        created_at=T0,
        turns=tuple(turns),
        queue=(),
        finished_at=at(600) if status is InterviewStatus.FINISHED else None,
    )


def reported(interview: Interview, *questions: Question) -> Report:
    """The report of an interview over these questions."""
    return report(interview, {question.id: question for question in questions}.get, TITLES)


def a_bank(*questions: Question) -> Bank:
    """A bank that holds these questions."""
    topics = tuple(Topic(id=topic, title=title, share=0.5) for topic, title in TITLES.items())
    pack = Pack(id="pack", title="A pack", topics=topics, questions=questions)
    return Bank(packs=(pack,), questions=questions, revision="test", lines={})


def a_choice(question_id: str = "c1", *, topic: str = "testing") -> Question:
    """A choice question with two right options of four."""
    options = tuple(
        Option(id=letter, text=f"Option {letter}", correct=letter in "ab", why=f"Because of {letter}.")
        for letter in "abcd"
    )
    return replace(
        a_question(question_id, topic=topic),
        kind=QuestionKind.CHOICE,
        points=tuple(Point(id=o.id, says=o.text, weight=1, cues=()) for o in options if o.correct),
        misconceptions=tuple(
            Misconception(id=o.id, says=o.text, cues=(), penalty=50, fix=o.why) for o in options if not o.correct
        ),
        options=options,
    )


def chosen(number: int, question: Question, *ids: str) -> Turn:
    """A choice question answered, and marked by its right options."""
    text = "\n".join(option.text for option in question.options if option.id in ids)
    said = says((SayKind.QUESTION, question.ask, 0), (SayKind.ANSWER, text, 60 * number), chosen=ids)
    grading = by_key(question, ids, bank="test", graded_at=T0)
    return Turn(number=number, question=question.id, status=TurnStatus.GRADED, says=said, gradings=(grading,))


def an_exam(*turns: Turn, pass_mark: int | None = 70) -> Interview:
    """A practice exam that is over."""
    return over(turns, plan=Plan(pack="pack", level=Level.MID, mode=Mode.EXAM, minutes=30, pass_mark=pass_mark))
