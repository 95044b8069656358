"""A text + a pack -> a proposal by a model's reading, every quote of which is looked up in the text.

What is not there is dropped, and so are words that our rules take for a denial. Where the model fails, is slow, over
its budget or left alone, or where no quote stands in the text, the offline proposal is given and says why.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from interviewer.aim.offline import quote_at
from interviewer.aim.proposal import LevelProposal, Proposal, Quote, SetAsideWhy
from interviewer.aim.set_aside import aside_of
from interviewer.aim.shares import shares_of
from interviewer.domain import Level, Pack, UngradedReason
from interviewer.errors import ModelError
from interviewer.grading.evidence import find_quote
from interviewer.grading.fence import defuse
from interviewer.llm import ChatModel, Message
from interviewer.prompts import Prompts

log = logging.getLogger(__name__)

SCHEMA_NAME = "aim"
TIMEOUT_S = 20.0
"""The longest somebody waits for a proposal."""
EVIDENCE = {1: 0.5, 2: 1.0, 3: 2.0}
"""What a quote of each weight counts, in terms."""
WISHED_WEIGHT = 1
_Schema = Mapping[str, object]


class _Named(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    topic: str
    quote: str
    weight: Literal[1, 2, 3]


class _Reply(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    topics: tuple[_Named, ...]
    level: Level
    level_quote: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelAim:
    """Reads texts with the help of `model`.

    `may_ask` says whether a model should be asked now, `boundary` gives a fresh random word for each fence.
    """

    model: ChatModel
    prompts: Prompts
    may_ask: Callable[[], bool]
    boundary: Callable[[], str]
    timeout_s: float = TIMEOUT_S

    async def propose(self, text: str, pack: Pack, offline: Proposal) -> Proposal:
        """The model's proposal, or `offline` with the reason why it is not the model's. It never raises."""
        if not self.may_ask():
            return replace(offline, fallback=UngradedReason.PAUSED)
        try:
            reply = await self._ask(text, pack)
        except ModelError as error:
            reason = error.reason
        except TimeoutError:
            reason = UngradedReason.TIMED_OUT
        except Exception:
            log.exception("an advert was not read by the model")
            reason = UngradedReason.BROKEN
        else:
            return await asyncio.to_thread(checked, reply, text, pack, offline)
        log.info("an advert was not read by the model", extra={"reason": reason.value})
        return replace(offline, fallback=reason)

    async def _ask(self, text: str, pack: Pack) -> _Reply:
        boundary = self.boundary()
        system = self.prompts["aim"].render(topics=pack.topics)
        fenced = self.prompts["talk-texts"].render(boundary=boundary, texts=[defuse(text, boundary)])
        timeout_s = min(self.timeout_s, TIMEOUT_S)
        async with asyncio.timeout(timeout_s):
            said = await self.model.complete(
                (Message("system", system), Message("user", fenced)),
                schema_name=SCHEMA_NAME,
                schema=_schema(pack),
                timeout_s=timeout_s,
            )
        return _parsed(said.text)


def checked(reply: _Reply, text: str, pack: Pack, offline: Proposal) -> Proposal:
    """What of a model's reply stands in the text, as a proposal; `offline` when nothing does."""
    aside = aside_of(text)
    quotes: dict[str, dict[int, Quote]] = defaultdict(dict)
    evidence: dict[str, float] = defaultdict(float)
    known = {topic.id for topic in pack.topics}
    for named in reply.topics:
        quote = _found(named.quote, text) if named.topic in known else None
        if quote is None or quote.start in quotes[named.topic] or aside.why_not(quote.start) is SetAsideWhy.DENIED:
            continue
        quotes[named.topic][quote.start] = replace(quote, wished=named.weight == WISHED_WEIGHT)
        evidence[named.topic] += EVIDENCE[named.weight]
    if not evidence:
        nothing_to_find = not reply.topics and not offline.found
        return replace(offline, fallback=None if nothing_to_find else UngradedReason.UNREADABLE)
    shares = shares_of(pack, evidence)
    return replace(
        offline,
        level=_level(reply, text, offline),
        topics=tuple(
            replace(
                topic,
                share=shares[topic.topic],
                evidence=evidence.get(topic.topic, 0.0),
                quotes=tuple(quotes[topic.topic].values()),
            )
            for topic in offline.topics
        ),
        by_model=True,
    )


def _level(reply: _Reply, text: str, offline: Proposal) -> LevelProposal:
    quote = _found(reply.level_quote, text)
    if quote is None:
        return offline.level
    return LevelProposal(level=reply.level, reason=f"The model reads {reply.level} from these words.", quotes=(quote,))


def _found(quote: str, text: str) -> Quote | None:
    found = find_quote(quote, (text,))
    return quote_at(text, found.start, found.end) if found else None


def _parsed(said: str) -> _Reply:
    body = said.rpartition("</think>")[2]
    try:
        return _Reply.model_validate_json(body[body.find("{") : body.rfind("}") + 1])
    except ValidationError:
        raise ModelError(UngradedReason.UNREADABLE, "It is not one JSON object of the form asked for.") from None


def _schema(pack: Pack) -> _Schema:
    """JSON schema of a reply, in the strict subset of `response_format`."""
    text: _Schema = {"type": "string"}
    named = _object(
        topic={"type": "string", "enum": [topic.id for topic in pack.topics]},
        quote=text,
        weight={"type": "integer", "enum": list(EVIDENCE)},
    )
    return _object(
        topics={"type": "array", "items": named},
        level={"type": "string", "enum": [level.value for level in Level]},
        level_quote=text,
    )


def _object(**properties: _Schema) -> _Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
