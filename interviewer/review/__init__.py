"""What comes back and when: a candidate's gradings -> points in review -> the questions that ask them again. Pure.

Nothing of this is stored. The state of every point is folded from the history each time, so a turn that is marked
again, a mark that a person decides otherwise, or an interview that is deleted is followed by itself.
"""

from interviewer.review.drawing import draw, holders
from interviewer.review.fold import InReview, due_on, fold
from interviewer.review.seen import Seen, seen_in

__all__ = ["InReview", "Seen", "draw", "due_on", "fold", "holders", "seen_in"]
