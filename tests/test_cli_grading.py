"""`interviewer eval` and `interviewer grade` as a person meets them: files in, tables and JSON Lines out."""

from __future__ import annotations

import asyncio
import json
import math
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner, Result

from interviewer.cli import app
from interviewer.web.shapes import GradingShape
from tests.conftest import ROOT
from tests.faults.server import environ
from tests.openai_server import Answer, OpenAIServer, Request, fails, says
from tests.replies import a_mark_reply, a_reply
from tests.terminal import interviewer

POINTS = [
    {"id": "pool", "says": "A pool keeps connections open", "weight": 3, "cues": [["pool"], ["open", "keeps"]]},
    {"id": "reuse", "says": "Requests reuse them", "cues": [["reuse", "again"]]},
]
WRONG = [{"id": "each", "says": "Each request needs its own pool", "cues": [["each"], ["own"], ["pool"]]}]
QUESTION = "Why is there something between the server and its database?"
GOOD = "A pool keeps the connections open. Requests use them again and again."
HALF = "The pool keeps connections open for a while."
BAD = "Nobody ever needs anything like that in production, I would say."
IDK = "I don't know."


def row(row_id: str, answer: object, **more: object) -> dict[str, object]:
    """A row with points and cues."""
    least = {"id": row_id, "group": "q1", "question": QUESTION, "points": POINTS, "answer": answer}
    return least | more


SCORED = [
    row("a", GOOD, score=1.0, marks={"pool": 1, "reuse": 1}, tier="strong", level="mid"),
    row("b", HALF, score=0.5, marks={"pool": 1, "reuse": 0}, tier="partial", level="mid"),
    row("c", BAD, score=0.0, group="q2", tier="wrong", level="mid"),
    row("d", IDK, score=0.0, group="q2", tier="empty"),
]


def written(path: Path, *rows: object) -> str:
    """A file of JSON Lines; a text stands as it is."""
    lines = (each if isinstance(each, str) else json.dumps(each) for each in rows)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return str(path)


def invoke(*arguments: str, stdin: str | None = None) -> Result:
    """What the command did, in this process; it is to end well or by its own exit."""
    result = CliRunner(env={"COLUMNS": "120"}).invoke(app, arguments, input=stdin)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def lines(text: str) -> list[dict[str, Any]]:
    """JSON Lines, read."""
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture
def scored(tmp_path: Path) -> str:
    """A file of answers with human marks."""
    return written(tmp_path / "scored.jsonl", *SCORED)


# ---- grade


def test_grade_writes_a_grading_for_each_row_as_the_product_does(scored: str) -> None:
    """The same names as the API's, the row's id, marks with quotes, and who gave them."""
    result = invoke("grade", scored)
    graded = lines(result.stdout)
    assert (result.exit_code, result.stderr) == (0, "")
    assert [each["id"] for each in graded] == ["a", "b", "c", "d"]
    assert [each["score"] for each in graded] == [100, 75, 0, 0]
    for each in graded:
        assert each.keys() == {"id", *GradingShape.model_fields}
        GradingShape.model_validate(each)
        assert (each["grader"], each["estimate"], each["bank"]) == ("fuzzy", True, "rows")
    mark = graded[1]["marks"][0]
    assert (mark["point"], mark["verdict"], mark["weight"]) == ("pool", "met", 3)
    assert HALF[mark["start"] : mark["end"]] == mark["quote"]
    assert graded[3]["notes"]


def test_grade_reads_the_standard_input_and_writes_a_file(tmp_path: Path) -> None:
    """And then prints nothing."""
    out = tmp_path / "out.jsonl"
    result = invoke("grade", "-", "--out", str(out), stdin=json.dumps(SCORED[0]))
    assert (result.exit_code, result.output) == (0, "")
    assert [each["id"] for each in lines(out.read_text(encoding="utf-8"))] == ["a"]


