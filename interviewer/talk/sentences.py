"""The interviewer's fixed sentences, by tone. Pure.

They are neutral about an answer: none tells whether it was right. Which one of several comes next follows from the
interview alone, and the same one never comes twice in a row.
"""

from __future__ import annotations

from dataclasses import dataclass

from interviewer.domain import Plan, Tone
from interviewer.scoring import HINT_COST


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """All sentences of one tone; `greeting` and `review` are filled in with what is coming."""

    greeting: str
    review: str
    acknowledge: tuple[str, ...]
    unknown: tuple[str, ...]
    """After "I don't know"."""
    go_on: str
    """After "I don't know", when the next question follows."""
    skipped: tuple[str, ...]
    last: str
    """After the last question."""
    stopped: str
    """When the candidate ends the interview."""
    again: str
    """Before the question once more."""
    no_hint: str
    ask_back: str
    """When the candidate says stop for the first time."""
    clarify: str
    refuse: str
    """When the candidate asks for the answer, or whether a guess is right."""
    enough: str
    """When all has been replied that will be in this turn."""


VOICES = {
    Tone.FRIENDLY: Voice(
        greeting="Hello, and welcome: {questions} at {level} level, {feedback}. Take your time, and ask me to repeat, "
        "for a hint, or to skip whenever you like.",
        review="Hello again: {questions} on {points}, with feedback after each answer. Take your time, and ask for "
        "a hint or to skip whenever you like.",
        acknowledge=(
            "Thank you, I have that.",
            "All right, thank you.",
            "Thank you for talking me through it.",
            "Thanks, noted.",
        ),
        unknown=("That is a fair answer, and an honest one.", "That is all right; nobody knows everything."),
        go_on="Let us go on together.",
        skipped=("All right, we leave that one.", "No problem, on to the next one.", "That is fine, let us move on."),
        last="That was the last question. Thank you for your time; your report is ready for you.",
        stopped="We stop here, then. Thank you for your time; everything you said is kept, and your report is ready.",
        again="Of course. Here it is once more:",
        no_hint="I have no hint left for this one. Tell me what you have, or say skip; both are fine.",
        ask_back="We can stop here if you like. Say stop once more, or press End interview; or just answer on.",
        clarify="I would rather not narrow it down for you. Take it the way it makes most sense to you, and tell me "
        "what you assume.",
        refuse="That I would like to hear from you. If you are stuck, ask for a hint, or skip; both are fine.",
        enough="I have said what I can about this one. Tell me what you have, or skip it.",
    ),
    Tone.NEUTRAL: Voice(
        greeting="Hello: {questions} at {level} level, {feedback}. You may ask me to repeat, for a hint, or to skip at "
        "any time.",
        review="Hello again: {questions} on {points}, with feedback after each answer. You may ask for a hint, or "
        "to skip, at any time.",
        acknowledge=("Thank you.", "All right.", "Understood.", "I see."),
        unknown=("That is a fair answer.", "Thank you for saying so."),
        go_on="Let us go on.",
        skipped=("All right, we move on.", "We leave that one.", "On to the next one."),
        last="That was the last question. Thank you; the report is ready.",
        stopped="We stop here. What you said is kept, and the report is ready.",
        again="Once more:",
        no_hint="There is no hint left for this question. Say what you have, or skip.",
        ask_back="We can stop here. Say stop once more, or press End interview; or just answer on.",
        clarify="I would rather not narrow it down. Take it as it makes most sense to you, and say what you assume.",
        refuse="That I would like to hear from you. Say what you have, ask for a hint, or skip.",
        enough="I have said what I can about this one. Answer it, or skip.",
    ),
    Tone.TOUGH: Voice(
        greeting="{questions}, {level} level, {feedback}. You may ask for a repeat, a hint, or to skip.",
        review="{questions} on {points}, with feedback after each answer. You may ask for a hint, or to skip.",
        acknowledge=("Noted.", "All right.", "I have that."),
        unknown=("Fair enough.", "Fair; better said than guessed."),
        go_on="Next.",
        skipped=("Next one.", "We move on.", "Left out."),
        last="That was the last question. The report is ready.",
        stopped="We stop here. The report is ready.",
        again="Again:",
        no_hint="No hint is left. Answer or skip.",
        ask_back="Stop here? Say stop once more, or press End interview; or answer on.",
        clarify="Decide for yourself how to read it, and state what you assume.",
        refuse="That is for you to say. Answer, ask for a hint, or skip.",
        enough="No more on this one. Answer or skip.",
    ),
}
HELP = (
    f"Besides answering you can type: repeat (I ask once more), hint (costs {HINT_COST} points), skip (the next "
    "question), stop (the end), or a short question about the question. In any language: /repeat, /hint, /skip, /stop."
)
FEEDBACK = {True: "with feedback after each answer", False: "with feedback at the end"}
CHECK = "{questions}. Choose what is right; the explanation follows at once."
EXAM = "{questions} in {minutes} minutes, in any order. What is right, and why, you see at the end."


