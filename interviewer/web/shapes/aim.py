"""A proposal as JSON."""

from __future__ import annotations

from pydantic import BaseModel

from interviewer.aim import Proposal, Quote, SetAsideWhy
from interviewer.domain import Level, UngradedReason


class QuoteShape(BaseModel):
    """Words of the text that was sent, at `start`..`end` (characters from 0, `end` not included).

    `wished`: what they name is nice to have.
    """

    text: str
    start: int
    end: int
    wished: bool

    @classmethod
    def of(cls, quote: Quote) -> QuoteShape:
        """The shape of a quote."""
        return cls(text=quote.text, start=quote.start, end=quote.end, wished=quote.wished)


class AimedLevel(BaseModel):
    """The proposed level, why, and the words it rests on."""

    level: Level
    reason: str
    quotes: list[QuoteShape]


class AimedTopic(BaseModel):
    """A topic with its proposed share (0..1) and the words that name it; those with a share fit `blueprint`."""

    topic: str
    title: str
    share: float
    quotes: list[QuoteShape]


class AimedAside(BaseModel):
    """Words that name a topic and do not count."""

    quote: QuoteShape
    why: SetAsideWhy


class ProposalShape(BaseModel):
    """Level and topics for a text. `by` says who read it, `fallback` why it was not the model where there is one."""

    pack: str
    by: str
    fallback: UngradedReason | None
    level: AimedLevel
    topics: list[AimedTopic]
    found: int
    set_aside: list[AimedAside]
    elsewhere: list[str]

    @classmethod
    def of(cls, proposal: Proposal) -> ProposalShape:
        """The shape of a proposal."""
        level = proposal.level
        return cls(
            pack=proposal.pack,
            by="model" if proposal.by_model else "terms",
            fallback=proposal.fallback,
            level=AimedLevel(level=level.level, reason=level.reason, quotes=_quotes(level.quotes)),
            topics=[
                AimedTopic(topic=topic.topic, title=topic.title, share=topic.share, quotes=_quotes(topic.quotes))
                for topic in proposal.topics
            ],
            found=proposal.found,
            set_aside=[AimedAside(quote=QuoteShape.of(each.quote), why=each.why) for each in proposal.set_aside],
            elsewhere=list(proposal.elsewhere),
        )


def _quotes(quotes: tuple[Quote, ...]) -> list[QuoteShape]:
    return [QuoteShape.of(quote) for quote in quotes]
