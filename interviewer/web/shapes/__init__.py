"""The JSON of the API: shapes in, shapes out."""

from interviewer.web.shapes.bodies import (
    NewAnswer,
    NewChoice,
    NewDispute,
    NewDraft,
    NewFlag,
    NewInterview,
    Regrade,
    TurnChoice,
)
from interviewer.web.shapes.disputes import DecisionShape, DisputeShape
from interviewer.web.shapes.replies import (
    AssertedShape,
    GradingShape,
    InterviewShape,
    MarkShape,
    QuestionShape,
    SayShape,
    TurnShape,
)
from interviewer.web.shapes.shares import ShareShape
from interviewer.web.shapes.usage import CallShape, UsageShape

__all__ = [
    "AssertedShape",
    "CallShape",
    "DecisionShape",
    "DisputeShape",
    "GradingShape",
    "InterviewShape",
    "MarkShape",
    "NewAnswer",
    "NewChoice",
    "NewDispute",
    "NewDraft",
    "NewFlag",
    "NewInterview",
    "QuestionShape",
    "Regrade",
    "SayShape",
    "ShareShape",
    "TurnChoice",
    "TurnShape",
    "UsageShape",
]
