"""The JSON of the API: shapes in, shapes out."""

from interviewer.web.shapes.bodies import NewAnswer, NewDraft, NewInterview, Regrade, TurnChoice
from interviewer.web.shapes.replies import (
    AssertedShape,
    GradingShape,
    InterviewShape,
    MarkShape,
    QuestionShape,
    SayShape,
    TurnShape,
)

__all__ = [
    "AssertedShape",
    "GradingShape",
    "InterviewShape",
    "MarkShape",
    "NewAnswer",
    "NewDraft",
    "NewInterview",
    "QuestionShape",
    "Regrade",
    "SayShape",
    "TurnChoice",
    "TurnShape",
]
