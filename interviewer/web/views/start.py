"""The start page: what can be chosen, and where a returning candidate left off. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from interviewer.bank import Bank
from interviewer.domain import Interview, InterviewStatus, Level, Mode, Pack, Plan, QuestionKind, Tone
from interviewer.talk.languages import SUGGESTED
from interviewer.web import words
from interviewer.web.views.review import DueLine
from interviewer.web.views.turns import interview_title, overall

LENGTHS = (3, 6, 10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One option of a form field."""

    value: str
    title: str
    text: str
    checked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicsView:
    """The topics of one pack."""

    pack: str
    title: str
    topics: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentView:
    """An interview in the list of a returning candidate."""

    id: str
    title: str
    is_open: bool
    progress: str
    score: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ExamOffer:
    """A practice exam that can be begun, and the quick check beside it."""

    pack: str
    title: str
    questions: int
    minutes: int
    pass_mark: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StartPage:
    """`start.html`."""

    packs: tuple[Choice, ...]
    levels: tuple[Choice, ...]
    modes: tuple[Choice, ...]
    lengths: tuple[Choice, ...]
    topics: tuple[TopicsView, ...]
    """By pack; only those of the pack that is chosen count."""
    tones: tuple[Choice, ...]
    languages: tuple[str, ...]
    """Suggestions; none when the interviewer speaks English only, and then none is asked for."""
    language: str
    seed: str
    adaptive: bool
    """The level follows the answers."""
    exams: tuple[ExamOffer, ...]
    """One for each pack."""
    grader: str
    open: tuple[RecentView, ...]
    finished: tuple[RecentView, ...]
    error: str | None
    due: DueLine | None = None


def start_page(
    bank: Bank,
    recent: Sequence[Interview],
    *,
    chosen: Mapping[str, str],
    grader: str,
    speaks_languages: bool = False,
    error: str | None = None,
    due: DueLine | None = None,
) -> StartPage:
    """The start page; `chosen` keeps what a refused form held."""
    listed = [_recent(interview, bank) for interview in recent]
    last = recent[0].plan if recent else Plan(pack=bank.default_pack, level=Level.JUNIOR)
    picked = set(chosen.get("topics", "").split())
    return StartPage(
        packs=choices(((pack.id, pack.title, pack.about) for pack in bank.packs), chosen.get("pack", "") or last.pack),
        levels=choices(
            ((level, words.LEVEL_TITLE[level], words.LEVEL_EXPECTS[level]) for level in Level),
            chosen.get("level", last.level),
        ),
        modes=choices(
            ((mode, words.MODE_TITLE[mode], expects) for mode, expects in words.MODE_EXPECTS.items()),
            chosen.get("mode", Mode.PRACTICE),
        ),
        lengths=choices(
            ((str(count), f"{count} questions", f"about {count * 4} minutes") for count in LENGTHS),
            chosen.get("questions", "6"),
        ),
        topics=tuple(
            TopicsView(
                pack=pack.id,
                title=pack.title,
                topics=choices(((topic.id, topic.title, "") for topic in pack.topics), picked),
            )
            for pack in bank.packs
        ),
        tones=choices(
            ((tone, words.TONE_TITLE[tone], words.TONE_EXPECTS[tone]) for tone in Tone),
            chosen.get("tone", Tone.NEUTRAL),
        ),
        languages=SUGGESTED if speaks_languages else (),
        language=chosen.get("language", ""),
        seed=chosen.get("seed", ""),
        adaptive=chosen.get("adaptive", "yes") == "yes",
        exams=tuple(map(_exam, bank.packs)),
        grader=grader,
        open=tuple(view for view in listed if view.is_open),
        finished=tuple(view for view in listed if not view.is_open),
        error=error,
        due=due,
    )


def _exam(pack: Pack) -> ExamOffer:
    """What is drawn when the bank has less than the terms say is fewer questions, not fewer minutes."""
    held = sum(outline.kind is QuestionKind.CHOICE for outline in pack.questions)
    return ExamOffer(
        pack=pack.id,
        title=pack.title,
        questions=min(held, pack.exam.questions),
        minutes=pack.exam.minutes,
        pass_mark=pack.exam.pass_mark,
    )


def choices(options: Iterable[tuple[str, str, str]], chosen: str | Collection[str]) -> tuple[Choice, ...]:
    """Options given as value, title and text, with those ticked that are chosen."""
    ticked = {chosen} if isinstance(chosen, str) else chosen
    return tuple(
        Choice(value=str(value), title=title, text=text, checked=value in ticked) for value, title, text in options
    )


def _place(interview: Interview) -> str:
    return f"question {interview.current.number} of {interview.length}"


def _recent(interview: Interview, bank: Bank) -> RecentView:
    is_open = interview.status is InterviewStatus.OPEN
    score = overall(interview)
    is_free = interview.plan.behaviour.free
    answered = sum(bool(turn.chosen if is_free else turn.answers) for turn in interview.turns)
    place = f"{answered} of {interview.length} answered, its time is running" if is_free else _place(interview)
    return RecentView(
        id=interview.id,
        title=interview_title(interview, bank),
        is_open=is_open,
        progress=place if is_open else f"{answered} answered",
        score="not marked" if score is None else f"{score} of 100",
        created_at=interview.created_at,
    )
