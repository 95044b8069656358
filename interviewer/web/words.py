"""The words the pages use for the domain's values. Pure."""

from __future__ import annotations

from datetime import datetime

from interviewer.disputes import by_people, made_by
from interviewer.domain import NOT_ASKED, Dispute, GraderKind, Level, Mark, Mode, Tone, Turn, UngradedReason, Verdict
from interviewer.grading.breaker import Circuit
from interviewer.scoring import AT_LEVEL_FROM, NEARLY_FROM, LevelVerdict, Standing

LEVEL_TITLE = {Level.JUNIOR: "Junior", Level.MID: "Mid", Level.SENIOR: "Senior"}
LEVEL_EXPECTS = {
    Level.JUNIOR: "You explain what things are and how they are used.",
    Level.MID: "You explain why they work that way, and when they break.",
    Level.SENIOR: "You weigh trade-offs, failure and scale, and say what you would run.",
}
MODE_TITLE = {
    Mode.PRACTICE: "Practice",
    Mode.MOCK: "Mock interview",
    Mode.CHECK: "Quick check",
    Mode.EXAM: "Practice exam",
    Mode.REVIEW: "Review",
}
MODE_EXPECTS = {
    Mode.PRACTICE: "Feedback after each answer.",
    Mode.MOCK: "Feedback at the end, as in a real interview.",
}
TONE_TITLE = {Tone.FRIENDLY: "Friendly", Tone.NEUTRAL: "Neutral", Tone.TOUGH: "Tough"}
TONE_EXPECTS = {
    Tone.FRIENDLY: "Warm and unhurried.",
    Tone.NEUTRAL: "Calm and to the point.",
    Tone.TOUGH: "Terse, never rude. The marks are the same.",
}
MARKED = {GraderKind.FUZZY: "marked offline", GraderKind.KEY: "marked by the key"}
VERDICT_SIGN = {Verdict.MET: "✓", Verdict.PARTLY: "◐", Verdict.MISSED: "○", Verdict.CONTRADICTED: "✕"}
VERDICT_WORD = {
    Verdict.MET: "met",
    Verdict.PARTLY: "partly",
    Verdict.MISSED: "missed",
    Verdict.CONTRADICTED: "contradicted",
}
FALLBACK = {
    UngradedReason.UNREACHABLE: "The model could not be reached.",
    UngradedReason.REFUSED_KEY: "The model server refused the key.",
    UngradedReason.RATE_LIMITED: "The model server is over its limit.",
    UngradedReason.SERVER_ERROR: "The model server failed.",
    UngradedReason.TIMED_OUT: "The model did not answer in time.",
    UngradedReason.TRUNCATED: "The model's reply was cut off.",
    UngradedReason.UNREADABLE: "The model's reply could not be read as marks.",
    UngradedReason.REFUSAL: "The model declined to mark this answer.",
    UngradedReason.REJECTED: "The model server did not accept the request.",
    UngradedReason.BROKEN: "The model's reply was not what was asked for.",
    UngradedReason.PAUSED: "The model has failed several times, so it is left alone for a while.",
    UngradedReason.OVER_BUDGET: "The budget for the model is used up, of this interview or of today.",
    UngradedReason.BUSY: "The model was busy with other answers.",
}
NOTICES = {
    "moved-on": "The interview moved on in another tab, so this was not sent. Your text is kept below.",
    "sent-already": "That answer was in already. It counts once.",
    "replaced": "Some characters could not be kept (control characters or broken pairs) and now read �.",
    "not-graded": "Your answer is saved but could not be marked yet. Press “Mark now” to try again, or skip to go on.",
}


def fallback_words(reason: UngradedReason) -> str:
    """What happened, what is safe, what to do."""
    safe = "Your answer is saved and was marked offline, as an estimate."
    if reason is UngradedReason.OVER_BUDGET:
        return f"{FALLBACK[reason]} {safe} A new day's budget begins at midnight UTC."
    later = " later" if reason in NOT_ASKED else ""
    return f"{FALLBACK[reason]} {safe} You can have it marked again with the model{later}."


def grader_words(model: str | None, circuit: Circuit, *, now: datetime, until: datetime | None) -> str:
    """Which grader is on; `until` is when a pause of the model ends."""
    if model is None:
        return "offline, marks are estimates"
    if until:
        day = "" if until.date() == now.date() else f"{until:%Y-%m-%d} "
        return f"model {model} paused until {day}{until:%H:%M:%S} UTC, offline grader marks"
    if circuit is Circuit.HALF_OPEN:
        return f"model {model} on trial after a pause, with the offline grader behind it"
    return f"model {model}, with the offline grader behind it"


