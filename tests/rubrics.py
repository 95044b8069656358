"""A question with sentences alone, for tests of what marks without cues; and the offline score of a text."""

from __future__ import annotations

from interviewer.domain import Level, Misconception, Point, Question, QuestionKind
from interviewer.grading import fuzzy
from interviewer.grading.ablation import sentences_of
from interviewer.scoring import answer_score

QUESTION = Question(
    id="validation",
    pack="fastapi",
    kind=QuestionKind.OPEN,
    level=Level.MID,
    topic="request-data",
    ask="What happens when a client sends a body that does not fit the model of an endpoint?",
    reference=(
        "FastAPI validates the body with Pydantic before the handler is called, so the handler never runs. "
        "The client receives a 422 with a list of all errors, each with its location and message. "
        "Fields without a default are required; fields with a default are optional. "
        "An exception handler for RequestValidationError can change the shape of that reply."
    ),
    points=(
        Point(
            id="validated-first",
            says="The body is validated by Pydantic before the handler runs",
            weight=3,
            cues=(("validate", "validates", "pydantic"), ("before", "first"), ("handler", "function")),
        ),
        Point(
            id="status-422",
            says="The client receives status 422 with a list of the errors and their locations",
            weight=3,
            cues=(("422",), ("error", "location", "list")),
        ),
        Point(
            id="default-optional",
            says="A field without a default is required, one with a default is optional",
            weight=2,
            cues=(("required", "mandatory"), ("default",)),
        ),
        Point(
            id="own-handler",
            says="An exception handler for RequestValidationError can change the reply",
            weight=1,
            cues=(("exception handler", "RequestValidationError"), ("change", "customise", "shape")),
        ),
    ),
    misconceptions=(
        Misconception(
            id="server-error",
            says="An invalid body raises an exception inside the handler and ends as a 500 Internal Server Error",
            cues=(("handler",), ("500", "crash")),
            penalty=20,
            fix="The handler is never called; the reply is a 422.",
        ),
    ),
    hints=(),
    takeaway="",
    samples=(),
    sources=(),
)


SENTENCES = sentences_of(QUESTION)


def score(question: Question, *answers: str) -> int:
    """Score 0..100 by the offline grader, no rule asked before it."""
    found = fuzzy.mark(question, answers)
    return answer_score(found.marks, found.misconceptions)
