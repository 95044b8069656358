"""Questions -> what the reference of one earns as an answer to another.

Marking every pair would take minutes, so each pair is first held against a bound that no marking exceeds: the share of
a point's cues that the reference can say in neighbouring sentences. Denials, lists, distances and misconceptions only
take away from it. A point without cues counts as met in the bound.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from interviewer.domain import Cues, Question
from interviewer.grading.by_cues import WINDOW_SENTENCES
from interviewer.grading.cues import Alternative, Heard, alternatives
from interviewer.grading.words import Token, stem, tokenize
from interviewer.scoring import PARTLY_FROM

Score = Callable[[Question, str], int]
Groups = Sequence[Sequence[Alternative]]


@dataclass(frozen=True, slots=True)
class Crosstalk:
    """A question and the score that another question's reference earns on it."""

    question: str
    reference: str
    score: int


def crosstalk(
    questions: Sequence[Question], others: Sequence[Question], *, score: Score, score_from: int
) -> Iterator[Crosstalk]:
    """The pairs of a question and another's reference whose score is `score_from` or more."""
    rubrics = [_Rubric(question) for question in questions]
    told = [tokenize(other.reference) for other in others]
    sounds = Sounds(told)
    for other, tokens in zip(others, told, strict=True):
        spoken = Spoken(tokens, sounds)
        for rubric in rubrics:
            question = rubric.question
            if question.id == other.id or rubric.most(spoken) + 0.5 < score_from:
                continue
            if (earned := score(question, other.reference)) >= score_from:
                yield Crosstalk(question.id, other.id, earned)


def share_said(cues: Cues, text: str) -> float:
    """The largest share of cue groups, 0..1, that a text can say in neighbouring sentences; 0 where it is too small."""
    tokens = tokenize(text)
    return Spoken(tokens, Sounds([tokens])).share(alternatives(cues))


class Sounds:
    """Which words of some texts can be heard as a cue's word: by their stem or with a typing slip."""

    def __init__(self, texts: Sequence[Sequence[Token]]) -> None:
        # with no vocabulary: more slips are forgiven than any question forgives
        self._words = Heard("", tokens=list({token.word: token for tokens in texts for token in tokens}.values()))
        self._like: dict[str, tuple[str, ...]] = {}

    def like(self, word: str, stemmed: str) -> tuple[str, ...]:
        """The words that can be heard as `word`."""
        if word not in self._like:
            places = self._words.positions(word, stemmed)
            self._like[word] = tuple({self._words.tokens[at[0]].word for at in places if len(at) == 1})
        return self._like[word]


class Spoken:
    """A text, and which cues it can say where; sentences are bits of a number."""

    def __init__(self, tokens: Sequence[Token], sounds: Sounds) -> None:
        self._sounds = sounds
        self._words: dict[str, int] = {}
        self._stems: dict[str, int] = {}
        self._split: dict[str, int] = {}
        self._heard: dict[str, int] = {}
        for token in tokens:
            self._words[token.word] = self._words.get(token.word, 0) | 1 << token.sentence
            self._stems[token.stem] = self._stems.get(token.stem, 0) | 1 << token.sentence
        for one, other in pairwise(tokens):
            both = one.word + other.word
            self._split[both] = self._split.get(both, 0) | 1 << one.sentence

    def share(self, groups: Groups) -> float:
        """The largest share of the groups that can be heard in neighbouring sentences; 0 where it earns nothing."""
        said: list[int] = []
        for group in groups:
            if found := self._said(group):
                said.append(found)
            elif (len(groups) - 1) ** 2 < PARTLY_FROM * len(groups) ** 2:
                return 0.0  # one group missing is one too many
        near, most, at = (1 << WINDOW_SENTENCES) - 1, 0, 0
        while any(sentences >> at for sentences in said):
            most = max(most, sum(bool(sentences >> at & near) for sentences in said))
            at += 1
        return most / len(groups)

    def _said(self, group: Sequence[Alternative]) -> int:
        """The sentences in which one of the alternatives can be heard."""
        found = 0
        for alternative in group:
            both = -1
            for word, stemmed in zip(alternative.words, alternative.stems, strict=True):
                if not (both := both & self._sentences(word, stemmed)):
                    break
            found |= both
            if len(alternative.words) > 1:
                found |= self._stems.get(stem("".join(alternative.words)), 0)
        return found

    def _sentences(self, word: str, stemmed: str) -> int:
        if word not in self._heard:
            found = self._split.get(word, 0)
            for like in self._sounds.like(word, stemmed):
                found |= self._words.get(like, 0)
            self._heard[word] = found
        return self._heard[word]


class _Rubric:
    """A question with its cues made ready."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self._points = [(point.weight, alternatives(point.cues)) for point in question.points]

    def most(self, spoken: Spoken) -> float:
        """A score 0..100 that marking does not exceed."""
        earned = 0.0
        for weight, groups in self._points:
            credit = spoken.share(groups) ** 2 if groups else 1.0
            earned += weight * credit if credit >= PARTLY_FROM else 0.0
        return 100 * earned / sum(weight for weight, _ in self._points)
