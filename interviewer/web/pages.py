"""HTML routes: every action is a plain form post that ends in a redirect, so pages work without JavaScript."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from interviewer.bank import Bank
from interviewer.domain import Interview, Level, Mode, Plan, Tone, TurnStatus
from interviewer.errors import ConflictError, InputError, InterviewerError, UnknownChoice, UnusableComment
from interviewer.report import report
from interviewer.web import words
from interviewer.web.asked import usage_line
from interviewer.web.live_events import position_of
from interviewer.web.parts import OwnerDep, Web, WebDep
from interviewer.web.problems import status_of
from interviewer.web.views.bank import bank_page
from interviewer.web.views.chat import chat_page
from interviewer.web.views.disputes import Objections, Refused
from interviewer.web.views.reading import report_page
from interviewer.web.views.start import start_page
from interviewer.web.views.turns import topic_titles

router = APIRouter(include_in_schema=False)

_NOTHING: Mapping[str, str] = MappingProxyType({})
TurnField = Annotated[int, Form()]


@router.get("/")
async def start(request: Request, web: WebDep, owner: OwnerDep) -> Response:
    """The start page."""
    return await _start(request, web, owner)


@router.post("/interviews")
async def begin(
    request: Request,
    web: WebDep,
    owner: OwnerDep,
    pack: Annotated[str, Form()] = "",
    level: Annotated[str, Form()] = "",
    mode: Annotated[str, Form()] = Mode.PRACTICE,
    questions: Annotated[str, Form()] = "6",
    topics: Annotated[list[str] | None, Form()] = None,
    tone: Annotated[str, Form()] = Tone.NEUTRAL,
    language: Annotated[str, Form()] = "",
    seed: Annotated[str, Form()] = "",
) -> Response:
    """Start an interview; a choice that cannot be carried out comes back with the form as it was."""
    chosen = {
        "pack": pack,
        "level": level,
        "mode": mode,
        "questions": questions,
        "topics": " ".join(topics or []),
        "tone": tone,
        "language": language,
        "seed": seed,
    }
    try:
        plan = _plan(web, chosen, topics or [])
        begun = await web.conductor.start(plan, owner=owner, seed=_whole(seed, "seed") if seed.strip() else None)
    except InputError as error:
        return await _start(request, web, owner, chosen=chosen, error=str(error))
    return _see(f"/interviews/{begun.id}")


@router.get("/interviews/{interview_id}")
async def chat(request: Request, web: WebDep, owner: OwnerDep, interview_id: str, notice: str = "") -> Response:
    """The chat page; an answer that a killed process left ungraded is graded now."""
    interview = await web.conductor.grade_awaiting(await web.conductor.load(interview_id, owner))
    return await _chat(request, web, interview, notice=words.NOTICES.get(notice))


@router.post("/interviews/{interview_id}/answers")
async def answer(
    request: Request,
    web: WebDep,
    owner: OwnerDep,
    interview_id: str,
    turn: TurnField,
    seen: Annotated[int, Form()],
    text: Annotated[str, Form()] = "",
) -> Response:
    """Send an answer; when it cannot be taken, the page comes back with the text still in the composer."""
    try:
        done = await web.conductor.answer(interview_id, owner, turn=turn, text=text, says_seen=seen)
    except (InputError, ConflictError) as error:
        return await _refused(request, web, owner, interview_id, error, draft=text)
    if done.replaced:
        return _see(f"/interviews/{interview_id}?notice=replaced#now")
    if done.interview.turns[turn - 1].status is TurnStatus.AWAITING_GRADE:
        return _see(f"/interviews/{interview_id}?notice=not-graded#now")
    return _see(f"/interviews/{interview_id}#now")


@router.post("/interviews/{interview_id}/hint")
async def hint(
    request: Request,
    web: WebDep,
    owner: OwnerDep,
    interview_id: str,
    turn: TurnField,
    seen: Annotated[int | None, Form()] = None,
    text: Annotated[str, Form()] = "",
) -> Response:
    """Show a hint; what stands in the composer is kept as the draft. A form sent twice takes one hint."""
    try:
        await web.conductor.hint(interview_id, owner, turn=turn, says_seen=seen)
        await web.conductor.keep_draft(interview_id, owner, turn=turn, text=text)
    except ConflictError as error:
        return await _refused(request, web, owner, interview_id, error, draft=text)
    return _see(f"/interviews/{interview_id}#answer")


@router.post("/interviews/{interview_id}/skip")
async def skip(
    request: Request,
    web: WebDep,
    owner: OwnerDep,
    interview_id: str,
    turn: TurnField,
    text: Annotated[str, Form()] = "",
) -> Response:
    """Go on to the next question."""
    try:
        await web.conductor.skip(interview_id, owner, turn=turn)
    except ConflictError as error:
        return await _refused(request, web, owner, interview_id, error, draft=text)
    return _see(f"/interviews/{interview_id}#now")


@router.post("/interviews/{interview_id}/finish")
async def finish(web: WebDep, owner: OwnerDep, interview_id: str) -> Response:
    """End the interview and read the report."""
    with suppress(ConflictError):  # it is over already, which is what was wanted
        await web.conductor.finish(interview_id, owner)
    return _see(f"/interviews/{interview_id}/report")


@router.post("/interviews/{interview_id}/regrade")
async def regrade(
    web: WebDep, owner: OwnerDep, interview_id: str, turn: Annotated[int | None, Form()] = None
) -> Response:
    """Mark again, or mark what still awaits its grade."""
    await web.conductor.regrade(interview_id, owner, turn=turn)
    return _see(f"/interviews/{interview_id}" + (f"#turn-{turn}" if turn else ""))


@router.post("/interviews/{interview_id}/disputes")
async def contest(
    request: Request,
    web: WebDep,
    owner: OwnerDep,
    interview_id: str,
    turn: TurnField,
    point: Annotated[str, Form()],
    comment: Annotated[str, Form()] = "",
) -> Response:
    """Contest a mark; an objection that cannot be taken comes back with its text."""
    try:
        await web.conductor.disputes.contest(interview_id, owner, turn=turn, point=point, comment=comment)
    except (InputError, ConflictError) as error:
        interview = await web.conductor.load(interview_id, owner)
        refused = Refused(turn=turn, point=point, comment=comment, why=str(error))
        return await _chat(request, web, interview, error=error, refused=refused)
    return _see(f"/interviews/{interview_id}#turn-{turn}")


@router.post("/interviews/{interview_id}/delete")
async def remove(web: WebDep, owner: OwnerDep, interview_id: str) -> Response:
    """Delete an interview with everything said in it."""
    await web.conductor.remove(interview_id, owner)
    return _see("/")


@router.get("/interviews/{interview_id}/report")
async def read_report(request: Request, web: WebDep, owner: OwnerDep, interview_id: str) -> Response:
    """The report; of an open interview it says that it is not complete and shows only what may be seen."""
    interview = await web.conductor.grade_awaiting(await web.conductor.load(interview_id, owner))
    bank = web.conductor.bank
    made = report(interview, bank.question, topic_titles(bank, interview.plan.pack))
    objections = Objections(disputes=await web.conductor.disputes.of(interview))
    usage = await usage_line(web, interview)
    page = report_page(interview, made, bank, objections, usage=usage, live=web.conductor.live(interview_id))
    return web.render(request, "report.html", page)


@router.get("/bank")
async def bank(request: Request, web: WebDep) -> Response:
    """What the bank holds."""
    return web.render(request, "bank.html", bank_page(web.conductor.bank))


async def _start(
    request: Request, web: Web, owner: str, *, chosen: Mapping[str, str] = _NOTHING, error: str | None = None
) -> Response:
    page = start_page(
        web.conductor.bank,
        await web.conductor.recent(owner),
        chosen=chosen,
        grader=web.grader,
        speaks_languages=web.conductor.speaks_languages,
        error=error,
    )
    return web.render(request, "start.html", page, status=422 if error else 200)


async def _chat(
    request: Request,
    web: Web,
    interview: Interview,
    *,
    draft: str | None = None,
    notice: str | None = None,
    error: InterviewerError | None = None,
    refused: Refused | None = None,
) -> Response:
    draft = await web.conductor.draft(interview) if draft is None else draft
    objections = Objections(disputes=await web.conductor.disputes.of(interview), refused=refused)
    live = web.conductor.live(interview.id)  # after the last wait: card and place in the stream must fit
    page = chat_page(
        interview,
        web.conductor.bank,
        live=live,
        now=web.conductor.now,
        draft=draft,
        answer_chars=web.settings.answer_chars,
        last_event=str(position_of(interview, live)),
        notice=notice,
        objections=objections,
        error=_told(error, refused),
    )
    return web.render(request, "chat.html", page, status=status_of(error) if error else 200)


def _told(error: InterviewerError | None, refused: Refused | None) -> str | None:
    """What is said above the composer; what is wrong with an objection's words is said beside them."""
    if error is None or refused is None:
        return str(error) if error else None
    return None if isinstance(error, UnusableComment) else f"{error}\nThis was not sent:\n{refused.comment}"


