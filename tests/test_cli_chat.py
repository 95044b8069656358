"""An interview in a terminal: the same questions and marks as on the pages, and nothing typed is lost."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from interviewer import engine
from interviewer.bank import Bank
from interviewer.cli.chat import OWNER
from interviewer.cli.chatting.hearing import CLEAR, Ears
from interviewer.cli.chatting.letters import chosen, lettered
from interviewer.cli.chatting.screen import WIDEST, plain
from interviewer.domain import Band, Interview, InterviewStatus, Option
from interviewer.errors import EmptyAnswer, InputError, NotFound, UnknownChoice
from interviewer.scoring import turn_score
from interviewer.store import SqlStore
from tests import playing
from tests.playing import sample
from tests.terminal import piped, terminal, typed

OPTIONS = [Option(id=f"o{place}", text=f"Option {place}", correct=place == 1, why="Because.") for place in range(4)]
PROMPT = "\n> "
FEW = ("--questions", "2", "--seed", "7", "--level", "mid")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for all, so that the bank is read once: its cache stands beside the database."""
    return tmp_path_factory.mktemp("chat")


@pytest.fixture
def database(folder: Path) -> Path:
    """Where the interviews of the test are kept."""
    return folder / f"{len(list(folder.iterdir()))}.sqlite3"


def kept(database: Path) -> list[Interview]:
    """The terminal's interviews, newest first."""

    async def load() -> list[Interview]:
        store = SqlStore(database)
        await store.open()
        try:
            return await store.recent(OWNER)
        finally:
            await store.close()

    return asyncio.run(load())


def flat(text: str) -> str:
    """A text without the line breaks of a narrow screen."""
    return " ".join(text.split())


# ---- the same interview


@pytest.mark.parametrize("mode", ["practice", "mock"])
def test_the_same_answers_earn_the_same_marks_as_over_the_api(
    alice: TestClient, bank: Bank, database: Path, mode: str
) -> None:
    """Same seed, same level, same history: same questions, probes, verdicts, quotes and scores."""
    over_api = playing.started(alice, mode=mode, questions=3)
    lines: list[str] = []
    bands = [Band.STRONG, Band.PARTIAL, Band.WEAK, Band.PARTIAL, Band.STRONG, Band.WEAK, Band.WEAK, Band.WEAK]
    for band in bands:
        if over_api["status"] == "finished":
            break
        text = sample(bank, over_api["turns"][-1]["question"]["id"], band)
        lines += [text, "."]
        over_api = playing.answer(alice, over_api, text)
    done = piped(database, "\n".join([*lines, ""]), "--mode", mode, "--questions", "3", "--seed", "7")
    assert (done.returncode, done.stderr) == (0, "")
    (interview,) = kept(database)
    assert [told(turn) for turn in over_api["turns"]] == [
        (
            turn.question,
            turn_score(turn) if engine.feedback_due(interview, turn) else None,
            [(mark.point, mark.verdict, mark.quote) for mark in turn.grading.marks] if turn.grading else None,
        )
        for turn in interview.turns
    ]


def told(turn: dict[str, Any]) -> tuple[str, int | None, list[tuple[str, str, str | None]] | None]:
    """A turn of the API, as far as both must agree."""
    marks = turn["grading"]["marks"] if turn["grading"] else None
    return (
        turn["question"]["id"],
        turn["score"],
        [(mark["point"], mark["verdict"], mark["quote"]) for mark in marks] if marks else None,
    )


