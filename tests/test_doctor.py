"""`interviewer doctor`: what it finds out about a server, over real sockets, and what it says of it."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from interviewer.cli import doctor
from interviewer.cli.trial import ANSWER, Finding, Sign, Trial, try_out
from interviewer.llm import LocalServer, local_servers
from interviewer.settings import Settings
from tests.conftest import ROOT
from tests.faults.server import environ
from tests.openai_server import (
    Answer,
    OpenAIServer,
    Request,
    declines,
    fails,
    hangs,
    lists,
    refuses,
    says,
    says_whole,
    sends,
    streams,
)
from tests.replies import a_mark_reply, a_reply

KEY = "sk-secret-of-the-operator"
MARKS = a_reply(
    a_mark_reply("change", "met", "a tuple cannot be changed once it exists"),
    a_mark_reply("key", "met", "a tuple of strings works as a key in a dictionary"),
    a_mark_reply("memory"),
)
INVENTED = a_reply(
    a_mark_reply("change", "met", "a tuple cannot be changed once it exists"),
    a_mark_reply("key", "met", "tuples are hashable and everybody knows it"),
    a_mark_reply("memory", "met", "a tuple is smaller in memory"),
)
HTML = sends("<html><body>Welcome</body></html>", kind="text/html")

Script = Iterable[Answer] | Callable[[Request], Answer]


async def tried(script: Script, *, key: str | None = KEY, timeout_s: float = 20.0) -> Trial:
    """What is found out about a server that answers like this."""
    async with OpenAIServer(script) as server:
        return await tried_at(server.base_url, key=key, timeout_s=timeout_s)


async def tried_at(address: str, *, key: str | None = KEY, timeout_s: float = 20.0) -> Trial:
    """What is found out about an address."""
    settings = Settings(
        model="a-model",
        openai_api_key=key,  # type: ignore[arg-type]  # pydantic makes it a secret
        openai_base_url=address,
        model_timeout_s=timeout_s,
        model_retries=0,
        model_temperature=0.0,
        model_votes=3,  # it asks once all the same
    )
    return await try_out(settings, "the address")


def lines(trial: Trial) -> list[tuple[Sign, str]]:
    """Signs and what they are about."""
    return [(finding.sign, finding.what) for finding in trial.findings]


def said_of(trial: Trial, what: str) -> str:
    """The words on one thing."""
    (finding,) = (finding for finding in trial.findings if finding.what == what)
    return finding.says


# ---- a model that works


async def test_a_good_server_gets_a_tick_on_every_line() -> None:
    trial = await tried([says(MARKS)])
    assert (trial.works, trial.reached) == (True, True)
    assert lines(trial) == [
        (Sign.WORKS, what)
        for what in (
            "reachable",
            "key",
            "model name",
            "structured output",
            "streaming",
            "speed",
            "tokens",
            "quotes",
            "marks",
        )
    ]
    assert said_of(trial, "key") == "accepted"
    assert said_of(trial, "model name") == "a-model, which the server calls served-model"
    assert said_of(trial, "tokens") == "11 in, 7 out"
    assert said_of(trial, "quotes") == "2 of 2 are the answer's own words"
    assert said_of(trial, "marks") == "3 of 3 points marked as they should be"


async def test_the_trial_is_one_real_grading() -> None:
    async with OpenAIServer([says(MARKS)]) as server:
        await tried_at(server.base_url)
    (request,) = server.requests
    assert "You mark one answer" in request.body["messages"][0]["content"]
    assert ANSWER in request.body["messages"][1]["content"]


@pytest.mark.parametrize(
    ("unwanted", "what", "words"),
    [
        (["response_format"], "structured output", "asked for in words"),
        (["json_schema"], "structured output", "json_object, for json_schema is refused"),
        (["temperature"], "temperature", "has no effect"),
        (["max_tokens", "max_completion_tokens"], "token limit", "refused; a reply"),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, list) else "",
)
async def test_what_a_server_refuses_is_said_and_the_model_works_all_the_same(
    unwanted: list[str], what: str, words: str
) -> None:
    trial = await tried(refuses(*unwanted, otherwise=says(MARKS)))
    assert trial.works
    assert [name for sign, name in lines(trial) if sign is not Sign.WORKS] == [what]
    assert words in said_of(trial, what)


async def test_the_other_name_of_the_token_limit_is_no_loss() -> None:
    trial = await tried(refuses("max_tokens", otherwise=says(MARKS)))
    assert {sign for sign, _ in lines(trial)} == {Sign.WORKS}


async def test_a_server_that_neither_streams_nor_counts_is_said_to() -> None:
    choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": MARKS}}
    trial = await tried([sends(json.dumps({"choices": [choice]}), kind="application/json")])
    assert trial.works
    assert said_of(trial, "streaming") == "none, the reply comes in one piece"
    assert said_of(trial, "tokens") == "the server does not count them"
    assert said_of(trial, "model name") == "a-model"


async def test_a_slow_model_is_told_the_setting() -> None:
    late = says_whole(MARKS)
    trial = await tried([Answer(late.parts, kind=late.kind, wait_s=2.5)], timeout_s=4.9)
    assert trial.works
    assert "INTERVIEWER_MODEL_TIMEOUT_S" in said_of(trial, "speed")


async def test_quotes_that_are_not_in_the_answer_are_counted() -> None:
    trial = await tried([says(INVENTED)])
    assert trial.works
    assert (Sign.PARTLY, "quotes") in lines(trial)
    assert said_of(trial, "quotes").startswith("1 of 3")
    assert said_of(trial, "marks").startswith("2 of 3")


async def test_a_reply_that_had_to_be_asked_for_twice_is_said_to() -> None:
    trial = await tried([says("I would give this a B."), says(MARKS)])
    assert trial.works
    assert said_of(trial, "reply") == "readable at try 2"


async def test_a_server_without_a_key_is_fine() -> None:
    trial = await tried([says(MARKS)], key=None)
    assert said_of(trial, "key") == "none is set, and the server wants none"


# ---- a model that does not


@pytest.mark.parametrize(
    ("script", "findings", "words"),
    [
        ([fails(401)], ["reachable", "key"], "check OPENAI_API_KEY"),
        ([fails(403)], ["reachable", "key"], "may use this model"),
        ([HTML], ["reachable", "reply"], "often it ends in /v1"),
        ([fails(429)], ["reachable", "key", "limit"], "try again later"),
        ([fails(500)], ["reachable", "server"], "try again"),
        ([declines()], ["reachable", "key", "model name", "reply"], "declined"),
        ([says("{", finish="length")], ["reachable", "key", "model name", "reply"], "INTERVIEWER_MODEL_MAX_TOKENS"),
        ([streams()], ["reachable", "reply"], "no chat completion"),
        ([fails(404), fails(404)], ["reachable", "key", "request"], "check INTERVIEWER_MODEL and OPENAI_BASE_URL"),
        ([fails(404), lists("one", "two")], ["reachable", "key", "model name"], "The server has one, two"),
        ([fails(404), lists("a-model")], ["reachable", "key", "request"], "check INTERVIEWER_MODEL"),
        ([hangs(), lists("a-model")], ["reachable", "speed"], "INTERVIEWER_MODEL_TIMEOUT_S"),
    ],
    ids=["wrong key", "key without rights", "HTML", "limit", "broken", "refusal", "cut by length", "empty stream",
         "wrong address", "wrong model", "no reason", "slow"],
)  # fmt: skip
async def test_the_first_thing_that_fails_is_named_with_what_to_do(
    script: list[Answer], findings: list[str], words: str
) -> None:
    answers = iter(script)
    later = script[-1]
    slow = any(answer.wait_s for answer in script)
    trial = await tried(
        lambda request: lists_or_waits(request, script) if slow else next(answers, later),
        timeout_s=0.5 if slow else 20.0,
    )
    assert (trial.works, trial.reached) == (False, True)
    assert [what for _, what in lines(trial)] == findings
    assert [sign for sign, _ in lines(trial)] == [Sign.WORKS] * (len(findings) - 1) + [Sign.FAILS]
    assert words in trial.findings[-1].says


def lists_or_waits(request: Request, script: list[Answer]) -> Answer:
    """A server whose model is slow and whose list is not."""
    waits, listed = script
    return listed if request.path.endswith("/models") else waits


async def test_replies_that_are_no_marks_are_a_failure_of_the_reply() -> None:
    trial = await tried(lambda _request: says("I would give this a B."))
    assert not trial.works
    assert lines(trial)[-1] == (Sign.FAILS, "reply")
    assert (Sign.WORKS, "key") in lines(trial)


async def test_an_address_where_nobody_listens_is_not_reached() -> None:
    async with OpenAIServer([]) as server:
        gone = server.base_url
    trial = await tried_at(gone)
    assert (trial.works, trial.reached) == (False, False)
    assert lines(trial) == [(Sign.FAILS, "reachable")]
    assert "check that it runs, and OPENAI_BASE_URL. (the address)" in said_of(trial, "reachable")


async def test_an_address_that_only_takes_connections_is_not_reached_either() -> None:
    trial = await tried(lambda _request: hangs(20), timeout_s=0.3)
    assert (trial.works, trial.reached) == (False, False)
    assert lines(trial) == [(Sign.FAILS, "reachable")]


async def test_no_finding_shows_the_key() -> None:
    for script in ([fails(401, f"bad {KEY}")], [fails(404, KEY), lists("x")], [fails(400, KEY)] * 3, [says(MARKS)]):
        assert KEY not in str((await tried(script)).findings)


# ---- servers on this machine


async def test_a_local_server_is_found_with_its_models() -> None:
    async with OpenAIServer([lists("nomic-embed-text", "qwen2.5:7b")]) as server:
        (ollama,) = await local_servers([("Ollama", port_of(server))])
        assert (ollama.usually, ollama.base_url) == ("Ollama", server.base_url)
    assert ollama.models == ("nomic-embed-text", "qwen2.5:7b")
    assert server.requests[0].path == "/v1/models"


@pytest.mark.parametrize(
    "answer",
    [
        fails(404),
        fails(401),
        HTML,
        sends("[]", kind="application/json"),
        sends('{"detail": "hello"}', kind="application/json"),
        sends('{"object": "list"}', kind="application/json"),
        sends("{", kind="application/json"),
        Answer(cut=True),
        hangs(3),
    ],
    ids=["404", "401", "HTML", "list", "other JSON", "no data", "broken JSON", "cut", "silent"],
)
async def test_something_else_on_the_port_is_passed_over(answer: Answer) -> None:
    async with OpenAIServer([answer]) as server:
        assert await local_servers([("vLLM", port_of(server))]) == ()


async def test_nobody_on_the_port_is_passed_over() -> None:
    async with OpenAIServer([]) as server:
        gone = port_of(server)
    assert await local_servers([("vLLM", gone)]) == ()


async def test_an_ollama_without_models_is_found_and_told_what_to_do() -> None:
    async with OpenAIServer([sends('{"object": "list", "data": null}', kind="application/json")]) as server:
        found = await local_servers([("Ollama", port_of(server))])
    assert found[0].models == ()
    (line,) = doctor._offer_lines(found, Settings())
    assert "ollama pull" in line


def test_an_offer_holds_the_exact_lines_to_set() -> None:
    found = [
        LocalServer(
            usually="Ollama", base_url="http://127.0.0.1:11434/v1", models=("nomic-embed", "qwen2.5:7b", "b c")
        ),
        LocalServer(usually="vLLM", base_url="http://127.0.0.1:8000/v1", models=("my model",)),
    ]
    offered = [line.strip() for line in doctor._offer_lines(found, Settings())]
    assert offered == [
        "✓ Ollama             answers at http://127.0.0.1:11434/v1. To mark with it:",
        "export INTERVIEWER_MODEL=qwen2.5:7b",
        "export OPENAI_BASE_URL=http://127.0.0.1:11434/v1",
        "It also has b c.",
        "✓ vLLM               answers at http://127.0.0.1:8000/v1. To mark with it:",
        "export INTERVIEWER_MODEL='my model'",
        "export OPENAI_BASE_URL=http://127.0.0.1:8000/v1",
    ]


def test_where_there_is_no_server_the_ports_are_named() -> None:
    (line,) = doctor._offer_lines([], Settings())
    assert "11434 (Ollama), 1234 (LM Studio), 8080 (llama.cpp), 8000 (vLLM)" in line


def test_a_key_without_a_model_is_pointed_out() -> None:
    settings = Settings(openai_api_key=KEY)  # type: ignore[arg-type]
    assert any("INTERVIEWER_MODEL names no model" in line for line in doctor._offer_lines([], settings))


def port_of(server: OpenAIServer) -> int:
    """Where it listens."""
    return int(server.base_url.removesuffix("/v1").rpartition(":")[2])


# ---- what is shown


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://api.openai.com/v1", "https://api.openai.com/v1"),
        ("https://user:secret@host:8443/v1", "https://host:8443/v1"),
        ("https://host/v1?api-version=1&code=secret", "https://host/v1?api-version=1&code=…"),
        ("http://[::1", "an address that cannot be read"),
    ],
)
def test_an_address_is_shown_without_its_secrets(address: str, shown: str) -> None:
    assert doctor.shown_address(address) == shown


def test_findings_stand_in_columns() -> None:
    assert doctor._finding_lines([Finding(Sign.WORKS, "key", "accepted"), Finding(Sign.FAILS, "reply", "no")]) == [
        "  ✓ key                accepted",
        "  ✕ reply              no",
    ]


# ---- the command


async def run(**settings: str) -> tuple[int | None, str, str]:
    """Exit status, output and errors of `interviewer doctor`."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "interviewer",
        "doctor",
        cwd=ROOT,
        env=environ(COLUMNS="60", **settings),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()


