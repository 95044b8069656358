"""A statement of the rubric, as a sentence -> how much of it a text says, and where. Pure.

For points and misconceptions without cues. Words are weighed by how much they tell. A word counts where it is said,
with a typing slip, or by one near it in meaning; it counts half where only one side denies it, and not at all beside
its opposite.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz import fuzz

from interviewer.grading.polarity import negated_at
from interviewer.grading.reading import Reading
from interviewer.grading.related import rarity
from interviewer.grading.words import MUTE_WORDS, tokenize

FEWEST_WORDS = 2
"""A statement with fewer words of its own than this keeps those of the question."""
ASKED_SHARE = 0.4
"""What a word of the question weighs beside the statement's own."""
SHARED_SHARE = 0.5
"""How much less a word weighs for each other statement of the rubric that has it: it does not tell them apart."""
DENIED_SHARE = 0.5
"""What a word counts that is denied on one side only."""


@dataclass(frozen=True, slots=True)
class Target:
    """A word of a statement; `own` if the question does not have it, `denied` if the statement denies it."""

    word: str
    stem: str
    weight: float
    own: bool
    denied: bool


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence made ready to be looked for; the masses are sums of weights."""

    targets: tuple[Target, ...]
    stems: str
    mass: float
    own_mass: float


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much of a statement a text says, by five measures of 0..1, and the tokens `first`..`last` that say it best.

    `recall`: share of the statement's own words, by weight, heard anywhere, less those whose opposite stands there;
    `squared`: the same, each likeness squared; `token_set`: rapidfuzz's token set ratio of the stems; `window`:
    harmonic mean of recall and precision in the one or two sentences where it is highest; `close`: highest share in
    one sentence.
    """

    recall: float = 0.0
    squared: float = 0.0
    token_set: float = 0.0
    window: float = 0.0
    close: float = 0.0
    first: int = 0
    last: int = 0


@dataclass(frozen=True, slots=True)
class _Best:
    like: float = 0.0
    at: int = 0


_Found = Mapping[int, _Best]
"""Sentence -> where a target is heard best in it."""


def statement(says: str, asked: frozenset[str], shared: Mapping[str, int]) -> Statement:
    """Make a sentence ready: `asked` are the question's stems, `shared` counts other statements that have a stem."""
    tokens = tokenize(says)
    first: dict[str, int] = {}
    for at, token in enumerate(tokens):
        if token.word not in MUTE_WORDS:
            first.setdefault(token.stem, at)
    first = first or {token.stem: at for at, token in enumerate(tokens)}
    own = {stem for stem in first if stem not in asked}
    if len(own) < FEWEST_WORDS:
        own = set(first)
    targets = tuple(
        Target(
            word=tokens[at].word,
            stem=stem,
            weight=rarity(stem) / (1 + SHARED_SHARE * shared.get(stem, 0)) * (1.0 if stem in own else ASKED_SHARE),
            own=stem in own,
            denied=negated_at(tokens, at),
        )
        for stem, at in first.items()
    )
    return Statement(
        targets=targets,
        stems=" ".join(first),
        mass=sum(target.weight for target in targets),
        own_mass=sum(target.weight for target in targets if target.own),
    )


def compare(said: Statement, text: Reading, *, denied_share: float = DENIED_SHARE) -> Likeness:
    """How much of a statement a text says; nothing of an empty one."""
    if not text.content or not said.own_mass:
        return Likeness()
    found = [_find(target, text, denied_share) for target in said.targets]
    heard = [max((best.like for best in places.values()), default=0.0) for places in found]
    own = [(target.weight, like) for target, like in zip(said.targets, heard, strict=True) if target.own]
    opposed = sum(
        target.weight
        for target, like in zip(said.targets, heard, strict=True)
        if target.own and like < 1 and any(True for _ in _opposed_in(target, text))
    )
    left = 1 - opposed / said.own_mass
    window, first, last = _window(said, text, found)
    return Likeness(
        recall=left * sum(weight * like for weight, like in own) / said.own_mass,
        squared=left * sum(weight * like * like for weight, like in own) / said.own_mass,
        token_set=fuzz.token_set_ratio(said.stems, text.stems) / 100,
        window=window,
        close=max(_recall(said, found, (sentence,), own_only=True) for sentence in text.sentences),
        first=first,
        last=last,
    )


def share_by_sentence(said: Statement, text: Reading) -> Mapping[int, float]:
    """Sentence -> share of the statement's own words, by weight, that it says and does not deny (or denies alike)."""
    if not said.own_mass:
        return {}
    found = [_find(target, text, 0.0) for target in said.targets]
    return {sentence: _recall(said, found, (sentence,), own_only=True) for sentence in text.sentences}


def _find(target: Target, text: Reading, denied_share: float) -> _Found:
    opposed = frozenset(_opposed_in(target, text))
    found: dict[int, _Best] = {}
    for at, nearness in text.near(target.word, target.stem).items():
        sentence = text.tokens[at].sentence
        like = nearness
        if target.own and negated_at(text.tokens, at) != target.denied:
            like *= denied_share
        if sentence in opposed and nearness < 1:
            continue
        if like > found.get(sentence, _Best()).like:
            found[sentence] = _Best(like, at)
    return found


def _opposed_in(target: Target, text: Reading) -> Iterator[int]:
    """Sentences that say the opposite of a target: its opposite as it stands, or the word itself denied."""
    for at in text.against(target.word, target.stem):
        if negated_at(text.tokens, at) == target.denied:
            yield text.tokens[at].sentence


def _recall(said: Statement, found: Sequence[_Found], sentences: tuple[int, ...], *, own_only: bool = False) -> float:
    """Share of the statement, by weight, heard in these sentences."""
    pairs = zip(said.targets, found, strict=True)
    heard = sum(
        target.weight * max(places[n].like if n in places else 0.0 for n in sentences)
        for target, places in pairs
        if target.own or not own_only
    )
    return heard / (said.own_mass if own_only else said.mass)


def _window(said: Statement, text: Reading, found: Sequence[_Found]) -> tuple[float, int, int]:
    """Best harmonic mean of recall and precision over runs of one or two sentences, with its first and last token."""
    mass: dict[int, float] = {}
    hit: dict[int, float] = {}
    near: dict[int, float] = {}
    for target in said.targets:
        for at, like in text.near(target.word, target.stem).items():
            near[at] = max(near.get(at, 0.0), like)
    for at, token in text.content:
        weight = rarity(token.stem)
        mass[token.sentence] = mass.get(token.sentence, 0.0) + weight
        hit[token.sentence] = hit.get(token.sentence, 0.0) + weight * near.get(at, 0.0)
    best, first, last = 0.0, 0, 0
    singles: list[tuple[int, ...]] = [(sentence,) for sentence in text.sentences]
    for run in (*singles, *((one, other) for one, other in pairwise(text.sentences) if other == one + 1)):
        recall = _recall(said, found, run)
        precision = sum(hit[n] for n in run) / sum(mass[n] for n in run)
        if recall and (mean := 2 * recall * precision / (recall + precision)) > best:
            places = [places[n].at for places in found for n in run if n in places]
            best, first, last = mean, min(places), max(places)
    return best, first, last
