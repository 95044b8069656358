"""The review page and the line on it: what comes back today, what on the next days. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from markupsafe import Markup

from interviewer.bank import Bank
from interviewer.conductor.reviewing import QUESTIONS, Reviewed
from interviewer.domain import PointKey, Question
from interviewer.review import InReview
from interviewer.web.markdown import inline_html
from interviewer.web.views.turns import topic_titles

DAYS = 14
"""How many days ahead the page tells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DuePoint:
    """A point that is due; `kind` says what it is, when it is not a point of an open question."""

    says: Markup
    kind: str
    lacked: str
    where: str
    """Address of the turn in which it lacked something last."""
    lacked_at: datetime
    again_at: datetime | None
    """When it was asked last, if that was later."""
    times: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DueTopic:
    """The points of a topic that are due."""

    title: str
    points: tuple[DuePoint, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DuePack:
    """A subject with something in review; `button` says what starting it does, empty when nothing is due."""

    id: str
    title: str
    count: int
    topics: tuple[DueTopic, ...]
    button: str
    open: str | None
    """Id of its review that is not over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayView:
    """How many points come back on a day."""

    day: date
    title: str
    count: int
    share: int
    """Of the fullest day shown, in percent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DueLine:
    """The line of the start page; `open` is the id of a review that is not over."""

    count: int
    words: str
    open: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPage:
    """`review.html`."""

    line: DueLine | None
    packs: tuple[DuePack, ...]
    several: bool
    days: tuple[DayView, ...]
    later: int
    in_review: int
    error: str | None


def due_line(reviewed: Reviewed) -> DueLine | None:
    """What the start page says of reviews; None where nothing is due and no review is open."""
    count = len(reviewed.due)
    if not count and not reviewed.open:
        return None
    words = f"{'1 point is' if count == 1 else f'{count} points are'} due today"
    return DueLine(count=count, words=words, open=reviewed.open[0].id if reviewed.open else None)


def review_page(reviewed: Reviewed, bank: Bank, *, error: str | None = None) -> ReviewPage:
    """What is due today by topic, and how many points come back on the days after."""
    days = _days(reviewed)
    return ReviewPage(
        line=due_line(reviewed),
        packs=tuple(_pack(pack.id, reviewed, bank) for pack in bank.packs if _of_pack(pack.id, reviewed, bank)),
        several=len(bank.packs) > 1,
        days=days,
        later=len(reviewed.points) - len(reviewed.due) - sum(day.count for day in days),
        in_review=len(reviewed.points),
        error=error,
    )


def point_html(key: PointKey, question: Question) -> Markup:
    """What is to know, in a line: the statement of a point, the correction of a misconception, else the question."""
    wrong = next((wrong for wrong in question.misconceptions if wrong.id == key.point), None)
    point = next((point for point in question.points if point.id == key.point), None)
    line = point.says if point else wrong.fix if wrong else question.ask
    return inline_html(" ".join(line.split()))


def _of_pack(pack: str, reviewed: Reviewed, bank: Bank) -> list[tuple[InReview, Question]]:
    found = ((point, bank.question(point.key.question)) for point in reviewed.points)
    return [(point, question) for point, question in found if question and question.pack == pack]


def _pack(pack_id: str, reviewed: Reviewed, bank: Bank) -> DuePack:
    pack = bank.pack(pack_id)
    due = [(p, question) for p, question in _of_pack(pack_id, reviewed, bank) if p.due <= reviewed.today]
    topics = (
        DueTopic(title=title, points=tuple(_point(p, question) for p, question in due if question.topic == topic))
        for topic, title in topic_titles(bank, pack_id).items()
    )
    return DuePack(
        id=pack_id,
        title=pack.title if pack else pack_id,
        count=len(due),
        topics=tuple(topic for topic in topics if topic.points),
        button=_button(len(due)),
        open=next((each.id for each in reviewed.open if each.plan.pack == pack_id), None),
    )


def _button(due: int) -> str:
    if due > QUESTIONS:
        return f"Review up to {QUESTIONS} questions"
    return f"Review {'1 point' if due == 1 else f'{due} points'}" if due else ""


def _point(point: InReview, question: Question) -> DuePoint:
    lacked, times = point.lacked[-1], len(point.seen)
    is_wrong = any(wrong.id == point.key.point for wrong in question.misconceptions)
    return DuePoint(
        says=point_html(point.key, question),
        kind="a mistake" if is_wrong else "" if point.key.point else "a question to choose from",
        lacked="Partly earned" if lacked.partly else "Missed",
        where=f"/interviews/{lacked.interview}#turn-{lacked.turn}",
        lacked_at=lacked.at,
        again_at=point.seen[-1].at if point.seen[-1].at > lacked.at else None,
        times="asked once" if times == 1 else f"{len(point.lacked)} of {times} times not fully earned",
    )


def _days(reviewed: Reviewed) -> tuple[DayView, ...]:
    """The next days on which something comes back."""
    counts = Counter((point.due - reviewed.today).days for point in reviewed.points)
    ahead = {after: counts[after] for after in range(1, DAYS + 1) if counts[after]}
    most = max(ahead.values(), default=1)
    return tuple(
        DayView(
            day=(day := reviewed.today + timedelta(days=after)),
            title="tomorrow" if after == 1 else f"{day:%A} {day.day} {day:%B}",
            count=count,
            share=round(100 * count / most),
        )
        for after, count in ahead.items()
    )
