"""Interview + bank -> report and study plan. Pure."""

from interviewer.report.figures import FILLERS, LIKE, SOFTENERS, Span, TalkFigures, TurnFigures
from interviewer.report.making import report
from interviewer.report.results import (
    ExamResult,
    GraderResult,
    LevelResult,
    LevelStep,
    Missed,
    OptionResult,
    Report,
    StudyItem,
    TopicResult,
    TurnResult,
)

__all__ = [
    "FILLERS",
    "LIKE",
    "SOFTENERS",
    "ExamResult",
    "GraderResult",
    "LevelResult",
    "LevelStep",
    "Missed",
    "OptionResult",
    "Report",
    "Span",
    "StudyItem",
    "TalkFigures",
    "TopicResult",
    "TurnFigures",
    "TurnResult",
    "report",
]
