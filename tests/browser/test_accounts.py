"""Accounts at a browser: signing up with what one did as a guest, the account, and the pages of an admin."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import expect

from interviewer.domain import Band
from tests.browser.candidate import Candidate
from tests.browser.conftest import DESKTOP, WAYS, Server, Visit
from tests.browser.pictures import keep
from tests.browser.test_every_page import SIZES, WITH_ACCOUNTS, pages_of
from tests.test_cli_people import PASSWORD, people


@pytest.fixture(scope="module")
def accounts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that anybody may sign up to, with an admin."""
    folder = tmp_path_factory.mktemp("accounts")
    add(folder, "Root", "--role", "admin")
    running = Server(folder, INTERVIEWER_ACCOUNTS="open")
    running.start()
    yield running
    running.stop()


PICTURES = {("/admin", "desktop"): "light", ("/account", "phone"): "dark"}
"""Route and size -> the colours in which a picture is kept in docs/."""


def add(folder: Path, *arguments: str) -> None:
    """Make an account with `interviewer people add`; in a thread, for the browser has an event loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        done = thread.submit(people, folder / "interviews.sqlite3", "add", *arguments, typed=PASSWORD).result()
    assert done.exit_code == 0, done.exception


def fill(someone: Candidate, button: str, **fields: str) -> None:
    """Fill a form in and send it."""
    page = someone.page
    for name, text in fields.items():
        page.locator(f"form:has(button:text-is('{button}')) [name={name}]").fill(text)
    page.get_by_role("button", name=button, exact=True).click()


def log_in(someone: Candidate, name: str) -> None:
    """From the start page."""
    someone.page.goto(f"{someone.base}/")
    someone.page.get_by_role("link", name="Log in").click()
    fill(someone, "Log in", name=name, password=PASSWORD)


@WAYS
def test_a_guest_signs_up_keeps_the_work_and_deletes_it_all(
    visit: Visit, accounts: Server, size: tuple[int, int], live: bool
) -> None:
    """Sign up, see the account, log out, log in wrongly, log in, delete."""
    someone = visit(size=size, live=live, at=accounts)
    page = someone.page
    someone.begin()
    someone.send(someone.words(Band.WEAK))
    interview = someone.path
    page.get_by_role("link", name="Log in").click()
    page.get_by_role("link", name="No account yet? Sign up").click()
    someone.check_access("sign up")
    name = f"Grace {size[0]}"
    fill(someone, "Sign up", name=name, password=PASSWORD)
    expect(page.locator("header .name")).to_have_text(name)
    expect(page.get_by_role("link", name="Continue")).to_be_visible()
    page.goto(interview)
    expect(someone.answers).to_have_count(1)
    someone.check_width("chat with a name in the header")
    page.locator("header .name").click()
    expect(page.get_by_text("1 interview", exact=True)).to_be_visible()
    someone.check_access("account")
    page.get_by_role("button", name="Log out", exact=True).click()
    expect(page.get_by_role("link", name="Continue")).to_have_count(0)
    page.get_by_role("link", name="Log in").click()
    fill(someone, "Log in", name=name, password="not that one at all")
    expect(someone.error).to_have_text("There is no account with this name and password.")
    someone.check_access("log in, refused")
    fill(someone, "Log in", password=PASSWORD)
    expect(page.locator("header .name")).to_have_text(name)
    page.goto(f"{someone.base}/account")
    fill(someone, "Delete everything", confirm="delete everything", password=PASSWORD)
    expect(page.get_by_role("link", name="Log in")).to_be_visible()
    log_in(someone, name)
    expect(someone.error).to_be_visible()


@pytest.fixture
def expected_complaints() -> list[str]:
    """A refused form, and a page of a link that leads nowhere."""
    return ["422 (Unprocessable", "404 (Not Found)"]


def test_no_page_that_comes_with_accounts_has_a_barrier_or_is_too_wide(visit: Visit, accounts: Server) -> None:
    """Axe in light and dark, four widths; a new page with accounts has to be named here."""
    candidate, admin = visit(at=accounts), visit(at=accounts)
    candidate.begin()
    candidate.send(candidate.words(Band.WEAK))
    candidate.press("Next question" if candidate.interview()["turns"][0]["status"] == "open" else "Skip")
    path = candidate.path.replace("/interviews/", "/api/interviews/")
    point = candidate.interview()["turns"][0]["grading"]["marks"][0]["point"]
    sent = {"turn": 1, "point": point, "comment": "I said it in the second sentence."}
    dispute = candidate.page.request.post(f"{path}/disputes", data=sent).json()["id"]
    log_in(admin, "Root")
    page = admin.page
    for name in ("Ada Lovelace", "Somebody whose name is as long as a name may be, 60 letters"):
        add(accounts.folder, name)
    page.goto(f"{admin.base}/admin")
    page.get_by_role("button", name="Make an invitation").click()
    made = page.get_by_role("textbox", name=re.compile("This link lets one person sign up"))
    invited = made.input_value().removeprefix(admin.base)
    places = {"/invited/{token}": invited, "/disputes/{dispute_id}": f"/disputes/{dispute}"}
    visited = {route: places.get(route, route) for route in sorted(pages_of(WITH_ACCOUNTS))}
    for route, place in {**visited, "/account": "/account"}.items():
        assert "{" not in place, f"say where {route} stands"
        visitor = candidate if route in ("/login", "/signup") else admin
        visitor.page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
        visitor.page.goto(f"{admin.base}{place}")
        if route == "/admin":
            visitor.page.evaluate("document.querySelectorAll('.people details').forEach(each => each.open = true)")
        expect(visitor.page.locator("h1")).to_have_count(1)
        visitor.check_access(route)
        for name, (width, height) in SIZES.items():
            visitor.page.set_viewport_size({"width": width, "height": height})
            visitor.check_width(f"{route}, {name}")
            wide = "document.documentElement.scrollWidth <= innerWidth"
            assert visitor.page.evaluate(wide), f"{route}, {name}: the header"
            if scheme := PICTURES.get((route, name)):
                visitor.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
                keep(visitor.page, f"pictures{route}-{name}-{scheme}", whole=True)