async def test_with_a_model_that_marks_the_command_ends_with_0() -> None:
    async with OpenAIServer([says(MARKS)]) as server:
        address = server.base_url
        code, out, err = await run(
            INTERVIEWER_MODEL="a-model", OPENAI_API_KEY=KEY, OPENAI_BASE_URL=f"{address}?code=hidden"
        )
    assert (code, err) == (0, "")
    for name, value in (
        ("INTERVIEWER_MODEL", "a-model"),
        ("INTERVIEWER_PORT", "8000  (default)"),
        ("INTERVIEWER_TRUSTED_HOSTS", "not set"),
        ("OPENAI_API_KEY", "set, not shown"),
        ("OPENAI_BASE_URL", f"{address}?code=…"),
    ):
        assert re.search(rf"^  {name} +{re.escape(value)}$", out, re.MULTILINE), name
    assert "  ✓ marks              3 of 3" in out
    assert "Interviews work, and are marked by the model.\n" in out
    assert KEY not in out
    assert "hidden" not in out


async def test_with_a_model_that_does_not_the_command_ends_with_1() -> None:
    async with OpenAIServer([fails(401, f"bad {KEY}")]) as server:
        code, out, err = await run(
            INTERVIEWER_MODEL="a-model",
            INTERVIEWER_MODEL_RETRIES="0",
            OPENAI_API_KEY=KEY,
            OPENAI_BASE_URL=server.base_url,
        )
    assert (code, err) == (1, "")
    assert "  ✕ key                The model server answered 401: check OPENAI_API_KEY." in out
    assert "marked by the offline grader" in out
    assert KEY not in out


