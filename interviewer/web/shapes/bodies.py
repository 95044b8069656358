"""The JSON that comes in. Unknown fields are refused."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictFloat, StrictInt

from interviewer.domain import Level, Mode, QuestionKind, Tone
from interviewer.picker import MAX_QUESTIONS


class Body(BaseModel):
    """What is sent: only the fields that are known."""

    model_config = ConfigDict(extra="forbid")


class NewTopicShare(Body):
    """A topic of a blueprint of one's own, with its share relative to the others."""

    topic: str
    share: StrictFloat = Field(gt=0, le=1000)


class NewInterview(Body):
    """What a candidate asks for."""

    level: Level
    mode: Mode = Mode.PRACTICE
    topics: list[str] = []
    blueprint: list[NewTopicShare] = Field(
        default=[], max_length=100, description="Instead of the pack's own, as `POST /api/aim` proposes one."
    )
    questions: StrictInt | None = Field(
        default=None, ge=1, le=MAX_QUESTIONS, description="Without it 6, 5 in a check, in an exam as its pack has it."
    )
    kinds: list[QuestionKind] = []
    seed: StrictInt | None = Field(default=None, ge=0, lt=2**53)
    pack: str | None = Field(default=None, description="A subject by its id; without one, the first of the bank.")
    tone: Tone = Tone.NEUTRAL
    adaptive: StrictBool | None = Field(default=None, description="The level follows the answers, as in practice.")
    language: str = Field(default="", description="Of the interviewer, by its English name; needs a model.")


class NewAnswer(Body):
    """An answer to the open turn; `says_seen` guards against answering what another tab was asked."""

    turn: StrictInt
    text: str
    says_seen: StrictInt | None = None


class NewChoice(Body):
    """The options that stand chosen from now on, by their ids."""

    turn: StrictInt
    chosen: list[str] = Field(max_length=100)


class NewFlag(Body):
    """Whether to come back to a question of an exam."""

    turn: StrictInt
    flagged: StrictBool


class NewDraft(Body):
    """An unsent text; an older `sequence` is ignored."""

    turn: StrictInt
    text: str
    sequence: StrictInt = Field(ge=0, lt=2**53)


class NewDispute(Body):
    """An objection to the mark on a point, or to a misconception that was taken for asserted."""

    turn: StrictInt
    point: str
    comment: str


class TurnChoice(Body):
    """Which turn a move is for."""

    turn: StrictInt


class Regrade(Body):
    """Which turn to mark again; without one, whatever awaits its grade."""

    turn: StrictInt | None = None


class NewAim(Body):
    """A job advert or a CV; without a pack, the one that fits best is taken."""

    text: str
    pack: str | None = None
    offline: StrictBool = Field(default=False, description="Match terms only, and send nothing to the model.")
