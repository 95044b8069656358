"""What was said and when -> figures of talk and time. Pure.

Words are those of the candidate's answers: no code, no requests, nothing of a choice question. Fillers are filled
pauses and discourse markers as in Laserna, Seih and Pennebaker, "Um... Who Like Says You Know", Journal of Language and
Social Psychology 33 (2014), and the hedges that English speakers put where no meaning is; a list of English words says
nothing of another language. The first word is dated by the first draft that the page kept of an answer, half a second
after the first pause in typing; where none was kept (no script, or sent in one go) it is not known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from interviewer.domain import Interview, Say, Speaker, Turn
from interviewer.grading.code import code_spans

FILLERS = (
    *("er", "erm", "hm", "hmm", "uh", "uhm", "um"),
    *("i guess", "i mean", "you know"),
    *("actually", "basically", "honestly", "literally"),
)
"""Pauses, which may be drawn out as in "ummm", discourse markers, hedges."""
SOFTENERS = ("kind of", "sort of")
"""Fillers but in "a kind of", "what sort of" and the like."""
LIKE = "like"
"""A filler only between commas, as in "it is, like, cached"."""
_OF_A_NOUN = (
    *("a", "an", "any", "another", "different", "each", "every", "new", "no", "one"),
    *("other", "same", "some", "that", "the", "this", "what", "which"),
)
_DRAWN_OUT = "|".join(f"{filler}{filler[-1]}*" if filler[-1] in "hm" else filler for filler in FILLERS)
_NO_NOUN = "".join(rf"(?<!\b{word} )" for word in _OF_A_NOUN)
_FILLER = re.compile(rf"\b(?:{_DRAWN_OUT})\b|{_NO_NOUN}\b(?:{'|'.join(SOFTENERS)})\b|(?<=, ){LIKE}(?=,)")
_CAPITALS = re.compile(r"\b[A-Z]{2,}\b")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_FENCED = re.compile(r"^[ \t]*```.*?(?:^[ \t]*```[ \t]*$|\Z)", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Seconds since the question was asked; `said` tells the words from the thought before the first of them."""

    start_s: float
    end_s: float
    said: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnFigures:
    """Talk and time of one turn.

    `filler_words` is None when the interview is not in English, `first_word_s` when it is not known, `answer_s` (to
    the first answer sent) when there is no answer. `floor` is when the candidate had the floor: from what the
    interviewer said to what the candidate sent.
    """

    words: int
    filler_words: int | None
    first_word_s: float | None
    answer_s: float | None
    floor: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkFigures:
    """Talk and time of a whole interview, over `answered` turns with words in them.

    The two times are medians, each over the turns where it is known (`..._n`). `total_s` runs from the start to the
    end, or to the last thing said; breaks are in it.
    """

    words: int
    filler_words: int | None
    answered: int
    first_word_s: float | None
    first_word_n: int
    answer_s: float | None
    answer_n: int
    total_s: float


def turn_figures(turn: Turn, *, is_english: bool, begun_at: datetime | None, timed: bool) -> TurnFigures:
    """The figures of a turn; `begun_at` dates its first word. Without `timed` it has no times: it was one of many open
    at once."""
    texts = () if turn.is_choice else tuple(map(_prose, turn.answers))
    floor = tuple(_floor(turn.says, begun_at)) if timed else ()
    first = next((span.end_s for span in floor if span.said), None)
    return TurnFigures(
        words=sum(len(_WORD.findall(text)) for text in texts),
        filler_words=sum(map(_fillers, texts)) if is_english else None,
        first_word_s=next((span.end_s for span in floor if not span.said), None),
        answer_s=first,
        floor=floor,
    )


def talk_figures(interview: Interview, turns: Iterable[TurnFigures]) -> TalkFigures:
    """The figures of an interview from those of its turns."""
    turns = tuple(turns)
    fillers = [figures.filler_words for figures in turns if figures.filler_words is not None]
    first = [figures.first_word_s for figures in turns if figures.first_word_s is not None]
    sent = [figures.answer_s for figures in turns if figures.answer_s is not None]
    last = max((say.at for turn in interview.turns for say in turn.says), default=interview.created_at)
    return TalkFigures(
        words=sum(figures.words for figures in turns),
        filler_words=None if interview.plan.language else sum(fillers),
        answered=sum(figures.words > 0 for figures in turns),
        first_word_s=median(first) if first else None,
        first_word_n=len(first),
        answer_s=median(sent) if sent else None,
        answer_n=len(sent),
        total_s=((interview.finished_at or last) - interview.created_at).total_seconds(),
    )


def _prose(text: str) -> str:
    """The text without what is program code in it."""
    text = _FENCED.sub("\n\n", text)
    kept, at = [], 0
    for start, end in code_spans(text):
        kept.append(text[at:start])
        at = end
    return " ".join([*kept, text[at:]])


def _fillers(text: str) -> int:
    """How many words of a text are in fillers; an ER diagram is none."""
    folded = " ".join(_CAPITALS.sub("", text).lower().split())
    return sum(len(match[0].split()) for match in _FILLER.finditer(folded))


def _floor(says: Iterable[Say], begun_at: datetime | None) -> Iterator[Span]:
    """From what the interviewer says to what the candidate sends next; `begun_at` counts for the first of these."""
    start: datetime | None = None
    asked: datetime | None = None
    for say in says:
        if say.who is Speaker.INTERVIEWER:
            start = start or say.at
            asked = asked or say.at
            continue
        if start is None or asked is None:
            continue
        since, until = ((at - asked).total_seconds() for at in (start, say.at))
        if begun_at and start <= begun_at <= say.at:
            yield Span(start_s=since, end_s=(begun_at - asked).total_seconds(), said=False)
            since = (begun_at - asked).total_seconds()
        yield Span(start_s=since, end_s=until, said=True)
        start = begun_at = None
