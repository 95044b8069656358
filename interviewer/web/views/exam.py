"""An open exam, one of its questions or its last look before it is handed in. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from interviewer import engine
from interviewer.bank import Bank
from interviewer.domain import Interview, Turn
from interviewer.web.markdown import author_html
from interviewer.web.views.choices import ChoiceView, choice_view
from interviewer.web.views.turns import interview_title, topic_title


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceView:
    """A question in the overview; `words` say how it stands."""

    number: int
    answered: bool
    flagged: bool
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExamPage:
    """`exam.html`; without `ask` it is the last look before handing in."""

    id: str
    title: str
    number: int
    length: int
    topic: str
    ask: Markup | None
    choice: ChoiceView | None
    flagged: bool
    had: str
    """What the page was drawn with, so that a page on which nothing was changed changes nothing."""
    places: tuple[PlaceView, ...]
    answered: int
    open_numbers: tuple[int, ...]
    flagged_numbers: tuple[int, ...]
    pass_mark: int
    left_s: int
    left: str
    error: str | None


def exam_page(
    interview: Interview, bank: Bank, *, number: int | None, now: datetime, error: str | None = None
) -> ExamPage:
    """Question `number` of an open exam; without one, the overview before it is handed in."""
    turn = engine.turn_of(interview, number) if number else None
    question = bank.question(turn.question) if turn else None
    left_s = max(0, int(((engine.deadline(interview) or now) - now).total_seconds()))
    places = tuple(map(_place, interview.turns))
    return ExamPage(
        id=interview.id,
        title=interview_title(interview, bank),
        number=number or 0,
        length=len(interview.turns),
        topic=topic_title(bank, interview, question) if turn else "",
        ask=author_html(turn.last_asked) if turn else None,
        choice=choice_view(interview, turn, question) if turn else None,
        flagged=turn.flagged if turn else False,
        had=held(turn.chosen, flagged=turn.flagged) if turn else "",
        places=places,
        answered=sum(place.answered for place in places),
        open_numbers=tuple(place.number for place in places if not place.answered),
        flagged_numbers=tuple(place.number for place in places if place.flagged),
        pass_mark=interview.plan.pass_mark or 0,
        left_s=left_s,
        left=f"{left_s // 60}:{left_s % 60:02d}",
        error=error,
    )


def held(chosen: Iterable[str], *, flagged: bool) -> str:
    """Choice and flag of a page in a line, which is never empty: an empty field is no field to a form."""
    return " ".join([".", *sorted(chosen), *(["+flag"] if flagged else [])])


def _place(turn: Turn) -> PlaceView:
    answered = bool(turn.chosen)
    words = f"{'answered' if answered else 'not answered'}{', flagged' if turn.flagged else ''}"
    return PlaceView(number=turn.number, answered=answered, flagged=turn.flagged, words=words)
