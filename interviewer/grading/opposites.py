"""Words that a right answer and its opposite differ in. Pure.

A statement is not said where its word is replaced by the opposite: "before" for "after", "server" for "client".
"""

from __future__ import annotations

from collections.abc import Mapping

from interviewer.grading.words import stem

_PAIRS = """
    after/before above/below accept/reject add/remove allow/forbid allow/deny allowed/refused always/never
    asynchronous/synchronous async/sync allow/prevent automatic/manual automatically/manually available/unavailable
    bigger/smaller blocking/nonblocking cheap/expensive cheap/costly child/parent client/server close/open
    cold/warm common/rare compile/interpret concurrent/sequential connect/disconnect constant/variable create/destroy
    decode/encode decrease/increase decrypt/encrypt deny/permit dependent/independent deserialise/serialise
    deserialize/serialize different/equal different/same disable/enable disabled/enabled downstream/upstream
    dynamic/static each/shared eager/lazy earlier/later earliest/latest easy/hard empty/full enter/exit even/odd
    exclude/include expired/valid explicit/implicit explicitly/implicitly external/internal fail/succeed failure/success
    false/true fast/slow faster/slower fewer/more fewest/most finish/start first/last fixed/random forbid/permit
    forward/backward forward/reverse global/local greater/less hidden/visible high/low higher/lower highest/lowest
    ignore/respect immutable/mutable incoming/outgoing inbound/outbound innermost/outermost inner/outer input/output
    inside/outside invalid/valid known/unknown large/small larger/smaller largest/smallest left/right less/more
    limited/unlimited lock/unlock long/short longer/shorter lose/keep major/minor mandatory/optional many/one
    maximum/minimum max/min multiple/single near/far negative/positive nested/flat never/sometimes newer/older
    optional/required ordered/unordered parallel/serial parallel/sequential parse/serialise parse/serialize
    per-process/shared persistent/temporary private/public private/shared pull/push raise/swallow read/write
    readable/unreadable receive/send receiver/sender refuse/accept relative/absolute reliable/unreliable rise/fall
    safe/unsafe secure/insecure separate/shared shared/own sign/encrypt simple/complex slow/quick slower/quicker
    sorted/unsorted stateful/stateless stop/start strict/lax strong/weak subtract/add subclass/superclass
    top/bottom trusted/untrusted typed/untyped unique/duplicate unlike/like unnecessary/necessary unsigned/signed
    up/down used/unused verified/unverified visible/invisible wrap/unwrap
"""


def _opposites() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for pair in _PAIRS.split():
        one, other = (stem(word.replace("-", "")) for word in pair.split("/"))
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return {word: frozenset(others) for word, others in found.items()}


OPPOSITES = _opposites()
"""Stem -> stems of its opposites."""
