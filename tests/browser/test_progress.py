"""The progress page: empty it teaches the next step, full it shows lines and a map that everybody can read."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from interviewer.domain import Band
from tests.browser import pictures
from tests.browser.candidate import Candidate
from tests.browser.conftest import DESKTOP, LIVE, PHONE, Server, Visit
from tests.playing import sample

PLAYED = (
    ("mid", 7, Band.WEAK),
    ("mid", 8, Band.PARTIAL),
    ("junior", 1, Band.PARTIAL),
    ("mid", 9, Band.STRONG),
    ("junior", 2, Band.STRONG),
    ("senior", 3, Band.PARTIAL),
)


def play(candidate: Candidate) -> None:
    """Interviews over the API in the candidate's browser: all of a band, the last question of each skipped."""
    for level, seed, band in PLAYED:
        choice = {"level": level, "questions": 4, "seed": seed, "adaptive": False}
        interview = send(candidate, "/api/interviews", choice)
        path = f"/api/interviews/{interview['id']}"
        while interview["status"] == "open":
            turn = interview["turns"][-1]
            said = any(say["kind"] == "answer" for say in turn["says"])
            if said or turn["number"] == 4:
                interview = send(candidate, f"{path}/skip", {"turn": turn["number"]})
            else:
                text = sample(candidate.bank, turn["question"]["id"], band)
                interview = send(candidate, f"{path}/answers", {"turn": turn["number"], "text": text})


def send(candidate: Candidate, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """A post to the API with the candidate's cookie."""
    reply = candidate.page.request.post(f"{candidate.base}{path}", data=body)
    assert reply.ok, reply.text()
    found: dict[str, Any] = reply.json()
    return found


def over_weeks(database: Path) -> None:
    """Put four days between the interviews, as if they had not been played in a second."""
    with closing(sqlite3.connect(database)) as connection, connection:
        ids = [row[0] for row in connection.execute("select id from interview order by created_at desc")]
        for place, id_ in enumerate(ids):
            for table, column, key in (("interview", "created_at", "id"), ("say", "at", "interview_id")):
                connection.execute(
                    f"update {table} set {column} = strftime('%Y-%m-%d %H:%M:%f000', {column}, ?) where {key} = ?",
                    (f"-{4 * place} days", id_),
                )


@LIVE
def test_without_marks_the_page_says_how_to_get_some(visit: Visit, live: bool) -> None:
    """In one sentence, with the way there."""
    candidate = visit(live=live)
    page = candidate.page
    page.goto(f"{candidate.base}/")
    page.get_by_role("navigation", name="Site").get_by_role("link", name="Progress").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Progress")
    expect(page.locator("main p")).to_have_count(1)
    candidate.check_access("progress, empty")
    page.get_by_role("link", name="start an interview").click()
    expect(page.get_by_role("button", name="Start interview")).to_be_visible()


@pytest.mark.parametrize(
    ("size", "live", "more", "picture"),
    [
        (DESKTOP, True, {}, "progress"),
        (PHONE, False, {}, None),
        (PHONE, True, {"color_scheme": "dark"}, "progress-phone-dark"),
    ],
    ids=["desktop", "phone, no javascript", "phone, dark"],
)
def test_scores_are_shown_over_time_and_by_topic(
    visit: Visit,
    own_server: Server,
    tmp_path: Path,
    size: tuple[int, int],
    live: bool,
    more: dict[str, str],
    picture: str | None,
) -> None:
    """With the grader and n at every figure; a topic of the map leads to its lines."""
    candidate = visit(size=size, live=live, at=own_server, **more)
    page = candidate.page
    page.goto(f"{candidate.base}/")
    play(candidate)
    over_weeks(tmp_path / "interviews.sqlite3")
    page.goto(f"{candidate.base}/progress")
    chart = page.get_by_role(
        "img", name="Interviews: scores over time, all topics, marked by: Offline grader, estimates"
    )
    expect(chart).to_be_visible()
    expect(chart.locator(".dot")).to_have_count(len(PLAYED))
    mid = page.get_by_role("row", name="Mid 3").first
    expect(mid).to_contain_text("n 3")
    expect(page.locator(".heat td[class^=step]").first).to_contain_text("n ")
    expect(page.locator("main")).to_contain_text("18 marked; 6 skipped, not counted as wrong")
    if picture:
        pictures.keep(page, f"pictures/{picture}", whole=True)
    candidate.check_width("progress")
    candidate.check_access("progress")
    page.locator(".chart-part summary").click()
    candidate.check_width("progress, every score")
    topic = page.locator(".heat a").first
    title = topic.inner_text()
    topic.click()
    expect(page.locator("h2").first).to_contain_text(title)
    expect(page.get_by_label("Topic", exact=True).locator("option:checked")).to_have_text(title)
    page.get_by_label("Topic", exact=True).select_option(label="All topics")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("h2").first).to_contain_text("all topics")
