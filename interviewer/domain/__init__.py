"""The nouns of the product: frozen values, no behaviour beyond what they can say of themselves. Pure.

Times are aware UTC and end in `_at`; a share or a credit is 0..1; points of a score are whole numbers 0..100.
"""

from interviewer.domain.interviews import (
    Interview,
    InterviewStatus,
    Mode,
    Plan,
    Say,
    SayKind,
    Speaker,
    Turn,
    TurnStatus,
)
from interviewer.domain.marks import (
    AssertedMisconception,
    GraderKind,
    Grading,
    Mark,
    Provenance,
    Purpose,
    Ungraded,
    UngradedReason,
    Verdict,
)
from interviewer.domain.questions import (
    Band,
    Cues,
    Example,
    Level,
    Misconception,
    Pack,
    Point,
    Question,
    QuestionKind,
    Sample,
    Topic,
)

__all__ = [
    "AssertedMisconception",
    "Band",
    "Cues",
    "Example",
    "GraderKind",
    "Grading",
    "Interview",
    "InterviewStatus",
    "Level",
    "Mark",
    "Misconception",
    "Mode",
    "Pack",
    "Plan",
    "Point",
    "Provenance",
    "Purpose",
    "Question",
    "QuestionKind",
    "Sample",
    "Say",
    "SayKind",
    "Speaker",
    "Topic",
    "Turn",
    "TurnStatus",
    "Ungraded",
    "UngradedReason",
    "Verdict",
]
