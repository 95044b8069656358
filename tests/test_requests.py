"""What a candidate may type besides an answer, and that no answer is ever taken for it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.bank import Bank
from interviewer.domain import Point, Question
from interviewer.talk.requests import Request, may_be_question_back, request_of
from tests.builders import a_question
from tests.conftest import ROOT

QUESTION = replace(
    a_question(),
    ask="A dependency opens a session and commits after the yield. When does that commit run, and why does it matter?",
    points=(
        Point(
            id="after",
            says="By default the commit runs after the response has been sent",
            weight=2,
            cues=(("after", "once"), ("response", "reply"), ("sent", "delivered")),
            probe="The client has its 201. Has your commit happened yet?",
        ),
        Point(
            id="scope", says="With function scope it runs before", weight=1, cues=(("scope",), ("function", "before"))
        ),
    ),
)
STOPPING = replace(
    a_question(),
    ask="What do you do with the worker when the server is told to stop, and do you skip the open requests?",
)

REQUESTS = {
    Request.REPEAT: """
        can you repeat the question?
        Could you please repeat that?
        Repeat the question, please
        repeat
        Say that again?
        What was the question again?
        Sorry, I didn't catch that. Could you repeat the question?
        pardon?
        once more please
        Would you mind repeating the question?
        I missed the question
        Sorry, what did you ask?
        I’m sorry, could you say that again please?
        /repeat
    """,
    Request.HINT: """
        can I have a hint?
        hint
        Hint please 🙏
        Could you give me a hint, please?
        May I get another hint?
        I need a hint
        give me a clue
        I'd like a hint
        any hints?
        Do you have a hint for me?
        I don't know, can I have a hint?
        No idea. Hint please.
        /hint
        /HINT
    """,
    Request.SKIP: """
        skip
        skip it
        Skip this question.
        let's skip this one
        Can we move on?
        Next question please
        I'd like to skip this one
        Could we go to the next question?
        I don't know, skip
        I'd rather skip this
        move on
        can i skip this one?
        I don't know. Next question please.
        /skip
    """,
    Request.STOP: """
        stop
        let's stop
        Let’s stop here.
        I want to stop
        can we stop?
        end the interview
        I'd like to end the interview now
        please stop
        quit
        that's enough for today
        I have to leave, sorry
        can we finish here?
        I'm done for today
        /stop
    """,
    Request.CLARIFY: """
        what do you mean by scope?
        do you mean in Python or in general?
        can you explain the question?
        which version?
        Can you rephrase that?
        what do you mean?
        I don't understand the question.
        What does commit mean here?
        Is this about FastAPI or Starlette?
        Should I write code?
        what is the answer?
        tell me the answer
        do you want an example?
        How detailed should the answer be?
        are we talking about sync or async?
        could you clarify?
        Which version of Python?
    """,
    Request.HELP: """
        help
        /help
        can you help me?
        what can I type here?
    """,
}
ANSWERS = """
    Skip the middleware by returning early.
    I would stop the server
    A hint to the type checker
    repeat the request
    next() is called
    It stops.
    It is skipped
    I don't know
    I don't know.
    no idea
    pass
    I'll pass
    I give up
    Sorry.
    I am not sure
    yes
    no
    The dependency is cached, isn't it?
    You pass it on
    Stop the event loop
    help(obj)
    repeat(3)
    I would skip it
    I would repeat it
    I'd stop it
    let it skip
    The next one
    Next, the commit runs
    Next it commits.
    hint: the type is str
    `stop`
    skip = 10
    skip and limit
    quit() ends it
    stop, then start
    commit, then stop
    Can you pass it?
    Try again
    It asks again
    the server asks the question again
    we should stop the worker
    Let's stop the server first
    end of request
    Another question is whether it commits
    Do you mean the response has been sent?
    Is it after the response is sent?
    Should I use the function scope?
    you mean after the reply?
    In the reply or before it?
    Explain the commit to the client
    What happens is a commit
    In Python 3.12
    /items/skip
    /skip/1
    /stop the server
    /clarify
    /
    ?
    What
    Can I have a hint? It runs after the response.
    Skip. It runs after the response has been sent.
    It runs after the response has been sent. Can you repeat the question?
    can you repeat the question in the log of the server?
    Hint, skip and stop are what a rate limiter says
    ```stop```
    <b>skip</b>
    {"request": "skip"}
    Puis-je avoir un indice ?