def greeting(plan: Plan) -> str:
    """What comes before the first question: how many questions, which level, when there is feedback, what to ask."""
    questions = _counted(plan)
    if plan.behaviour.free:
        return EXAM.format(questions=questions, minutes=plan.minutes)
    if not plan.behaviour.talks:
        return CHECK.format(questions=questions)
    feedback = FEEDBACK[plan.behaviour.at_once]
    return _voice(plan).greeting.format(questions=questions, level=plan.level, feedback=feedback)


def review_greeting(plan: Plan, *, points: int) -> str:
    """What comes before the first question of a review: how many questions, and how many points come back in them."""
    back = "1 point that comes back" if points == 1 else f"{points} points that come back"
    return _voice(plan).review.format(questions=_counted(plan), points=back)


def acknowledgement(plan: Plan, *, answers: int, by_model: str | None) -> str:
    """What shows that an answer was heard; `answers` counts those of the interview so far, and picks the sentence."""
    return by_model or _one_of(_voice(plan).acknowledge, plan.seed + answers)


def unknown(plan: Plan, *, answers: int, goes_on: bool) -> str:
    """The kind reply to "I don't know"; `goes_on` if another question follows."""
    voice = _voice(plan)
    said = _one_of(voice.unknown, plan.seed + answers)
    return f"{said} {voice.go_on}" if goes_on else said


def skipped(plan: Plan, *, turn: int) -> str:
    """What is said when a question is left."""
    return _one_of(_voice(plan).skipped, plan.seed + turn)


def last(plan: Plan, lead: str) -> str:
    """The closing words after the last question; `lead` is what is said of its answer."""
    return f"{lead} {_voice(plan).last}".strip()


def stopped(plan: Plan) -> str:
    """The closing words of an interview that its candidate ends."""
    return _voice(plan).stopped


def again(plan: Plan, asked: str) -> str:
    """What was asked, once more."""
    return f"{_voice(plan).again}\n\n{asked}"


def no_hint(plan: Plan) -> str:
    """The reply when every hint has been shown."""
    return _voice(plan).no_hint


def ask_back(plan: Plan) -> str:
    """The reply to the first stop."""
    return _voice(plan).ask_back


def clarify(plan: Plan) -> str:
    """The reply to a question back, which gives nothing away."""
    return _voice(plan).clarify


def refuse(plan: Plan) -> str:
    """The reply to whoever asks for the answer."""
    return _voice(plan).refuse


def enough(plan: Plan) -> str:
    """The last reply to requests in one turn."""
    return _voice(plan).enough


def _counted(plan: Plan) -> str:
    return "1 question" if plan.questions == 1 else f"{plan.questions} questions"


def _voice(plan: Plan) -> Voice:
    return VOICES[plan.tone]


def _one_of(sentences: tuple[str, ...], place: int) -> str:
    return sentences[place % len(sentences)]
