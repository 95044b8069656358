"""The page on which an interview is aimed at an advert or a CV. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from interviewer.aim import Proposal, Quote, SetAsideWhy
from interviewer.bank import Bank
from interviewer.domain import Level, Mode, UngradedReason
from interviewer.web import words
from interviewer.web.views.start import LENGTHS, Choice, choices

QUOTED_CHARS = 80
_WHY = {
    SetAsideWhy.DENIED: "not asked for",
    SetAsideWhy.ABOUT_THE_COMPANY: "in a part about the company, its offer, or hobbies",
}
_FALLBACK = words.FALLBACK | {
    UngradedReason.UNREADABLE: "What the model replied could not be found in the text.",
    UngradedReason.REFUSAL: "The model declined to read this text.",
    UngradedReason.OVER_BUDGET: "The budget for the model is used up.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteView:
    """Words of the text, in one line; `wished` if what they name is nice to have."""

    text: str
    wished: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareView:
    """A topic with the share (of 100) in its field, and the words that name it."""

    topic: str
    title: str
    share: str
    quotes: tuple[QuoteView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalView:
    """What is proposed, as it can be changed before it is used."""

    pack: str
    pack_title: str
    summary: str
    fallback: str | None
    level_reason: str
    level_quotes: tuple[QuoteView, ...]
    levels: tuple[Choice, ...]
    named: tuple[ShareView, ...]
    """Topics that the text names; `others` are the rest of the pack."""
    others: tuple[ShareView, ...]
    set_aside: tuple[tuple[str, str], ...]
    """Words, and why they do not count."""
    elsewhere: tuple[str, ...]
    lengths: tuple[Choice, ...]
    modes: tuple[Choice, ...]
    adaptive: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AimPage:
    """`aim.html`."""

    text: str
    packs: tuple[Choice, ...]
    """With the choice to leave it to the text; none when there is one pack."""
    asks_model: str | None
    """Name of the model that reads the text, if one does; `offline` keeps the text from it."""
    offline: bool
    proposal: ProposalView | None
    error: str | None


def aim_page(
    bank: Bank,
    *,
    asks_model: str | None,
    offline: bool = False,
    text: str = "",
    pack: str = "",
    proposal: Proposal | None = None,
    chosen: Mapping[str, str] | None = None,
    shares: Mapping[str, str] | None = None,
    error: str | None = None,
) -> AimPage:
    """The page before and after a text was read; `chosen` and `shares` keep what a refused form held."""
    offered = [("", "Find out from the text", ""), *((each.id, each.title, "") for each in bank.packs)]
    return AimPage(
        text=text,
        asks_model=asks_model,
        offline=offline,
        packs=choices(offered, pack) if len(bank.packs) > 1 else (),
        proposal=_proposal(bank, proposal, chosen or {}, shares or {}) if proposal else None,
        error=error,
    )


def _proposal(bank: Bank, proposal: Proposal, chosen: Mapping[str, str], shares: Mapping[str, str]) -> ProposalView:
    pack = bank.pack(proposal.pack)
    title = pack.title if pack else proposal.pack
    topics = [
        ShareView(
            topic=topic.topic,
            title=topic.title,
            share=shares.get(topic.topic, str(round(topic.share * 100))),
            quotes=_quoted(topic.quotes),
        )
        for topic in proposal.topics
    ]
    level = proposal.level
    return ProposalView(
        pack=proposal.pack,
        pack_title=title,
        summary=_summary(proposal, title),
        fallback=f"{_FALLBACK[proposal.fallback]} The text was read by term matching." if proposal.fallback else None,
        level_reason=level.reason,
        level_quotes=_quoted(level.quotes),
        levels=choices(
            ((each, words.LEVEL_TITLE[each], words.LEVEL_EXPECTS[each]) for each in Level),
            chosen.get("level", level.level),
        ),
        named=tuple(view for view in topics if view.quotes),
        others=tuple(view for view in topics if not view.quotes),
        set_aside=tuple((_short(each.quote.text), _WHY[each.why]) for each in proposal.set_aside),
        elsewhere=proposal.elsewhere,
        lengths=choices(
            ((str(count), f"{count} questions", f"about {count * 4} minutes") for count in LENGTHS),
            chosen.get("questions", "6"),
        ),
        modes=choices(
            ((mode, words.MODE_TITLE[mode], expects) for mode, expects in words.MODE_EXPECTS.items()),
            chosen.get("mode", Mode.PRACTICE),
        ),
        adaptive=chosen.get("adaptive", "yes") == "yes",
    )


def _summary(proposal: Proposal, title: str) -> str:
    found = proposal.found
    named = sum(bool(topic.quotes) for topic in proposal.topics)
    if not found:
        return f"Nothing in the text names a topic of {title}, so these are its usual shares. Set them yourself."
    what = ("quote" if proposal.by_model else "term") + ("" if found == 1 else "s")
    topics = "1 topic" if named == 1 else f"{named} topics"
    if proposal.by_model:
        return f"The model read it: {found} {what} on {topics} of {title}, each of them found again in the text."
    return f"Read by term matching: {found} {what} on {topics} of {title}."


def _quoted(quotes: tuple[Quote, ...]) -> tuple[QuoteView, ...]:
    return tuple(QuoteView(text=_short(quote.text), wished=quote.wished) for quote in quotes)


def _short(quote: str) -> str:
    """Words in one line; of long ones the beginning."""
    line = " ".join(quote.split())
    return line if len(line) <= QUOTED_CHARS else f"{line[: QUOTED_CHARS - 1]}…"
