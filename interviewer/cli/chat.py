"""`interviewer chat`: the interview of the pages in a terminal, with the same conductor and the same marks.

Interviews of the terminal belong to the owner `terminal` of the database: whoever can read the file can go on with
them, and no browser's cookie makes that owner.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from contextlib import suppress
from io import TextIOWrapper
from typing import TYPE_CHECKING, Annotated

import typer

from interviewer.cli.databases import Database
from interviewer.domain import Interview, InterviewStatus, Level, Mode, Plan, Tone
from interviewer.errors import NotFound, UnknownChoice
from interviewer.settings import load_settings

if TYPE_CHECKING:  # the database is not needed for --help, and takes a while to load
    from interviewer.assembly import Assembly
    from interviewer.cli.chatting.screen import Screen

OWNER = "terminal"
MODES = (Mode.PRACTICE, Mode.MOCK, Mode.CHECK)
LEFT = 130
"""Exit status after Ctrl+C, as a shell has it."""

LevelOption = Annotated[Level, typer.Option(help="What the interview expects.")]
PackOption = Annotated[str | None, typer.Option(help="The subject, by its id. (default: the bank's first)")]
TopicsOption = Annotated[str, typer.Option(help="Topics by their ids, with commas between; all when empty.")]
QuestionsOption = Annotated[int | None, typer.Option(min=1, max=30, help="How many. (default: 6, in a check 5)")]
ModeOption = Annotated[str, typer.Option(help="practice, mock (marks at the end) or check (options to choose from).")]
SeedOption = Annotated[int | None, typer.Option(min=0, help="The same seed and history draw the same questions.")]
ToneOption = Annotated[Tone, typer.Option(help="How the interviewer speaks; it moves no mark.")]
AdaptiveOption = Annotated[
    bool | None, typer.Option("--adaptive/--no-adaptive", help="The level follows the answers. (default: in practice)")
]
ResumeOption = Annotated[
    str | None, typer.Option(metavar="ID", help="Go on with an open interview, or read the report of a finished one.")
]


def chat(
    level: LevelOption = Level.MID,
    pack: PackOption = None,
    topics: TopicsOption = "",
    questions: QuestionsOption = None,
    mode: ModeOption = Mode.PRACTICE.value,
    seed: SeedOption = None,
    tone: ToneOption = Tone.NEUTRAL,
    adaptive: AdaptiveOption = None,
    resume: ResumeOption = None,
    database: Database = None,
) -> None:
    """Take an interview in this terminal; it is kept in the database, and can be left and resumed."""
    from interviewer.assembly import assemble
    from interviewer.cli.chatting.screen import Screen, screen_console

    settings = load_settings(database=database)
    logging.getLogger("interviewer").addHandler(logging.NullHandler())  # the screen says what the candidate must know
    _read_and_write_anything()
    parts = assemble(settings)
    screen = Screen(screen_console())
    by = parts.conductor
    wanted = _mode(mode)
    plan = Plan(
        pack=pack or by.bank.default_pack,
        level=level,
        mode=wanted,
        questions=by.usual_length(wanted, pack) if questions is None else questions,
        topics=tuple(topic.strip() for topic in topics.split(",") if topic.strip()),
        tone=tone,
        adaptive=wanted is Mode.PRACTICE if adaptive is None else adaptive,
    )
    with asyncio.Runner() as runner:
        runner.run(parts.open())
        try:
            _play(parts, runner, screen, plan, seed, resume)
        finally:
            runner.run(parts.close())


def _play(
    parts: Assembly, runner: asyncio.Runner, screen: Screen, plan: Plan, seed: int | None, resume: str | None
) -> None:
    from interviewer.cli.chatting.hearing import Ears
    from interviewer.cli.chatting.sitting import Sitting

    by = parts.conductor
    recent = runner.run(by.recent(OWNER))
    if resume:
        interview = _named(recent, resume)
    else:
        _tell_open(screen, recent)
        interview = runner.run(by.start(plan, owner=OWNER, seed=seed))
    ears = Ears()
    sitting = Sitting(by, interview, ears=ears, screen=screen, run=runner.run, resumed=bool(resume))
    try:
        sitting.play()
    except KeyboardInterrupt:
        sitting.keep_unsent()
        _tell_how_to_go_on(screen, sitting.interview)
        raise typer.Exit(LEFT) from None
    _tell_how_to_go_on(screen, sitting.interview)


def _mode(name: str) -> Mode:
    """The mode of that name, if a terminal can play it."""
    mode = next((mode for mode in MODES if mode.value == name), None)
    if mode is None:
        raise UnknownChoice("In a terminal the mode is practice, mock or check. An exam is taken in the browser.")
    return mode


def _named(recent: list[Interview], name: str) -> Interview:
    """The interview whose id begins like that."""
    found = [interview for interview in recent if interview.id.startswith(name)]
    if len(found) != 1:
        which = "Several interviews begin" if found else "No interview of this terminal begins"
        raise NotFound(f"{which} with {name!r}. `interviewer chat` lists those that are open.")
    if found[0].plan.behaviour.free:
        raise UnknownChoice("An exam is taken in the browser.")
    return found[0]


def _tell_open(screen: Screen, recent: list[Interview]) -> None:
    left = [interview for interview in recent if interview.status is InterviewStatus.OPEN]
    for interview in left:
        at = f"question {interview.current.number} of {interview.length}"
        plan = interview.plan
        screen.line(f"Open since {interview.created_at:%Y-%m-%d %H:%M} UTC: {plan.pack}, {plan.level}, {at}.", "dim")
        screen.line(f"  interviewer chat --resume {interview.id}", "dim")


def _tell_how_to_go_on(screen: Screen, interview: Interview) -> None:
    screen.line()
    if interview.status is InterviewStatus.OPEN:
        screen.line("Everything you sent is kept, and so is what you had typed. Go on with:")
    else:
        screen.line("This report can be read again with:")
    screen.line(f"  interviewer chat --resume {interview.id}")


def _read_and_write_anything() -> None:
    """Bytes that are no text come in as �, signs that the terminal lacks go out as ?; keys edit the line."""
    for stream in (sys.stdin, sys.stdout):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    if sys.stdin.isatty():
        with suppress(ImportError):  # not everywhere
            import readline  # noqa: F401  # it changes input()
