"""What a watcher hears of a grading: the quick check at once, then point after point, as the final marks will be."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest

from interviewer import prompts
from interviewer.domain import GraderKind, Grading, UngradedReason, Verdict
from interviewer.errors import ModelError
from interviewer.grading.breaker import Breaker
from interviewer.grading.cascade import Cascade
from interviewer.grading.rubric import RubricGrader
from interviewer.grading.run import GradingRun, Watcher
from interviewer.llm import Asked, ChatModel, OpenAIChat, Scripted, ScriptedChat
from tests.builders import T0, a_question
from tests.openai_server import Answer, OpenAIServer, says
from tests.replies import a_mark_reply, a_reply
from tests.watching import Deaf, Heard, told

PROMPTS = prompts.load(Path(__file__).parent.parent / "prompts")
ANSWER = "The thing is that word1 always goes before term1, and so it is alpha one. Then it is beta two, wrongly."
MET = a_mark_reply("p1", "met", "it is alpha one")
INVENTED = a_mark_reply("p2", "met", "as everybody agreed")
MISSED = a_mark_reply("p3")
QUICK = ("quick", Verdict.MET, Verdict.MISSED, Verdict.MISSED)
TOLD = [told("p1", Verdict.MET), told("p2", Verdict.MISSED), told("p3", Verdict.MISSED)]


def a_cascade(model: ChatModel | None, *, breaker: Breaker | None = None) -> Cascade:
    grader = None
    if model:
        grader = RubricGrader(
            model, PROMPTS, bank_revision="rev", clock=lambda: T0, boundary=lambda: "b0", deadline_s=5.0
        )
    return Cascade(grader, bank_revision="rev", clock=lambda: T0, breaker=breaker)


async def graded(model: ChatModel | None, watcher: Watcher, *answers: str, breaker: Breaker | None = None) -> Grading:
    run = GradingRun(watcher=watcher)
    result = await a_cascade(model, breaker=breaker).grade(a_question(), answers or (ANSWER,), run)
    assert isinstance(result, Grading)
    return result


async def heard(*script: Scripted) -> tuple[list[tuple[object, ...]], Grading]:
    watcher = Heard()
    grading = await graded(ScriptedChat(script), watcher)
    return watcher.events, grading


async def test_the_quick_check_comes_first_then_each_point_with_the_mark_it_will_have() -> None:
    watcher = Heard()
    grading = await graded(ScriptedChat([a_reply(MET, INVENTED, MISSED)]), watcher)
    assert watcher.events == [QUICK, *TOLD]
    assert tuple(watcher.marks) == grading.marks


async def test_the_quick_check_is_there_before_the_model_is_asked() -> None:
    watcher = Heard()
    events_when_asked: list[int] = []

    def reply(_asked: Asked) -> str:
        events_when_asked.append(len(watcher.events))
        return a_reply(MET, INVENTED, MISSED)

    await graded(ScriptedChat(reply), watcher)
    assert events_when_asked == [1]


async def test_a_reply_of_no_use_takes_its_points_back_and_those_of_the_next_are_told() -> None:
    events, _ = await heard(a_reply(INVENTED, MET), a_reply(MET, INVENTED, MISSED))
    assert events == [QUICK, TOLD[1], TOLD[0], ("again",), *TOLD]


async def test_a_reply_without_any_point_is_asked_for_again_too() -> None:
    events, _ = await heard("well done", a_reply(MET, INVENTED, MISSED))
    assert events == [QUICK, ("again",), *TOLD]


async def test_when_the_model_fails_the_quick_check_is_what_counts() -> None:
    events, grading = await heard(ModelError(UngradedReason.TIMED_OUT, "late"))
    assert events == [QUICK]
    assert (grading.provenance.grader, [mark.verdict for mark in grading.marks]) == (GraderKind.FUZZY, [*QUICK[1:]])


async def test_there_is_no_quick_check_where_no_model_will_be_asked() -> None:
    paused = Breaker(failures=1, pause_s=60, longest_pause_s=60)
    permit = paused.permit(T0)
    assert permit
    paused.failed(permit, T0)
    watcher = Heard()
    await graded(None, watcher)
    await graded(ScriptedChat([]), watcher, breaker=paused)
    await graded(ScriptedChat([]), watcher, "I don't know.")
    assert watcher.events == []


async def test_the_offline_marks_are_made_once_also_when_they_count_in_the_end() -> None:
    watcher = Heard()
    grading = await graded(ScriptedChat([ModelError(UngradedReason.TIMED_OUT, "late")]), watcher)
    assert grading.marks is watcher.quick_marks


@pytest.mark.parametrize("reply", [a_reply(MET, INVENTED, MISSED), a_reply(MET)], ids=["of use", "of no use"])
async def test_a_watcher_with_a_bug_disturbs_nothing(reply: str, caplog: pytest.LogCaptureFixture) -> None:
    script = [reply, a_reply(MET, INVENTED, MISSED)]
    deaf = Deaf()
    with caplog.at_level(logging.ERROR):
        grading = await graded(ScriptedChat(script), deaf)
    assert grading.provenance.grader is GraderKind.LLM
    assert deaf.told == len([record for record in caplog.records if record.levelno == logging.ERROR]) == 2


async def over_a_socket(answer: Answer) -> tuple[list[tuple[object, ...]], Grading]:
    watcher = Heard()
    async with OpenAIServer([answer]) as server:
        chat = OpenAIChat("a-model", base_url=server.base_url, max_retries=0)
        grading = await graded(chat, watcher)
        await chat.close()
    return watcher.events, grading


async def test_over_a_real_socket_each_point_is_told() -> None:
    events, grading = await over_a_socket(says(f"```json\n{a_reply(MET, INVENTED, MISSED)}\n```"))
    assert events == [QUICK, *TOLD]
    assert grading.provenance.grader is GraderKind.LLM


async def test_over_a_real_socket_points_are_told_before_the_reply_has_ended() -> None:
    """This one never ends, and its first two points were told all the same."""
    whole = a_reply(MET, INVENTED, MISSED)
    events, grading = await over_a_socket(says(whole[: whole.index('"p3"')], finish=None, cut=True))
    assert events == [QUICK, *TOLD[:2]]
    assert grading.provenance.fallback is UngradedReason.TRUNCATED


# --- language


@pytest.mark.parametrize("language", ["", "German", "Brazilian Portuguese"])
async def test_the_language_is_asked_for_behind_what_never_changes(language: str) -> None:
    model = ScriptedChat([a_reply(MET, INVENTED, MISSED)])
    run = GradingRun(language=language)
    await a_cascade(model).grade(a_question(), (ANSWER,), run)
    instructions = model.history[0].messages[0].content
    assert instructions.startswith(f"{PROMPTS['grade-system'].render()}\n\n# Question")
    assert (f"in {language}. Quotes stay" in instructions) is bool(language)
    assert ("# Language" in instructions) is bool(language)


async def test_feedback_in_any_language_is_kept_as_it_is() -> None:
    strengths, improve = "Sie nennen Alpha, größtenteils schlüssig.", "次は gamma について話してください。"
    reason = "Вы говорите, что это альфа."
    reply = a_reply({**MET, "reason": reason}, INVENTED | {"quote": "it is beta two"}, MISSED, strengths=[strengths])
    reply = json.dumps({**json.loads(reply), "improve": [improve]})
    result = await a_cascade(ScriptedChat([reply])).grade(a_question(), (ANSWER,), GradingRun(language="German"))
    assert isinstance(result, Grading)
    assert (result.strengths, result.improve, result.marks[0].reason) == ((strengths,), (improve,), reason)


# --- the sentence that shows that the candidate was heard


async def acknowledged(**more: object) -> str | None:
    _, grading = await heard(a_reply(MET, a_mark_reply("p2"), MISSED, **more))  # type: ignore[arg-type]
    return grading.acknowledge


async def test_a_neutral_sentence_in_the_candidates_words_comes_with_the_grading() -> None:
    assert (
        await acknowledged(acknowledge="You spoke of alpha one and beta two.") == "You spoke of alpha one and beta two."
    )


@pytest.mark.parametrize("given", ["Great, alpha one.", "You left out gamma three.", "", None])
async def test_a_sentence_that_judges_or_tells_does_not(given: str | None) -> None:
    assert await acknowledged(acknowledge=given) is None


async def test_models_that_know_nothing_of_it_are_read_all_the_same() -> None:
    assert await acknowledged() is None


async def test_whoever_invents_quotes_is_not_believed_to_have_listened() -> None:
    _, grading = await heard(a_reply(MET, INVENTED, MISSED, acknowledge="You spoke of alpha one."))
    assert grading.acknowledge is None