def test_a_whole_interview_is_read_on_plain_lines(bank: Bank, database: Path) -> None:
    """Question, marks with sign, word and quote, the line to remember, the report, where to find it; no colours."""
    first = piped(database, "", *FEW)
    (begun,) = kept(database)
    text = sample(bank, begun.turns[0].question, Band.STRONG)
    done = piped(database, f"{text}\n.\n/skip\n/skip\n", "--resume", begun.id[:6])
    (interview,) = kept(database)
    question = bank.question(interview.turns[0].question)
    assert question
    assert interview.status is InterviewStatus.FINISHED
    for said in (first.stdout, done.stdout):
        assert flat(question.ask).replace("`", "").split("  ")[0][:60] in flat(said)
        assert "\x1b" not in said
        assert max(map(len, said.splitlines())) <= WIDEST
    grading = interview.turns[0].grading
    assert grading
    assert f"{turn_score(interview.turns[0])} of 100, estimate" in done.stdout
    assert "✓ met" in done.stdout
    quotes = [mark.quote for mark in grading.marks if mark.quote]
    assert quotes
    assert all(f"“{flat(quote)}”" in flat(done.stdout) for quote in quotes)
    assert f"Remember: {flat(question.takeaway).replace('`', '')}"[:50] in flat(done.stdout)
    for part in ("Interview report", "What to learn next", "1 skipped, not counted as wrong", "not a hiring verdict"):
        assert part in done.stdout
    assert done.stdout.endswith(f"interviewer chat --resume {interview.id}\n")
    again = piped(database, "", "--resume", interview.id)
    assert "What to learn next" in again.stdout
    assert again.returncode == 0


def test_marks_of_a_mock_interview_wait_for_its_end(bank: Bank, database: Path) -> None:
    """Then each question has its card."""
    typed(database, "", *FEW, "--mode", "mock")
    (begun,) = kept(database)
    text = sample(bank, begun.turns[0].question, Band.WEAK)
    during = typed(database, f"{text}\n.\n", "--resume", begun.id)
    assert "of 100" not in during.stdout
    after = typed(database, "/skip\n/skip\n/skip\n", "--resume", begun.id)
    assert after.stdout.count("Remember:") == 2


@pytest.mark.parametrize("columns", [40, 20])
def test_a_narrow_terminal_wraps(bank: Bank, database: Path, columns: int) -> None:
    """Nothing is cut off to the right."""
    typed(database, "", *FEW)
    (begun,) = kept(database)
    text = sample(bank, begun.turns[0].question, Band.PARTIAL)
    done = typed(database, f"{text}\n.\n/skip\n/skip\n", "--resume", begun.id, COLUMNS=str(columns))
    ours = [line for line in done.stdout.splitlines() if "--resume" not in line]
    assert max(len(line.rstrip()) for line in ours) <= columns
    assert done.exit_code == 0


# ---- leaving and coming back


def test_who_leaves_is_told_how_to_go_on_and_finds_it_listed(database: Path) -> None:
    """The end of the input leaves the interview open; the next start names it."""
    done = typed(database, "I would say that\n", *FEW)
    (left,) = kept(database)
    assert done.exit_code == 0
    assert left.turns[0].answers == ("I would say that",)
    assert f"interviewer chat --resume {left.id}" in done.stdout
    other = typed(database, "", *FEW)
    assert f"interviewer chat --resume {left.id}" in other.stdout
    assert "Open since" in other.stdout
    assert len(kept(database)) == 2


def test_ctrl_c_keeps_what_was_typed_and_not_sent(database: Path) -> None:
    """Resumed, it stands there again and is sent with what is added; a shell sees that it was interrupted."""
    with terminal(database, *FEW) as screen:
        screen.until(PROMPT)
        for line in ("The first line", "", "and after a blank one"):
            screen.type(f"{line}\n")
            screen.until(PROMPT)  # a line that nobody has read yet goes with Ctrl+C
        screen.interrupt()
        assert screen.status() == 130
        assert "Go on with" in screen.text
        assert "Traceback" not in screen.text
    (left,) = kept(database)
    with terminal(database, "--resume", left.id) as screen:
        screen.until("You had begun, and not sent:")
        screen.until("and after a blank one")
        screen.until(PROMPT)
        screen.type("The last line\n.\n")
        screen.until("of 100")
        screen.interrupt()
        assert screen.status() == 130
    (after,) = kept(database)
    assert after.turns[0].answers == ("The first line\n\nand after a blank one\nThe last line",)


