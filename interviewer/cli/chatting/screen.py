"""What is said and what comes of it -> lines on a terminal: in colour where it has any, as wide as it is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext

from rich.console import Console, RenderableType
from rich.markdown import Markdown
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from interviewer import engine
from interviewer.cli.chatting.letters import lettered
from interviewer.domain import Interview, Question, Say, SayKind, Speaker, Turn, Verdict
from interviewer.web import words
from interviewer.web.views.choices import choice_view
from interviewer.web.views.feedback import feedback

WIDEST = 88
"""Columns; longer lines are hard to read."""
STYLES = {Verdict.MET: "green", Verdict.PARTLY: "yellow", Verdict.MISSED: "", Verdict.CONTRADICTED: "red"}
_ADDRESS = re.compile(r"<(https?://[^\s>]+)>")
SPEAKERS = {SayKind.HINT: "Hint", SayKind.PROBE: "Follow-up"}


def screen_console() -> Console:
    """A console on standard output; NO_COLOR and pipes are heeded by it."""
    console = Console(markup=False, highlight=False, emoji=False)
    console.width = min(console.width, WIDEST)
    return console


class Screen:
    """Prints an interview as it goes on; what was printed before is not printed again."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._says: dict[int, int] = {}
        self._cards: set[int] = set()

    def line(self, text: str = "", style: str = "") -> None:
        """A paragraph of our own."""
        self._console.print(Text(plain(text), style=style))

    def markdown(self, text: str) -> None:
        """A text with the little Markdown of the bank."""
        self._console.print(_markdown(text))

    def waiting(self) -> AbstractContextManager[object]:
        """Shows, where somebody looks, that an answer is being read."""
        if not self._console.is_terminal:
            return nullcontext()
        return self._console.status("Reading your answer…")

    def pass_over(self, interview: Interview) -> None:
        """Take everything before the question that is open as seen."""
        for turn in interview.turns[:-1]:
            self._says[turn.number] = len(turn.says)
            if engine.feedback_due(interview, turn):
                self._cards.add(turn.number)

    def show(self, interview: Interview, question: dict[str, Question | None], title: str, *, own: bool) -> None:
        """Print what is new: words, marks that may be seen by now. With `own`, the candidate's words too."""
        for turn in interview.turns:
            asked = question[turn.question]
            if turn.number not in self._says:
                self._console.rule(f"Question {turn.number} of {interview.length} · {title}", align="left", style="dim")
            for say in turn.says[self._says.get(turn.number, 0) :]:
                self._say(interview, say, asked, own=own)
            self._says[turn.number] = len(turn.says)
            if asked and turn.number not in self._cards and engine.feedback_due(interview, turn):
                self._cards.add(turn.number)
                self._card(interview, turn, asked)

    def _say(self, interview: Interview, say: Say, asked: Question | None, *, own: bool) -> None:
        if say.who is Speaker.CANDIDATE:
            if own:
                self.line("You:", "dim")
                self._console.print(Padding(Text(plain(say.text)), (0, 0, 1, 2)))
            return
        if say.kind in SPEAKERS:
            self.line(f"{SPEAKERS[say.kind]}:", "bold")
        self.markdown(say.text)
        self.line()
        if say.kind is SayKind.QUESTION and asked and asked.options:
            for letter, option in lettered(engine.shown_options(interview.plan, asked)):
                self._console.print(_row(f"{letter})", _markdown(option.text), width=3))
            self.line()

    def _card(self, interview: Interview, turn: Turn, asked: Question) -> None:
        card = feedback(turn, asked, choice=choice_view(interview, turn, asked))
        score = "" if card.score is None else f"{card.score} "
        who = f", {card.who}" if card.score is not None else ""
        self.line(f"{score}{card.summary}{who}", "bold")
        for note in (card.fallback, *card.notes):
            if note:
                self.line(note, "yellow")
        rows = _options(interview, turn, asked) if card.choice else _points(turn, asked)
        for row in rows:
            self._console.print(row)
        for line in (*card.improve, card.cost):
            if line:
                self.line(line)
        self.markdown(f"**Remember:** {asked.takeaway}")
        if not card.choice:
            self.markdown(f"**Reference:** {asked.reference}")
        self.line(f"Read: {', '.join(card.sources)}", "dim")
        self.line()


def plain(text: str) -> str:
    """A text without the characters that steer a terminal."""
    return "".join(char for char in text if char in "\n\t" or unicodedata.category(char) != "Cc")


def _markdown(text: str) -> Markdown:
    return Markdown(_ADDRESS.sub(r"\1", plain(text)), code_theme="ansi_dark", hyperlinks=False)


def _row(head: str, *body: RenderableType, style: str = "", width: int = 14) -> Table:
    row = Table.grid(padding=(0, 1))
    row.add_column(width=width, no_wrap=True)
    row.add_column(overflow="fold")
    for place, part in enumerate(body):
        row.add_row(Text(head if place == 0 else "", style=style), part)
    return row


def _points(turn: Turn, asked: Question) -> Iterator[Table]:
    if turn.grading is None:
        yield from (_row("· not marked", _markdown(point.says)) for point in asked.points)
        return
    for mark in turn.grading.marks:
        head = f"{words.VERDICT_SIGN[mark.verdict]} {words.VERDICT_WORD[mark.verdict]}"
        unsure = words.unsure_words(mark)
        body: list[RenderableType] = [_markdown(mark.says), *_quoted(mark.quote), *([Text(unsure)] if unsure else [])]
        yield _row(head, *body, style=STYLES[mark.verdict])
    for wrong in turn.grading.misconceptions:
        yield _row(f"✕ wrong, −{wrong.penalty}", _markdown(wrong.fix), *_quoted(wrong.quote), style="red")


def _options(interview: Interview, turn: Turn, asked: Question) -> Iterable[Table]:
    view = choice_view(interview, turn, asked)
    shown = lettered(engine.shown_options(interview.plan, asked))
    for (letter, option), told in zip(shown, view.options if view else (), strict=True):
        style = {"met": "green", "contradicted": "red", "partly": "yellow"}.get(told.verdict, "")
        yours = " (your choice)" if told.chosen else ""
        head = f"{told.sign} {told.word}"
        yield _row(head, _markdown(f"{letter}) {option.text}{yours}"), _markdown(option.why), style=style)


def _quoted(quote: str | None) -> list[Text]:
    return [Text(f"“{plain(quote)}”", style="italic")] if quote else []