def test_a_grading_is_written_before_the_next_row_is_there() -> None:
    """Somebody at the other end of a pipe need not wait for the last row."""
    process = subprocess.Popen(
        [sys.executable, "-m", "interviewer", "grade", "-"],
        cwd=ROOT,
        env=environ(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdin
        assert process.stdout
        for each in SCORED[:2]:
            process.stdin.write(json.dumps(each) + "\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == each["id"]
        process.stdin.close()
    assert process.returncode == 0


def test_ctrl_c_is_heard_while_it_waits_for_a_row() -> None:
    """At the first press, without a traceback; what was graded has been written."""
    with subprocess.Popen(
        [sys.executable, "-m", "interviewer", "grade", "-"],
        cwd=ROOT,
        env=environ(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdin.write(json.dumps(SCORED[0]) + "\n")
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["id"] == "a"
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) != 0
        assert "Traceback" not in process.stderr.read()


def test_a_bad_line_is_named_and_the_others_are_graded(tmp_path: Path) -> None:
    """Nothing is lost, the status says that something was wrong, and no answer is printed."""
    file = written(tmp_path / "f.jsonl", SCORED[0], '{"answer": "secret', row("x", ["secret", 5]), SCORED[1])
    result = invoke("grade", file)
    assert result.exit_code == 2
    assert [each["id"] for each in lines(result.stdout)] == ["a", "b"]
    assert [line.split(": ")[1] for line in result.stderr.splitlines()] == [f"{file}:2", f"{file}:3"]
    assert "secret" not in result.stderr


def test_a_point_that_only_a_later_text_holds_is_worth_less(tmp_path: Path) -> None:
    """A list of texts is an answer and what was said to probes."""
    file = written(tmp_path / "f.jsonl", row("a", [HALF, "Requests use them again."]))
    (graded,) = lines(invoke("grade", file).stdout)
    assert graded["marks"][1]["said"] == 1
    assert graded["score"] == round(100 * (3 + 0.75) / 4)


def test_characters_that_are_no_text_do_not_stop_it(tmp_path: Path) -> None:
    """A broken pair, a zero and a very long word are passed over."""
    file = written(tmp_path / "f.jsonl", row("é", f"{GOOD} é\ud800 {'x' * 5000} \x00"))
    result = invoke("grade", file)
    assert result.exit_code == 0
    (graded,) = lines(result.stdout)
    assert (graded["id"], graded["score"]) == ("é", 100)


def test_a_reader_that_leaves_early_is_no_error(tmp_path: Path) -> None:
    """`interviewer grade … | head -1` says nothing on the way out."""
    file = written(tmp_path / "f.jsonl", *(row(str(number), GOOD) for number in range(300)))
    with subprocess.Popen(
        [sys.executable, "-m", "interviewer", "grade", file],
        cwd=ROOT,
        env=environ(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        assert process.stderr
        assert json.loads(process.stdout.readline())["id"] == "0"
        process.stdout.close()
        assert process.stderr.read() == ""


# ---- eval


def test_eval_prints_figures_with_intervals_and_breakdowns(scored: str) -> None:
    """A table for the file, then by level, tier and group."""
    result = invoke("eval", scored)
    assert (result.exit_code, result.stderr) == (0, "")
    for words in ("marked by fuzzy", "95 % interval", "Pearson", "of 5", "points: kappa", "by level", "by tier"):
        assert words in result.stdout
    for part in ("strong", "partial", "wrong", "empty", "q1", "q2"):
        assert f"│ {part} " in result.stdout


def test_eval_as_json_holds_every_figure(scored: str) -> None:
    """One object, file by file."""
    result = invoke("eval", scored, "--json")
    figures = json.loads(result.stdout)[scored]
    assert (figures["n"], figures["groups"], figures["points"], figures["left_out"]) == (4, 2, 4, 0)
    assert figures["figures"]["pearson"]["value"] == pytest.approx(2.875 / math.sqrt(3.1875 * 2.75))
    assert figures["figures"]["leniency"]["value"] == pytest.approx(0.0625)
    assert figures["figures"]["point_accuracy"] == {"value": 1.0, "low": 1.0, "high": 1.0}
    assert figures["by_tier"]["partial"]["mean_machine"] == 0.75
    assert figures["ms_median"] > 0


def test_several_files_are_told_apart(tmp_path: Path, scored: str) -> None:
    """Each has its table, its figures and its plot."""
    other = written(tmp_path / "other.jsonl", *SCORED[:2])
    result = invoke("eval", scored, other, "--json", "--plot", str(tmp_path / "p.svg"))
    assert [(file, of["n"]) for file, of in json.loads(result.stdout).items()] == [(scored, 4), (other, 2)]
    assert {path.name for path in tmp_path.glob("*.svg")} == {"p-scored.svg", "p-other.svg"}
    shown = invoke("eval", scored, other).stdout
    assert shown.count("95 % interval") == 2


def test_eval_draws_a_plot(tmp_path: Path, scored: str) -> None:
    """With the file's name in its title."""
    assert invoke("eval", scored, "--plot", str(tmp_path / "p.svg")).exit_code == 0
    title = ElementTree.parse(tmp_path / "p.svg").findtext("{http://www.w3.org/2000/svg}title")
    assert (title or "").startswith("scored.jsonl: n = 4, Pearson 0.97")


def test_one_row_has_no_correlation_but_a_table(tmp_path: Path) -> None:
    """What cannot be computed reads n/a."""
    result = invoke("eval", written(tmp_path / "f.jsonl", SCORED[0]))
    assert result.exit_code == 0
    (line,) = [line for line in result.stdout.splitlines() if "Pearson" in line]
    assert line.count("n/a") == 2


@pytest.mark.parametrize(
    ("option", "leniency"),
    [(None, 0.8), ("--no-misconceptions", 1.0)],
)
def test_misconceptions_can_be_left_out(tmp_path: Path, option: str | None, leniency: float) -> None:
    """An asserted one costs its penalty, unless it is not asked for."""
    answer = f"{GOOD} Each worker has its own pool."
    file = written(tmp_path / "f.jsonl", row("a", answer, score=0, misconceptions=WRONG))
    figures = json.loads(invoke("eval", file, "--json", *([option] if option else [])).stdout)[file]["figures"]
    assert figures["leniency"]["value"] == pytest.approx(leniency)


def test_cues_can_be_left_out(tmp_path: Path) -> None:
    """Then an answer that has only the cues' words has nothing in common with the sentences."""
    points = [{"id": "p", "says": "Zebras gallop", "cues": [["pool"], ["open"]]}]
    file = written(tmp_path / "f.jsonl", row("a", GOOD, score=0, points=points))
    with_cues = json.loads(invoke("eval", file, "--json").stdout)[file]["figures"]
    without = json.loads(invoke("eval", file, "--json", "--sentences-only").stdout)[file]["figures"]
    assert (with_cues["mae"]["value"], without["mae"]["value"]) == (1.0, 0.0)


def test_markup_in_names_is_shown_as_it_is(tmp_path: Path) -> None:
    """Names come from data."""
    rows = [row("a", GOOD, score=1, group="[red]q[/red]"), row("b", BAD, score=0, group=":smile:[/]", tier="[b]")]
    shown = invoke("eval", written(tmp_path / "f.jsonl", *rows)).stdout
    for name in ("[red]q[/red]", ":smile:[/]", "[b]"):
        assert name in shown


# ---- what cannot be read or written


def a_missing_file(_tmp_path: Path) -> list[str]:
    """No such file."""
    return ["eval", "nowhere.jsonl"]


def a_folder(tmp_path: Path) -> list[str]:
    """A folder instead of a file."""
    return ["grade", str(tmp_path)]


def an_empty_file(tmp_path: Path) -> list[str]:
    """Nothing in it."""
    return ["eval", written(tmp_path / "f.jsonl")]


def a_binary_file(tmp_path: Path) -> list[str]:
    """Something else."""
    (tmp_path / "f.gz").write_bytes(b"\x1f\x8b\x08\x00")
    return ["eval", str(tmp_path / "f.gz")]


def a_row_without_score(tmp_path: Path) -> list[str]:
    """Nothing to compare with."""
    return ["eval", written(tmp_path / "f.jsonl", SCORED[0], row("x", "secret"))]


def no_model(tmp_path: Path) -> list[str]:
    """A model is wanted and none is set."""
    return ["eval", "--grader", "llm", written(tmp_path / "f.jsonl", SCORED[0])]


def onto_itself(tmp_path: Path) -> list[str]:
    """The output would overwrite the input."""
    file = written(tmp_path / "f.jsonl", SCORED[0])
    return ["grade", file, "--out", file]


def no_model_for_a_file_that_is_there(tmp_path: Path) -> list[str]:
    """What was graded before is not thrown away for it."""
    file = written(tmp_path / "f.jsonl", SCORED[0])
    return ["grade", file, "--grader", "llm", "--out", written(tmp_path / "f.out", "graded before")]


def out_into_nowhere(tmp_path: Path) -> list[str]:
    """Its folder is missing."""
    return ["grade", written(tmp_path / "f.jsonl", SCORED[0]), "--out", str(tmp_path / "no" / "out.jsonl")]


def plot_into_nowhere(tmp_path: Path) -> list[str]:
    """Its folder is missing."""
    return ["eval", written(tmp_path / "f.jsonl", SCORED[0]), "--plot", str(tmp_path / "no" / "p.svg")]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (a_missing_file, "nowhere.jsonl: there is no such file"),
        (a_folder, "is a folder"),
        (an_empty_file, "there are no rows in it"),
        (a_binary_file, "f.gz:1: not UTF-8 text"),
        (a_row_without_score, "f.jsonl:2: score: missing"),
        (no_model, "INTERVIEWER_MODEL"),
        (no_model_for_a_file_that_is_there, "INTERVIEWER_MODEL"),
        (onto_itself, "--out"),
        (out_into_nowhere, "--out"),
        (plot_into_nowhere, "--plot"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_what_the_operator_can_mend_is_said_in_one_line(
    tmp_path: Path, wrong: Callable[[Path], list[str]], says: str
) -> None:
    """What is wrong and what to do; no traceback, no figures, and the file that was to be graded is still there."""
    done = interviewer(*wrong(tmp_path))
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("interviewer: ")
    assert says in line
    assert all(path.stat().st_size for path in tmp_path.glob("f.*") if wrong is not an_empty_file)


# ---- with a model


def credits_what_it_finds(request: Request) -> Answer:
    """A model that quotes an answer about pools, and whose server fails for every other answer."""
    said = str(request.body["messages"][-1]["content"])
    if HALF in said:
        return says(a_reply(a_mark_reply("pool", "met", HALF), a_mark_reply("reuse")))
    return fails(500)


async def with_model(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command line against a model server over a real socket."""
    async with OpenAIServer(credits_what_it_finds) as server:
        settings = {
            "INTERVIEWER_MODEL": "a-model",
            "INTERVIEWER_MODEL_RETRIES": "0",
            "OPENAI_BASE_URL": server.base_url,
        }
        return await asyncio.to_thread(interviewer, *arguments, "--grader", "llm", **settings)


async def test_what_the_model_cannot_grade_is_written_as_ungraded(scored: str) -> None:
    """Not as an estimate in its place; what holds nothing needs no model."""
    done = await with_model("grade", scored)
    graded = {each["id"]: each for each in lines(done.stdout)}
    assert done.returncode == 0
    assert graded["a"] == {"id": "a", "ungraded": {"reason": "server_error", "message": "The model server failed."}}
    assert (graded["b"]["grader"], graded["b"]["model"], graded["b"]["score"]) == ("llm", "served-model", 75)
    assert graded["d"]["score"] == 0
    assert done.stderr == "interviewer: 2 of 4 answers were not graded by the model and are written as ungraded.\n"


async def test_what_the_model_cannot_grade_is_left_out_of_the_figures(scored: str) -> None:
    """And counted, so that nobody takes the rest for the whole."""
    done = await with_model("eval", scored, "--json")
    figures = json.loads(done.stdout)[scored]
    assert (done.returncode, figures["grader"], figures["n"], figures["left_out"]) == (0, "llm", 2, 2)
    assert done.stderr == (
        f"interviewer: {scored}: 2 of 4 answers were not graded by the model and are left out of the figures.\n"
    )