def test_ctrl_d_sends_what_there_is_and_leaves_when_there_is_nothing(database: Path) -> None:
    """As in every other program that reads lines."""
    with terminal(database, *FEW) as screen:
        screen.until(PROMPT)
        screen.type("It is called once for each request.\n")
        screen.until("request.\n> ")
        screen.type("\x04")
        screen.until("of 100")
        screen.until(PROMPT)
        screen.type("\x04")
        assert screen.status() == 0
    (left,) = kept(database)
    assert left.turns[0].answers == ("It is called once for each request.",)


@pytest.mark.parametrize(("settings", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_a_terminal_has_colours_unless_they_are_unwanted(
    bank: Bank, database: Path, settings: dict[str, str], coloured: bool
) -> None:
    """Signs and words say the same without."""
    typed(database, "", *FEW)
    (begun,) = kept(database)
    with terminal(database, "--resume", begun.id, **settings) as screen:
        screen.until(PROMPT)
        screen.type(" ".join(sample(bank, begun.turns[0].question, Band.STRONG).split()) + "\n.\n")
        screen.until("✓ met")
        assert ("\x1b[32m" in screen.raw) == coloured


# ---- commands


def test_a_command_is_heard_in_the_middle_of_an_answer(bank: Bank, database: Path) -> None:
    """The lines before it stay; /clear takes them away."""
    done = typed(
        database, "gone\n/clear\nThe first line\n/hint\nand the second\n/repeat\n.\n", *FEW, "--topics", "testing"
    )
    (left,) = kept(database)
    turn = left.turns[0]
    assert turn.answers == ("The first line\nand the second",)
    assert turn.hints_used == 1
    question = bank.question(turn.question)
    assert question
    assert flat(question.hints[0]).replace("`", "")[:40] in flat(done.stdout).replace("`", "")
    assert "Once more:" in done.stdout


@pytest.mark.parametrize("first", [".\n", "  \n.\n", "\u200b\n.\n"], ids=["nothing", "blanks", "invisible"])
def test_an_answer_without_words_is_refused_and_asked_for_again(database: Path, first: str) -> None:
    """The question stays open."""
    done = typed(database, f"{first}A word about it.\n.\n", *FEW)
    assert "There are no words in the answer" in flat(done.stdout)
    (left,) = kept(database)
    assert left.turns[0].answers == ("A word about it.",)


def test_an_answer_that_is_too_long_is_kept_to_be_shortened(database: Path) -> None:
    """It comes back when the interview is resumed; /clear drops it."""
    done = typed(database, "word " * 30 + "\n.\n", *FEW, INTERVIEWER_ANSWER_CHARS="100")
    assert "at most 100" in flat(done.stdout)
    (left,) = kept(database)
    assert left.turns[0].answers == ()
    again = typed(database, "/clear\nShorter.\n.\n", "--resume", left.id, INTERVIEWER_ANSWER_CHARS="100")
    assert "You had begun" in again.stdout
    assert kept(database)[0].turns[0].answers == ("Shorter.",)


def test_bytes_that_are_no_text_are_taken_as_they_can_be(database: Path) -> None:
    """Binary on standard input breaks nothing."""
    done = piped(database, b"\xff\xfe\x00 what \x1b[2J was that\n.\n", *FEW)
    assert done.returncode == 0
    assert "Traceback" not in done.stderr
    assert "\x1b" not in done.stdout
    assert "what" in kept(database)[0].turns[0].answers[0]


# ---- options to choose from


def test_options_are_chosen_by_their_letters(bank: Bank, database: Path) -> None:
    """In the order in which this sitting shows them; what is no letter of theirs is refused with a word."""
    start = typed(database, "", "--mode", "check", "--questions", "2", "--seed", "7")
    assert "a) " in start.stdout
    (begun,) = kept(database)
    lines = ["z", "", "/what"]
    for rung in ((begun.turns[0].question,), *begun.queue):
        question = bank.question(rung[0])
        assert question
        shown = lettered(engine.shown_options(begun.plan, question))
        lines.append(" ".join(letter.upper() for letter, option in shown if option.correct))
    done = typed(database, "\n".join([*lines, ""]), "--resume", begun.id)
    (over,) = kept(database)
    assert over.status is InterviewStatus.FINISHED
    assert [turn_score(turn) for turn in over.turns] == [100, 100]
    assert "The options have the letters a to" in flat(done.stdout)
    assert "Nothing is chosen." in done.stdout
    assert "Only /skip and /stop are heard here" in done.stdout
    assert "(your choice)" in done.stdout
    assert "estimate" not in done.stdout


@pytest.mark.parametrize("typed", ["a c", "A, C", "ac", "c and a", "a) c)", " a  c a ", "(a)(c)"])
def test_letters_may_be_typed_in_any_way(typed: str) -> None:
    """Each counts once, in the order of the options."""
    assert chosen(typed, OPTIONS) == ("o0", "o2")


@pytest.mark.parametrize(("typed", "error"), [("", EmptyAnswer), ("   ", EmptyAnswer), ("e", UnknownChoice)])
def test_what_is_no_letter_of_an_option_is_refused(typed: str, error: type[InputError]) -> None:
    """With the letters there are."""
    with pytest.raises(error, match="a to d"):
        chosen(typed, OPTIONS)


@given(st.text())
def test_anything_typed_is_a_choice_or_an_error_of_ours(typed: str) -> None:
    """Never another option than those there are."""
    try:
        ids = chosen(typed, OPTIONS)
    except InputError:
        return
    assert ids
    assert set(ids) <= {option.id for option in OPTIONS}


# ---- what cannot be done


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--mode", "exam"), "in the browser"),
        (("--mode", "dance"), "practice, mock or check"),
        (("--topics", "cooking"), "Unknown topic 'cooking'"),
        (("--pack", "cobol"), "Unknown pack 'cobol'"),
        (("--resume", "nobodys"), "No interview of this terminal begins with 'nobodys'"),
    ],
)
def test_what_cannot_be_done_is_refused(database: Path, arguments: Sequence[str], says: str) -> None:
    """And nothing is kept."""
    with pytest.raises((InputError, NotFound), match=says):
        typed(database, "", *arguments)
    assert kept(database) == []


