"""A text + a pack -> a proposal, by the terms of the pack's topics. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from interviewer.aim.elsewhere import ELSEWHERE
from interviewer.aim.level import level_of
from interviewer.aim.proposal import Proposal, Quote, SetAside, TopicProposal
from interviewer.aim.set_aside import Aside, aside_of
from interviewer.aim.shares import shares_of
from interviewer.aim.terms import Hit, Terms
from interviewer.aim.words import Word, words_of
from interviewer.domain import Pack

WISHED = 0.5
"""What a term counts that is nice to have."""


def propose(text: str, pack: Pack) -> Proposal:
    """A level and a share for each topic of `pack`, from the terms found in `text` and what stands around them.

    A term counts once however often it is said; said as a wish and as a need, it is a need.
    """
    words, aside = words_of(text), aside_of(text)
    hits = _hits(words, pack)
    counted = {topic: _counted(found, aside) for topic, found in hits.items()}
    evidence = {
        topic: sum(WISHED if is_wished else 1.0 for _, is_wished in found.values()) for topic, found in counted.items()
    }
    shares = shares_of(pack, evidence)
    return Proposal(
        pack=pack.id,
        level=level_of(text, aside),
        topics=tuple(
            TopicProposal(
                topic=topic.id,
                title=topic.title,
                share=shares[topic.id],
                evidence=evidence[topic.id],
                quotes=tuple(
                    quote_at(text, hit.start, hit.end, wished=is_wished)
                    for hit, is_wished in counted[topic.id].values()
                ),
            )
            for topic in pack.topics
        ),
        set_aside=_set_aside(text, [hit for found in hits.values() for hit in found], aside),
        elsewhere=_elsewhere(words, aside),
    )


def best_pack(text: str, packs: Sequence[Pack]) -> Pack:
    """The pack of whose terms the text names most; the first of those that are level."""
    words, aside = words_of(text), aside_of(text)
    return max(
        packs,
        key=lambda pack: len(
            {hit.start for found in _hits(words, pack).values() for hit in found if aside.why_not(hit.start) is None}
        ),
    )


def quote_at(text: str, start: int, end: int, *, wished: bool = False) -> Quote:
    """The words that stand there."""
    return Quote(text=text[start:end], start=start, end=end, wished=wished)


def _hits(words: Sequence[Word], pack: Pack) -> Mapping[str, list[Hit]]:
    return {topic.id: _longest(Terms(topic.terms).find(words)) for topic in pack.topics}


def _longest(hits: Iterable[Hit]) -> list[Hit]:
    """The hits of a topic without those that stand in a longer one."""
    found = sorted(hits, key=lambda hit: (hit.start, -hit.end))
    kept: list[Hit] = []
    for hit in found:
        if not kept or hit.end > kept[-1].end:
            kept.append(hit)
    return kept


def _counted(hits: Sequence[Hit], aside: Aside) -> dict[str, tuple[Hit, bool]]:
    """Term -> where it counts, and whether only as a wish."""
    found: dict[str, tuple[Hit, bool]] = {}
    for hit in hits:
        if aside.why_not(hit.start) is not None:
            continue
        is_wished = aside.is_wished(hit.start)
        if hit.term not in found or (found[hit.term][1] and not is_wished):
            found[hit.term] = (hit, is_wished)
    return found


def _set_aside(text: str, hits: Sequence[Hit], aside: Aside) -> tuple[SetAside, ...]:
    """What does not count where it stands; each place once."""
    found = {hit.start: (hit, why) for hit in hits if (why := aside.why_not(hit.start)) is not None}
    return tuple(SetAside(quote=quote_at(text, hit.start, hit.end), why=why) for _, (hit, why) in sorted(found.items()))


def _elsewhere(words: Sequence[Word], aside: Aside) -> tuple[str, ...]:
    hits = (hit for hit in Terms(tuple(ELSEWHERE)).find(words) if aside.why_not(hit.start) is None)
    return tuple(dict.fromkeys(ELSEWHERE[hit.term] for hit in hits))