async def _refused(
    request: Request, web: Web, owner: str, interview_id: str, error: InterviewerError, *, draft: str
) -> Response:
    interview = await web.conductor.load(interview_id, owner)
    return await _chat(request, web, interview, draft=draft, error=error)


def _plan(web: Web, chosen: Mapping[str, str], topics: list[str]) -> Plan:
    try:
        level, mode, tone = Level(chosen["level"]), Mode(chosen["mode"]), Tone(chosen["tone"])
    except ValueError:
        raise UnknownChoice(
            "Choose a level (junior, mid, senior), practice or mock interview, and a tone (friendly, neutral, tough)."
        ) from None
    bank = web.conductor.bank
    pack = chosen["pack"] or bank.default_pack
    return Plan(
        pack=pack,
        level=level,
        mode=mode,
        questions=_whole(chosen["questions"], "number of questions"),
        topics=_of_pack(topics, bank, pack),
        tone=tone,
        language=chosen["language"],
    )


def _of_pack(topics: list[str], bank: Bank, pack: str) -> tuple[str, ...]:
    """The ticked topics, without those of a subject that was not chosen: the form offers the topics of all."""
    elsewhere = {topic.id for other in bank.packs if other.id != pack for topic in other.topics}
    own = topic_titles(bank, pack)
    return tuple(topic for topic in topics if topic in own or topic not in elsewhere)


def _whole(text: str, name: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise UnknownChoice(f"The {name} must be a whole number.") from None


def _see(path: str) -> RedirectResponse:
    return RedirectResponse(path, 303)
