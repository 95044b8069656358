"""The session engine: whose turn it is and what may happen next. Pure.

Every function takes an Interview and gives a new one, or raises because the move is not allowed now. Clock and
questions are arguments. Says and gradings are only ever added.
"""

from interviewer.engine.choosing import choose, deadline, flag, hand_in, is_overdue, shown_options
from interviewer.engine.climbing import level_now
from interviewer.engine.moves import (
    COMPLETE_FROM,
    MAX_PROBES,
    answer,
    finish,
    grade,
    hint,
    may_probe,
    probe_point,
    remark,
    request,
    skip,
    start,
)
from interviewer.engine.state import Questions, feedback_due, is_being_sat, moved_since, turn_of
from interviewer.engine.texts import CleanAnswer, clean_answer, clean_draft

__all__ = [
    "COMPLETE_FROM",
    "MAX_PROBES",
    "CleanAnswer",
    "Questions",
    "answer",
    "choose",
    "clean_answer",
    "clean_draft",
    "deadline",
    "feedback_due",
    "finish",
    "flag",
    "grade",
    "hand_in",
    "hint",
    "is_being_sat",
    "is_overdue",
    "level_now",
    "may_probe",
    "moved_since",
    "probe_point",
    "remark",
    "request",
    "shown_options",
    "skip",
    "start",
    "turn_of",
]
