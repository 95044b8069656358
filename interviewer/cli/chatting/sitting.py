"""One interview from where it stands to its end or to where the candidate leaves it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from interviewer import engine
from interviewer.bank import Bank
from interviewer.cli.chatting.hearing import CLEAR, Ears, Heard
from interviewer.cli.chatting.letters import chosen
from interviewer.cli.chatting.screen import Screen
from interviewer.conductor import Conductor
from interviewer.domain import Interview, InterviewStatus, Question, QuestionKind, TurnStatus
from interviewer.errors import AnswerTooLong, ConflictError, InputError
from interviewer.report import report
from interviewer.web.report.text import summary
from interviewer.web.report.told import told
from interviewer.web.views.turns import topic_title, topic_titles

HELP = (
    "Type your answer; a line that holds only a full stop sends it. On a line of their own: /hint, /repeat, /skip, "
    "/stop, /help, and /clear to begin the answer anew. Ctrl+C leaves, and everything is kept."
)
CHOICE_HELP = "Type the letters of what is right and press Enter. /skip, /stop. Ctrl+C leaves, and everything is kept."
WAITING = "Your answer is kept but could not be marked yet. Enter tries again, /skip goes on, /stop ends the interview."
GONE = "This question has left the bank. /skip goes on; your answers are kept."
Run = Callable[[Coroutine[Any, Any, Any]], Any]
"""Runs one move to its end; between moves nothing runs, so that reading a line hears Ctrl+C."""


class Sitting:
    """Plays an interview on a screen. What was typed and not sent is kept as the draft of its question."""

    def __init__(
        self, conductor: Conductor, interview: Interview, *, ears: Ears, screen: Screen, run: Run, resumed: bool
    ) -> None:
        self._conductor = conductor
        self._ears = ears
        self._screen = screen
        self._run = run
        self._resumed = resumed
        self._begun: list[str] = []
        self._helped: set[str] = set()
        self._is_left = False
        self.interview = interview

    def play(self) -> None:
        """Go on until the interview is over or the candidate leaves."""
        if self._resumed:
            self._screen.pass_over(self.interview)
            self._begun = self._run(self._conductor.draft(self.interview)).splitlines()
        self._show(own=self._resumed)
        while self.interview.status is InterviewStatus.OPEN and not self._is_left:
            try:
                self._move()
            except (InputError, ConflictError) as error:
                self._screen.line(str(error), "yellow")
                self.interview = self._run(self._conductor.load(self.interview.id, self.interview.owner))
            self._show()
        if self.interview.status is InterviewStatus.FINISHED:
            self._report()

    def _report(self) -> None:
        """The report without its transcript, which has just been on the screen."""
        titles = topic_titles(self.bank, self.interview.plan.pack)
        made = report(self.interview, self.bank.question, titles)
        self._screen.markdown(summary(told(self.interview, made, self.bank)))

    def keep_unsent(self) -> None:
        """Keep what was typed and not sent, for whoever resumes."""
        lines = [*self._begun, *self._ears.unsent[len(self._begun) :]]
        if lines and self.interview.current.status is TurnStatus.OPEN and not self._question_has_options():
            self._run(self._conductor.keep_draft(*self._mine, turn=self._number, text="\n".join(lines)))

    @property
    def bank(self) -> Bank:
        """The bank the questions come from."""
        return self._conductor.bank

    @property
    def _mine(self) -> tuple[str, str]:
        return self.interview.id, self.interview.owner

    @property
    def _number(self) -> int:
        return self.interview.current.number

    @property
    def _question(self) -> Question | None:
        return self.bank.question(self.interview.current.question)

    def _question_has_options(self) -> bool:
        return self._question is not None and self._question.kind is QuestionKind.CHOICE

    def _show(self, *, own: bool = False) -> None:
        questions = {turn.question: self.bank.question(turn.question) for turn in self.interview.turns}
        title = topic_title(self.bank, self.interview, self._question)
        self._screen.show(self.interview, questions, title, own=own)

    def _move(self) -> None:
        if self.interview.current.status is TurnStatus.AWAITING_GRADE:
            self._wait()
        elif self._question is None:
            self._screen.line(GONE, "yellow")
            self._obey(self._command_or_leave())
        elif self._question_has_options():
            self._choose()
        else:
            self._answer()

    def _help(self, text: str) -> None:
        if text not in self._helped:
            self._helped.add(text)
            self._screen.line(text, "dim")

    def _answer(self) -> None:
        self._help(HELP)
        if self._begun:
            self._screen.line("You had begun, and not sent:", "dim")
            self._screen.line("\n".join(self._begun))
        heard = self._ears.answer(self._begun)
        self._begun = []
        self._is_left = heard.is_end and not (self._ears.is_person and heard.text.strip())
        if heard.command == CLEAR:
            self._screen.line("What you had typed is gone. Begin anew.", "dim")
        elif heard.command:
            self._send(heard.command)
            self._begun = [*heard.lines] if self.interview.status is InterviewStatus.OPEN else []
        elif heard.text.strip() or not heard.is_end:
            self._send_answer(heard)

    def _send_answer(self, heard: Heard) -> None:
        try:
            self._send(heard.text)
        except (AnswerTooLong, ConflictError):
            self._begun = [*heard.lines]
            self.keep_unsent()
            raise

    def _send(self, text: str) -> None:
        current = self.interview.current
        with self._screen.waiting():
            done = self._run(
                self._conductor.answer(*self._mine, turn=current.number, text=text, says_seen=len(current.says))
            )
        self.interview = done.interview

    def _choose(self) -> None:
        assert self._question
        several = "Several may be right. " if self._question.several else "One is right. "
        self._help(f"{several}{CHOICE_HELP}")
        line = self._ears.line()
        if line is None:
            self._is_left = True
        elif line.strip().startswith("/"):
            self._obey(line.strip().casefold())
        else:
            ids = chosen(line, engine.shown_options(self.interview.plan, self._question))
            self.interview = self._run(self._conductor.choosing.choose(*self._mine, turn=self._number, chosen=ids))

    def _wait(self) -> None:
        self._screen.line(WAITING, "yellow")
        command = self._command_or_leave()
        if command in ("/skip", "/stop") or command is None:
            self._obey(command)
            return
        with self._screen.waiting():
            self.interview = self._run(self._conductor.grade_awaiting(self.interview))

    def _command_or_leave(self) -> str | None:
        line = self._ears.line()
        return None if line is None else line.strip().casefold()

    def _obey(self, command: str | None) -> None:
        """A command where no answer is heard."""
        match command:
            case None:
                self._is_left = True
            case "/skip":
                self.interview = self._run(self._conductor.skip(*self._mine, turn=self._number))
            case "/stop":
                self.interview = self._run(self._conductor.finish(*self._mine))
            case _:
                self._screen.line("Only /skip and /stop are heard here. Ctrl+C leaves; everything is kept.", "dim")
