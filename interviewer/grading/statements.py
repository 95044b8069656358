"""A statement of the rubric, as a sentence -> how much of it a text says, and where. Pure.

For points and misconceptions without cues. Words are weighed by how much they tell. A word counts where it is said,
with a typing slip, or by one near it in meaning; it counts half where only one side denies it, and not at all beside
its opposite.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass

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


NEARLY_ALL = 0.9
"""From this share of a statement in one sentence on, what the sentence denies or replaces is the statement itself."""
TURNED_FROM = 0.08
"""And it turns the statement round when so much of its weight is denied, or replaced by the opposite."""


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
    """How much of a statement a text says, by four measures of 0..1, and the tokens `first`..`last` that say it best.

    `recall`: share of the statement's own words, by weight, heard anywhere, less those whose opposite stands there;
    `squared`: the same, each likeness squared; `token_set`: rapidfuzz's token set ratio of the stems; `window`:
    harmonic mean of recall and precision in the one or two sentences where it is highest.
    """

    recall: float = 0.0
    squared: float = 0.0
    token_set: float = 0.0
    window: float = 0.0
    first: int = 0
    last: int = 0


@dataclass(frozen=True, slots=True)
class _Best:
    like: float = 0.0
    at: int = 0


NOWHERE = _Best()


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


def compare(said: Statement, text: Reading, deaf: Container[int] = ()) -> Likeness:
    """How much of a statement a text says outside the sentences `deaf`; nothing of an empty one."""
    if not text.content or not said.own_mass:
        return Likeness()
    heard = _hear(said, text, DENIED_SHARE, deaf)
    tops = [
        max((places[n].like for places in heard.values() if n in places), default=0.0) for n in range(len(said.targets))
    ]
    own = [(target, like) for target, like in zip(said.targets, tops, strict=True) if target.own]
    opposed = sum(target.weight for target, like in own if like < 1 and _opposed_in(target, said, text))
    left = 1 - opposed / said.own_mass
    window, first, last = _window(said, text, heard)
    return Likeness(
        recall=left * sum(target.weight * like for target, like in own) / said.own_mass,
        squared=left * sum(target.weight * like * like for target, like in own) / said.own_mass,
        token_set=fuzz.token_set_ratio(said.stems, text.stems) / 100,
        window=window,
        first=first,
        last=last,
    )


def share_by_sentence(said: Statement, text: Reading) -> Mapping[int, float]:
    """Sentence -> share of the statement's own words, by weight, that it says and denies alike."""
    shares = dict.fromkeys(text.sentences, 0.0)
    for sentence, places in _hear(said, text, 0.0).items():
        own = ((said.targets[n], best) for n, best in places.items())
        shares[sentence] = sum(target.weight * best.like for target, best in own if target.own) / said.own_mass
    return shares


def turned(said: Statement, text: Reading) -> Mapping[int, bool]:
    """Sentence -> whether it turns the statement round; only sentences that say nearly all of it, or its opposite.

    A word turns it where only one side denies it, and where its opposite or another number stands instead.
    """
    raw: dict[int, dict[int, float]] = {}
    wrong: dict[int, set[int]] = {}
    for number, target in enumerate(said.targets):
        if not target.own:
            continue
        for sentence in _opposed_in(target, said, text):
            wrong.setdefault(sentence, set()).add(number)
        near = text.near(target.word, target.stem)
        for at, like in near.items():
            places = raw.setdefault(text.tokens[at].sentence, {})
            places[number] = max(places.get(number, 0.0), like)
        exact = [at for at, like in near.items() if like == 1]
        for at in exact:
            wrong.setdefault(text.tokens[at].sentence, set()).add(number)
        for at in exact:
            if text.denied[at] == target.denied:
                wrong[text.tokens[at].sentence].discard(number)
    found: dict[int, bool] = {}
    for sentence in raw.keys() | wrong.keys():
        numbers, places = wrong.get(sentence, set()), raw.get(sentence, {})
        weights = {n: said.targets[n].weight for n in numbers | places.keys()}
        if sum(w * (1.0 if n in numbers else places[n]) for n, w in weights.items()) >= NEARLY_ALL * said.own_mass:
            found[sentence] = sum(weights[n] for n in numbers) >= TURNED_FROM * said.own_mass
    return found


def _hear(
    said: Statement, text: Reading, denied_share: float, deaf: Container[int] = ()
) -> Mapping[int, Mapping[int, _Best]]:
    """Sentence -> number of a target -> where it is heard best there; nothing in the sentences `deaf`."""
    heard: dict[int, dict[int, _Best]] = {}
    for number, target in enumerate(said.targets):
        opposed = _opposed_in(target, said, text)
        for at, nearness in text.near(target.word, target.stem).items():
            sentence = text.tokens[at].sentence
            if sentence in deaf:
                continue
            denied = target.own and text.denied[at] != target.denied
            like = nearness * denied_share if denied else nearness
            places = heard.setdefault(sentence, {})
            if like > places.get(number, NOWHERE).like and (nearness == 1 or sentence not in opposed):
                places[number] = _Best(like, at)
    return heard


def _opposed_in(target: Target, said: Statement, text: Reading) -> frozenset[int]:
    """Sentences that say the opposite of a target, and not its denial."""
    own = {other.stem for other in said.targets}
    against = [at for at in text.against(target.word, target.stem) if text.tokens[at].stem not in own]
    return frozenset(text.tokens[at].sentence for at in against if text.denied[at] == target.denied)


def _window(said: Statement, text: Reading, heard: Mapping[int, Mapping[int, _Best]]) -> tuple[float, int, int]:
    """Best harmonic mean of recall and precision over runs of one or two sentences, with its first and last token."""
    near: dict[int, float] = {}
    for target in said.targets:
        for at, like in text.near(target.word, target.stem).items():
            near[at] = max(near.get(at, 0.0), like)
    hit = dict.fromkeys(text.sentences, 0.0)
    for at, like in near.items():
        hit[text.tokens[at].sentence] += text.weights[at] * like
    runs: list[tuple[int, ...]] = [(sentence,) for sentence in heard]
    runs += [(sentence, sentence + 1) for sentence in heard if sentence + 1 in heard]
    best, first, last = 0.0, 0, 0
    for run in runs:
        places = [heard[sentence] for sentence in run]
        both = {n: max(of[n].like for of in places if n in of) for n in set().union(*places)}
        recall = sum(said.targets[n].weight * like for n, like in both.items()) / said.mass
        precision = sum(hit[n] for n in run) / sum(text.mass[n] for n in run)
        if recall and (mean := 2 * recall * precision / (recall + precision)) > best:
            tokens = [found.at for of in places for found in of.values()]
            best, first, last = mean, min(tokens), max(tokens)
    return best, first, last
