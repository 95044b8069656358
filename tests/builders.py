"""Small domain values for tests of the pure core."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from interviewer import engine
from interviewer.domain import (
    GraderKind,
    Grading,
    Interview,
    Level,
    Mark,
    Misconception,
    Mode,
    Pack,
    Plan,
    Point,
    Provenance,
    Question,
    QuestionKind,
    Topic,
    Verdict,
)
from interviewer.grading.assemble import assemble

T0 = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def at(seconds: int) -> datetime:
    """A moment `seconds` after the start of the test's world."""
    return T0 + timedelta(seconds=seconds)


def a_question(
    question_id: str = "q1", *, level: Level = Level.MID, topic: str = "basics", points: int = 3, probes: bool = True
) -> Question:
    """A question whose points are worth 1, 2, 3, …"""
    return Question(
        id=question_id,
        pack="pack",
        kind=QuestionKind.OPEN,
        level=level,
        topic=topic,
        ask=f"What is {question_id}?",
        reference="It is alpha one. It is beta two. It is gamma three.",
        points=tuple(
            Point(
                id=f"p{number}",
                says=f"Point {number} of {question_id}",
                weight=number,
                cues=((f"word{number}",), (f"term{number}",)),
                probe=f"And point {number}?" if probes else None,
            )
            for number in range(1, points + 1)
        ),
        misconceptions=(
            Misconception(id="m1", says="It is wrong", cues=(("wrongly",),), penalty=20, fix="It is right."),
        ),
        hints=("A nudge.", "A push."),
        takeaway="Remember it.",
        samples=(),
        sources=("https://example.org/docs",),
    )


def a_pack(levels: int = 4, topics: tuple[str, ...] = ("basics", "database", "testing")) -> Pack:
    """`levels` questions for each level and topic."""
    return Pack(
        id="pack",
        title="A pack",
        topics=tuple(Topic(id=topic, title=topic.title(), share=1 / len(topics)) for topic in topics),
        questions=tuple(
            a_question(f"{topic}-{level}-{number}", level=level, topic=topic)
            for topic in topics
            for level in Level
            for number in range(levels)
        ),
    )


def a_grading(question: Question, credits: Mapping[str, float], *, said: int = 0) -> Grading:
    """A grading with these credits; points not named are missed."""
    return assemble(
        [a_mark(question, number, credits.get(point.id, 0.0), said) for number, point in enumerate(question.points)],
        (),
        provenance=Provenance(grader=GraderKind.FUZZY, bank="test", milliseconds=1),
        graded_at=T0,
    )


def a_mark(question: Question, number: int, credit: float, said: int = 0) -> Mark:
    """A mark of a question's point with a credit."""
    point = question.points[number]
    verdict = Verdict.MET if credit >= 0.75 else Verdict.PARTLY if credit >= 0.35 else Verdict.MISSED
    return Mark(point=point.id, says=point.says, weight=point.weight, verdict=verdict, credit=credit, said=said)


def an_interview(questions: list[Question], *, mode: Mode = Mode.PRACTICE) -> Interview:
    """An interview over these questions, the first of them asked."""
    by_id = {question.id: question for question in questions}
    return engine.start(
        Plan(level=Level.MID, mode=mode, questions=len(questions), pack="pack"),
        tuple((question_id,) for question_id in by_id),
        interview_id="i1",
        owner="alice",
        questions=by_id.get,
        now=T0,
    )
