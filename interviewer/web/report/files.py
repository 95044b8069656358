"""An interview -> its report, and the files it can be kept as."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from fastapi.responses import PlainTextResponse, Response

from interviewer.domain import Interview
from interviewer.report import Report, report
from interviewer.web.parts import Web
from interviewer.web.report.text import markdown
from interviewer.web.report.told import Told, told
from interviewer.web.views.turns import topic_titles


class Markdown(PlainTextResponse):
    """A text to keep."""

    media_type = "text/markdown"


class Pdf(Response):
    """A PDF."""

    media_type = "application/pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """An interview with its report, in figures and in words."""

    interview: Interview
    report: Report
    told: Told


async def make(web: Web, interview: Interview) -> Made:
    """The report of an interview as it stands."""
    bank = web.conductor.bank
    titles = topic_titles(bank, interview.plan.pack)
    made = report(interview, bank.question, titles, begun_at=await web.conductor.begun_at(interview))
    return Made(interview=interview, report=made, told=told(interview, made, bank))


def as_markdown(made: Made, *, usage: str | None = None) -> Response:
    """The report as a Markdown file; `usage` is for its owner only."""
    text = markdown(made.told, usage=usage)
    return Markdown(text, headers=_named(made.interview, "md", "attachment"))


async def as_pdf(made: Made, *, usage: str | None = None) -> Response:
    """The report as a PDF; it is made in a thread, for it takes a second or so."""
    from interviewer.web.report.pdf import pdf  # with its fonts it takes a sixth of a server's start to load

    made_at = made.interview.created_at
    content = await asyncio.to_thread(pdf, made.told, made_at=made_at, usage=usage)
    return Pdf(content, headers=_named(made.interview, "pdf", "inline"))


def _named(interview: Interview, suffix: str, disposition: str) -> dict[str, str]:
    name = f"interview-{interview.created_at:%Y-%m-%d}.{suffix}"
    return {"content-disposition": f'{disposition}; filename="{name}"'}