def marked_by(turn: Turn) -> str:
    """Who marked a graded turn: "marked by gpt-4.1, point 2 by a person"."""
    made, decided = made_by(turn), decided_words(turn)
    if made is None:
        return decided
    grader = MARKED.get(made.provenance.grader) or f"marked by {made.provenance.model}"
    return f"{grader}, {decided}" if decided else grader


def decided_words(turn: Turn) -> str:
    """Which of a turn's marks people decided: "points 2 and 4 by a person"; nothing for none."""
    decided, what = by_people(turn), []
    marks = turn.grading.marks if turn.grading else ()
    points = [place for place, mark in enumerate(marks, 1) if mark.point in decided]
    mistakes = len(decided) - len(points)
    if points:
        *most, last = map(str, points)
        what.append(f"points {', '.join(most)} and {last}" if most else f"point {last}")
    if mistakes:
        what.append("a mistake" if mistakes == 1 else f"{mistakes} mistakes")
    return f"{' and '.join(what)} by a person" if what else ""


def dispute_words(dispute: Dispute, *, is_mistake: bool) -> str:
    """What the candidate said against a mark, or a mistake they are said to have made, and what became of it."""
    comment, decision = " ".join(dispute.comment.split()), dispute.decision
    said = f"“{comment}”" if comment.endswith((".", "!", "?", "…")) else f"“{comment}”."
    if decision is None:
        return f"You disagree: {said} Not settled yet."
    was, mark = VERDICT_WORD[dispute.verdict], VERDICT_WORD[decision.verdict]
    if decision.verdict is dispute.verdict:
        made = "left it as a mistake" if is_mistake else f"left it at {mark}"
    else:
        made = "took it back" if is_mistake else f"changed it from {was} to {mark}"
    return f"You disagreed: {said} {decision.by or 'A person'} looked at it and {made}: {decision.reason}"


def unsure_words(mark: Mark) -> str | None:
    """How many of the readings of a mark agree with it, when not all do: "unsure: 2 of 3 readings say met"."""
    if not mark.unsure:
        return None
    agree = mark.votes.count(mark.verdict)
    say = "says" if agree == 1 else "say"
    return f"unsure: {agree} of {len(mark.votes)} readings {say} {VERDICT_WORD[mark.verdict]}"


def votes_words(mark: Mark) -> str | None:
    """The verdicts of the readings, in the order they were asked for."""
    return f"Readings: {', '.join(VERDICT_WORD[vote] for vote in mark.votes)}." if mark.votes else None


def score_meaning(*, estimate: bool, met: int, points: int) -> str:
    """What follows a turn's score: "of 100, estimate, 3 of 5 points"."""
    middle = "estimate, " if estimate else ""
    return f"of 100, {middle}{met} of {points} points"


def choice_meaning(*, right: int, of: int, wrong: int) -> str:
    """What follows the score of a choice: "of 100, 1 of 2 right options, 1 wrong"."""
    if of == 1:
        return f"of 100, {'right' if right and not wrong else 'not right'}"
    return f"of 100, {right} of {of} right options{f', {wrong} wrong' if wrong else ''}"


def verdict_words(verdict: LevelVerdict) -> tuple[str, str]:
    """The level verdict and its reason, a sentence each."""
    title = LEVEL_TITLE[verdict.level].lower()
    reason = f"Mean of {verdict.graded} marked {_answers(verdict.graded)}; {title} level reads from {AT_LEVEL_FROM}."
    match verdict.standing:
        case Standing.AT_LEVEL:
            return f"These answers were at {title} level.", reason
        case Standing.NEARLY:
            return f"Close to {title} level; a few points are missing.", reason
        case Standing.NOT_YET:
            return f"Not yet at {title} level.", f"{reason} Below {NEARLY_FROM}, the basics come first."
        case Standing.TOO_LITTLE:
            return (
                "Too few answers to speak of a level.",
                f"{verdict.graded} of {verdict.asked} questions were answered and marked; "
                "it takes at least three, and half of those asked.",
            )
        case Standing.NOT_JUDGED:
            mean = f"the score is the mean of {verdict.graded} marked {_answers(verdict.graded)}"
            told = mean if verdict.graded else "no answer is marked"
            return "No level is judged here.", f"The questions were drawn from all levels; {told}."


def _answers(count: int) -> str:
    return "answer" if count == 1 else "answers"


def waiting_words(count: int) -> str:
    """How many wait for a decision, in words without a full stop."""
    return f"{count or 'No'} {'dispute waits' if count < 2 else 'disputes wait'} for a decision"
