"""What is proposed from a text, and why: values. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from interviewer.domain import Level, UngradedReason


class SetAsideWhy(StrEnum):
    """Why words that name a topic do not count."""

    DENIED = "denied"
    ABOUT_THE_COMPANY = "about_the_company"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Words of the text: `text` stands at `start`..`end` (characters) of it, as it is written there.

    `wished`: what they name is nice to have.
    """

    text: str
    start: int
    end: int
    wished: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelProposal:
    """A level with the reason in a sentence and the words it rests on, if any."""

    level: Level
    reason: str
    quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicProposal:
    """A topic's share (0..1; those of a proposal add up to 1) and the words that name it, each term once.

    `evidence` is what these words come to: 1 for a term, 0.5 for one that is only wished for.
    """

    topic: str
    title: str
    share: float
    evidence: float = 0.0
    quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """Words that name a topic and do not count."""

    quote: Quote
    why: SetAsideWhy


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A level and a share for every topic of a pack, in the pack's order.

    `elsewhere` are technologies that the text names and the pack does not ask about. `by_model` says who read the
    text, `fallback` why it was not the model when there is one; UNREADABLE also stands for quotes that are not there.
    """

    pack: str
    level: LevelProposal
    topics: tuple[TopicProposal, ...]
    set_aside: tuple[SetAside, ...] = ()
    elsewhere: tuple[str, ...] = ()
    by_model: bool = False
    fallback: UngradedReason | None = None

    @property
    def found(self) -> int:
        """How many terms, or quotes of a model, the shares rest on."""
        return sum(len(topic.quotes) for topic in self.topics)
