"""One turn end to end: the only place where bank, engine, grader and store meet.

An answer is saved before anything slow happens; no transaction is open and no lock is held while a grader works.
A process killed anywhere leaves either nothing or an answer without a grading, and `pick_up` finds those.
"""

from interviewer.conductor.conductor import Conductor
from interviewer.conductor.parts import Answered, Grader, Parts

__all__ = ["Answered", "Conductor", "Grader", "Parts"]
