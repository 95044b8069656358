"""Rules, settings and who is asking -> a request goes on, or LimitReached says until when not."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from interviewer.errors import LimitReached
from interviewer.settings import Settings
from interviewer.web.limits.asker import Asker
from interviewer.web.limits.counts import Counts
from interviewer.web.limits.places import Places
from interviewer.web.limits.rules import Kind, Rule
from interviewer.windows import Hit, Used, wait_s

NAME_ADDRESSES = 10
"""A name may be tried from all addresses together so many times as often as from one."""
SIGN_INS_EACH = 2
"""Each person of an address may sign in so often in a quarter of an hour, and not as often as for one name."""


@dataclass(frozen=True, slots=True)
class _Terms:
    """What a kind is called, and the time its limit is for."""

    what: str
    window_s: int
    window: str


_TERMS = {
    Kind.MOVES: _Terms("answers and other moves", 60, "a minute"),
    Kind.DRAFTS: _Terms("drafts", 60, "a minute"),
    Kind.STARTS: _Terms("interviews begun", 3600, "an hour"),
    Kind.SIGN_INS: _Terms("sign-in attempts", 900, "15 minutes"),
    Kind.MODEL: _Terms("requests that may ask the model", 3600, "an hour"),
    Kind.FILES: _Terms("files", 60, "a minute"),
}


@dataclass(frozen=True, slots=True)
class _Counted:
    """A hit, and whose it is in words."""

    hit: Hit
    kind: Kind
    whose: str


class Limiter:
    """Keeps the limits of the settings. `with_model` says whether a model is there to be asked."""

    def __init__(self, settings: Settings, counts: Counts, *, with_model: bool) -> None:
        self._counts = counts
        self._with_model = with_model
        self._people = settings.people_per_address
        self._most = {
            Kind.MOVES: settings.answers_per_minute,
            Kind.DRAFTS: settings.drafts_per_minute,
            Kind.STARTS: settings.starts_per_hour,
            Kind.SIGN_INS: settings.sign_ins_per_quarter_hour,
            Kind.MODEL: settings.model_requests_per_hour,
            Kind.FILES: settings.files_per_minute,
        }
        self.places = Places(settings, with_model=with_model)

    async def take(self, rule: Rule, asker: Asker) -> None:
        """Count a request; a refused one is not counted, for nobody.

        Raises:
            LimitReached: the person or the address has no room for it.
        """
        counted = list(self._counted(rule, asker))
        if not counted:
            return
        hits = [each.hit for each in counted]
        used = await self._counts.used(hits)  # first a look: whoever hammers costs no write
        if not any(map(wait_s, hits, used)) and await self._counts.take(hits):
            return
        raise _refused(counted, await self._counts.used(hits))

    def _counted(self, rule: Rule, asker: Asker) -> Iterator[_Counted]:
        for kind in rule.kinds:
            most = self._most[kind]
            if most == 0 or (kind is Kind.MODEL and not self._with_model):
                continue
            if kind is not Kind.SIGN_INS:
                yield _counted(kind, most, "person", asker.person)
                each = most
            else:
                named = asker.name or asker.person
                yield _counted(kind, most, "name", named, asker.address)
                yield _counted(kind, most * NAME_ADDRESSES, "name", named)
                each = SIGN_INS_EACH
            if self._people:
                yield _counted(kind, each * self._people, "network address", asker.address)


def _counted(kind: Kind, most: int, whose: str, *who: str) -> _Counted:
    digest = hashlib.sha256("\n".join((kind, whose, *who)).encode()).hexdigest()[:32]
    return _Counted(Hit(key=digest, most=most, window_s=_TERMS[kind].window_s), kind, whose)


def _refused(counted: Sequence[_Counted], used: Sequence[Used]) -> LimitReached:
    """Why, by the limit that takes longest to have room again."""
    waits = [wait_s(each.hit, its) for each, its in zip(counted, used, strict=True)]
    longest = max(range(len(waits)), key=waits.__getitem__)
    seconds = math.floor(waits[longest]) + 1
    each, terms = counted[longest], _TERMS[counted[longest].kind]
    return LimitReached(
        f"This server takes at most {each.hit.most:,} {terms.what} within {terms.window} from one {each.whose}. "
        f"You can go on {in_words(seconds)}.",
        retry_after_s=seconds,
    )


def in_words(seconds: int) -> str:
    """When that is: `in 40 seconds`, `in 3 minutes`."""
    if seconds < 120:
        return f"in {seconds} second{'' if seconds == 1 else 's'}"
    return f"in {math.ceil(seconds / 60)} minutes"
