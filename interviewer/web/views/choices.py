"""A question with options -> what can be chosen, and later what was right and why. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from interviewer import engine
from interviewer.domain import Interview, Option, Question, QuestionKind, Turn
from interviewer.web.markdown import inline_html


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionView:
    """An option; `why` is None until it may be seen."""

    id: str
    html: Markup
    chosen: bool
    verdict: str
    """`met`, `contradicted`, `partly` (right and not chosen) or `left`, as the pages colour it."""
    sign: str
    word: str
    why: Markup | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceView:
    """The options in the order in which the sitting shows them; `several` if more than one may be right."""

    several: bool
    options: tuple[OptionView, ...]


OPEN = ("left", "", "")


def choice_view(interview: Interview, turn: Turn, question: Question | None) -> ChoiceView | None:
    """The options of a turn's question; None for one that has none."""
    if question is None or question.kind is not QuestionKind.CHOICE:
        return None
    due = engine.feedback_due(interview, turn)
    options = engine.shown_options(interview.plan, question)
    return ChoiceView(several=question.several, options=tuple(_option(turn, option, due=due) for option in options))


def _option(turn: Turn, option: Option, *, due: bool) -> OptionView:
    chosen = option.id in turn.chosen
    verdict, sign, word = _told(option, chosen=chosen) if due else OPEN
    return OptionView(
        id=option.id,
        html=inline_html(option.text),
        chosen=chosen,
        verdict=verdict,
        sign=sign,
        word=word,
        why=inline_html(option.why) if due else None,
    )


def _told(option: Option, *, chosen: bool) -> tuple[str, str, str]:
    if chosen:
        return ("met", "✓", "right") if option.correct else ("contradicted", "✕", "wrong")
    return ("partly", "○", "was right") if option.correct else ("left", "·", "not right")