def test_an_interview_of_a_browser_is_not_the_terminals(alice: TestClient, database: Path) -> None:
    """Nor can a cookie be made that is the terminal's owner: its hash is never that word."""
    browsers = playing.started(alice)
    done = piped(database, "", "--resume", browsers["id"])
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("interviewer: No interview of this terminal")


# ---- reading and printing


@given(st.lists(st.text(alphabet=st.characters(exclude_characters="\n\r")), max_size=6))
def test_what_is_typed_comes_out_as_it_was(lines: list[str]) -> None:
    """Up to the full stop, blank lines and all; a command ends it and leaves the lines before it."""
    source = iter([*lines, ".", "after"])
    heard = Ears(lambda _prompt: next(source), is_person=False).answer()
    stops = [place for place, line in enumerate([*lines, "."]) if line.strip() == "." or line.strip().startswith("/")]
    if heard.command is None:
        assert list(heard.lines) == lines[: len(heard.lines)]
        assert [*lines, "."][len(heard.lines)].strip() == "."
    else:
        assert lines[len(heard.lines)].strip().casefold() == heard.command
    assert len(heard.lines) >= min(stops, default=0)
    assert not heard.is_end


def test_the_end_of_the_input_is_heard() -> None:
    """With the lines before it."""

    def read(_prompt: str) -> str:
        raise EOFError

    heard = Ears(read, is_person=False).answer(["begun"])
    assert (heard.text, heard.is_end, heard.command) == ("begun", True, None)
    assert CLEAR.startswith("/")


@given(st.text())
def test_no_text_steers_the_terminal(text: str) -> None:
    """Neither a model's words nor the candidate's own."""
    shown = plain(text)
    assert not set(shown) & {chr(code) for code in (*range(9), *range(11, 32), 127, *range(128, 160))}
    assert plain(shown) == shown