"""


def lines(text: str) -> list[str]:
    """The lines of a table."""
    return [line.strip() for line in text.strip().splitlines()]


@pytest.mark.parametrize(
    ("text", "request_"), [(text, request) for request, texts in REQUESTS.items() for text in lines(texts)]
)
def test_a_request_is_understood(text: str, request_: Request) -> None:
    """As a nervous person types it."""
    assert request_of(text, QUESTION) is request_
    assert request_of(f"  {text}\n", QUESTION) is request_


@pytest.mark.parametrize("text", lines(ANSWERS))
def test_what_only_looks_like_a_request_is_an_answer(text: str) -> None:
    """It says something else, or something more."""
    assert request_of(text, QUESTION) is None


@pytest.mark.parametrize("text", ["stop", "skip", "skip it", "stop now", "Stop."])
def test_a_bare_word_is_an_answer_to_a_question_about_that_word(text: str) -> None:
    """A whole sentence about the interview and a slash still ask for it."""
    assert request_of(text, STOPPING) is None
    assert request_of(text, QUESTION)
    assert request_of("/stop", STOPPING) is Request.STOP
    assert request_of("Let's stop the interview", STOPPING) is Request.STOP
    assert request_of("can we skip this question?", STOPPING) is Request.SKIP


def test_a_bare_word_that_meets_a_point_is_an_answer() -> None:
    """The offline grader would credit it."""
    point = Point(id="p", says="The request goes on", weight=1, cues=(("next", "onward"),))
    assert request_of("next", replace(QUESTION, points=(point,))) is None
    assert request_of("next", QUESTION) is Request.SKIP
    assert request_of("next", None) is Request.SKIP


@pytest.mark.parametrize(
    ("text", "request_"),
    [
        ("yes", Request.STOP),
        ("Yes, please.", Request.STOP),
        ("stop", Request.STOP),
        ("no", Request.REPEAT),
        ("No, let's go on", Request.REPEAT),
        ("It runs after the response.", None),
    ],
)
def test_yes_and_no_are_replies_to_whether_to_stop(text: str, request_: Request | None) -> None:
    """Only when that was asked."""
    assert request_of(text, QUESTION, stopping=True) is request_
    assert text == "stop" or request_of(text, QUESTION) is None


def test_no_answer_that_people_marked_is_a_request(bank: Bank) -> None:
    """The answers the offline grader was fitted to, the bank's samples, and the sentences of its rubrics."""
    with (ROOT / "tests/data/fastapi.jsonl").open(encoding="utf-8") as file:
        fitted = [row["answer"] for line in file if (row := json.loads(line))["half"] == "fitted"]
    assert len(fitted) > 50
    assert [text for text in fitted if request_of(text, None)] == []
    for outline in bank.questions:
        question = full(bank, outline.id)
        said = [sample.text for sample in question.samples] + [statement.says for statement in question.statements]
        assert [text for text in said if request_of(text, question)] == []


def test_the_slash_commands_work_with_every_question_of_the_bank(bank: Bank) -> None:
    """And so do the plain ways to say it in a sentence."""
    for outline in bank.questions:
        question = full(bank, outline.id)
        for text, request in (
            ("/hint", Request.HINT),
            ("Can I have a hint?", Request.HINT),
            ("Can you repeat the question?", Request.REPEAT),
            ("Let's skip this one.", Request.SKIP),
            ("Let's stop the interview.", Request.STOP),
            ("What do you mean?", Request.CLARIFY),
        ):
            assert request_of(text, question) is request, (question.id, text)


@given(st.text(max_size=60), st.sampled_from([text for texts in REQUESTS.values() for text in lines(texts)]))
def test_words_of_ones_own_beside_a_request_make_it_an_answer(own: str, request: str) -> None:
    """Whatever is added: either it says nothing at all, or all of it is an answer. Nothing raises."""
    for text in (f"{request} {own}", f"{own} {request}"):
        if "zebra" in own or request_of(text, QUESTION) is None:
            continue
        assert request_of(f"{own}. A zebra gallops. {request}", QUESTION) is None


@pytest.mark.parametrize(
    ("text", "may"),
    [
        ("Is it cached per request?", True),
        ("¿Qué versión?", True),
        ("哪个版本？", True),
        ("It is cached per request.", False),
        ("Is `Depends` cached?", False),
        ("is next() called?", False),
        (" ".join(["word"] * 31) + "?", False),
    ],
)
def test_a_model_is_asked_only_about_short_plain_questions(text: str, may: bool) -> None:
    """All else is an answer without asking."""
    assert may_be_question_back(text) is may


def full(bank: Bank, question_id: str) -> Question:
    """A question with its rubric."""
    found = bank.question(question_id)
    assert found
    return found
