"""How long a server asks to be left alone: from its headers, through the real SDK, over a real socket."""

from __future__ import annotations

from dataclasses import replace

import pytest

from interviewer.domain import UngradedReason
from interviewer.errors import ModelError
from interviewer.llm import Message, OpenAIChat
from interviewer.llm.retry_after import retry_after_s
from tests.openai_server import Answer, OpenAIServer, fails, says

DATE = "Sat, 21 Nov 2026 12:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "20"}, 20),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after": "0"}, 0),
        ({"retry-after-ms": "1500", "retry-after": "2"}, 1.5),
        ({"retry-after-ms": "soon", "retry-after": "2"}, 2),
        ({"retry-after": "Sat, 21 Nov 2026 12:02:00 GMT", "date": DATE}, 120),
        ({"retry-after": "Sat, 21 Nov 2026 11:00:00 GMT", "date": DATE}, 0),
        ({"retry-after": "Thu, 01 Jan 1970 00:00:00 GMT"}, 0),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "tomorrow"}, None),
        ({"retry-after": "Sat, 99 Nov 99999 12:00:00 GMT", "date": DATE}, None),
        ({"retry-after": ""}, None),
    ],
)
def test_seconds_dates_and_nonsense_are_told_apart(headers: dict[str, str], seconds: float | None) -> None:
    """A date counts from the server's own clock."""
    assert retry_after_s(headers) == seconds


async def failure(*answers: Answer, retries: int = 0, timeout_s: float = 5.0) -> ModelError:
    """The error of asking a server that gives these answers."""
    async with OpenAIServer(answers) as server:
        chat = OpenAIChat("a-model", base_url=server.base_url, max_retries=retries)
        with pytest.raises(ModelError) as caught:
            await chat.complete([Message("system", "Hi.")], schema_name="s", schema={}, timeout_s=timeout_s)
        await chat.close()
    return caught.value


@pytest.mark.parametrize("status", [429, 503])
async def test_an_error_carries_what_the_server_asked_for(status: int) -> None:
    """In seconds."""
    error = await failure(replace(fails(status), headers={"retry-after": "120"}))
    assert error.retry_after_s == 120


async def test_time_that_runs_out_while_waiting_for_the_server_keeps_what_it_asked_for() -> None:
    """The SDK waits for a short one by itself."""
    error = await failure(replace(fails(429), headers={"retry-after": "40"}), retries=1, timeout_s=0.3)
    assert (error.reason, error.retry_after_s) == (UngradedReason.TIMED_OUT, 40)


async def test_a_refusal_that_a_retry_made_good_is_forgotten() -> None:
    """The next error has nothing to do with it."""
    cut = says("{", finish=None, cut=True)
    assert (await failure(fails(429), cut, retries=1)).retry_after_s is None