async def test_without_a_model_the_command_looks_around_and_ends_with_1() -> None:
    code, out, err = await run(INTERVIEWER_DATABASE="data/none.sqlite3")
    assert (code, err) == (1, "")
    assert "  ✓ file               data/none.sqlite3 will be made at the first start" in out
    assert "  ✓ grader" in out
    assert "none is set: answers are marked offline, as estimates" in out
    assert "none found on ports 11434" in out or "export INTERVIEWER_MODEL=" in out


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"INTERVIEWER_MODLE": "x"}, "Did you mean INTERVIEWER_MODEL?"),
        ({"INTERVIEWER_MODEL": "x"}, "OPENAI_API_KEY nor OPENAI_BASE_URL"),
        ({"INTERVIEWER_MODEL": "x", "OPENAI_BASE_URL": "localhost/v1"}, "give the whole address"),
        ({"INTERVIEWER_DATABASE_URL": "postgresql://a:b@127.0.0.1:9/c"}, "Check that it is running"),
        ({"INTERVIEWER_DATABASE_URL": "postgresql://a:b@c/d@127.0.0.1:9/e"}, "with signs like @ and / in the password"),
        ({"INTERVIEWER_BANK_DIR": "/does/not/exist"}, "/does/not/exist"),
        ({"INTERVIEWER_MODEL_MAX_TOKENS": "5"}, "INTERVIEWER_MODEL_MAX_TOKENS"),
    ],
)
async def test_a_setting_that_cannot_be_right_ends_the_command_with_2(settings: dict[str, str], message: str) -> None:
    code, _, err = await run(**settings)
    assert code == 2
    assert message in err
    assert "Traceback" not in err


async def test_a_prompt_that_is_missing_ends_the_command_with_2(tmp_path: Path) -> None:
    code, _, err = await run(
        INTERVIEWER_MODEL="x", OPENAI_BASE_URL="http://127.0.0.1:9/v1", INTERVIEWER_PROMPTS_DIR=str(tmp_path)
    )
    assert code == 2
    assert "prompts folder" in err
