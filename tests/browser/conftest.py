"""Chromium, the server it talks to, and candidates with a fresh cookie each."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page, sync_playwright

from interviewer.bank import Bank
from tests.browser.candidate import Candidate
from tests.browser.line import Line
from tests.conftest import ROOT

WITHOUT = (
    "WebUIOmniboxPopup WebUIOmniboxAimPopup WebUIOmniboxFullPopup SpareRendererForSitePerProcess "
    "AimEnabled AvoidCorsURLLoaderRestartOnRedirect AvoidUnnecessaryBeforeUnloadCheckSync DestroyProfileOnBrowserClose "
    "HttpsFirstBalancedModeAutoEnable HttpsUpgrades LensOverlay MediaRouter NetworkTimeServiceQuerying "
    "OptimizationHints PaintHolding PreconnectToSearch ThirdPartyStoragePartitioning"
).split()
"""What Chromium is to leave out. The first line is ours: nobody sees an address bar here, but its list of proposals is
two pages that each window opens, which costs more than half a second of computing, and a process in reserve is for
sites that we do not visit. The others are Playwright's own, whose list is replaced by this one."""
LAUNCH = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync "
    f"--disable-features={','.join(WITHOUT)}"
).split()
DESKTOP, PHONE = (1280, 860), (390, 844)

LIVE = pytest.mark.parametrize("live", [True, False], ids=["live", "no-javascript"])
WAYS = pytest.mark.parametrize(
    ("size", "live"), [(DESKTOP, False), (PHONE, True)], ids=["desktop-no-javascript", "phone-live"]
)
"""Both widths, with and without JavaScript, in two runs: all four are walked by the whole interview."""
Visit = Callable[..., Candidate]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


class Server:
    """`python -m interviewer serve` in a process of its own."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self._settings = settings
        self._process: subprocess.Popen[str] | None = None
        self.base = ""

    def start(self) -> None:
        """Start, on the port used before if there was one; the address is on the first line."""
        port = self.base.rpartition(":")[2] or "0"
        command = [sys.executable, "-m", "interviewer", "serve", "--port", port]
        command += ["--database", str(self.folder / "interviews.sqlite3")]
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("INTERVIEWER_", "OPENAI_"))}
        with (self.folder / "server.log").open("a") as log:
            environ = clean | {"PYTHONUNBUFFERED": "1"} | self._settings
            self._process = subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=log, text=True, cwd=ROOT, env=environ
            )
        assert self._process.stdout
        line = self._process.stdout.readline()
        if "http://" not in line:
            self.stop()
            pytest.fail(f"the server did not start: {(self.folder / 'server.log').read_text()}")
        self.base = line.split()[-1].rstrip("/")

    def stop(self) -> None:
        """Kill it: what it had not kept is gone."""
        if self._process:
            self._process.kill()
            self._process.wait()
            if self._process.stdout:
                self._process.stdout.close()
            self._process = None


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """The system's Chromium. Package scope: its event loop must be gone before asynchronous tests run."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        told = (
            "NO CHROMIUM: not one browser test ran. Install it (apt-get install chromium) or set CHROMIUM to its path."
        )
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(told)
        pytest.skip(told)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=LAUNCH)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server most tests share; each comes with a cookie of its own."""
    running = Server(tmp_path_factory.mktemp("server"))
    running.start()
    yield running
    running.stop()


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Server]:
    """A server that the test may kill."""
    running = Server(tmp_path)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def thin_server(tmp_path: Path, thin_bank: Path) -> Iterator[Server]:
    """A server with a bank that has nothing to ask on API patterns."""
    running = Server(tmp_path, INTERVIEWER_BANK_DIR=str(thin_bank))
    running.start()
    yield running
    running.stop()


@pytest.fixture
def expected_complaints() -> list[str]:
    """Parts of console messages that the test provokes on purpose."""
    return []


@pytest.fixture
def watch(expected_complaints: list[str]) -> Iterator[Callable[[Page], None]]:
    """Watches pages: afterwards nothing stands in a console (CSP refusals would), no script failed, no dialog came."""
    seen: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not any(part in message.text for part in expected_complaints):
            seen.append(message.text)

    def refuse(dialog: Dialog) -> None:
        seen.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def follow(page: Page) -> None:
        page.on("console", note)
        page.on("pageerror", lambda error: seen.append(str(error)))
        page.on("dialog", refuse)

    yield follow
    assert seen == []


@pytest.fixture
def visit(
    chromium: Browser, bank: Bank, request: pytest.FixtureRequest, watch: Callable[[Page], None]
) -> Iterator[Visit]:
    """`visit(size=, live=, ...)`: a new candidate, at 1280 x 860 with JavaScript unless told otherwise."""
    contexts = []

    def context_of(**choice: Any) -> BrowserContext:
        contexts.append(chromium.new_context(**choice))
        return contexts[-1]

    def make(
        *, size: tuple[int, int] = DESKTOP, live: bool = True, at: Server | Line | None = None, **more: Any
    ) -> Candidate:
        more = {"reduced_motion": "reduce"} | more
        viewport: Any = {"width": size[0], "height": size[1]}
        context = context_of(viewport=viewport, java_script_enabled=live, **more)
        context.on("page", watch)
        page = context.new_page()
        mirror = page if live else context_of(viewport=viewport, **more).new_page()
        if not live:
            mirror.route("**/static/app.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
        where = at or request.getfixturevalue("server")
        return Candidate(page=page, mirror=mirror, base=where.base, bank=bank)

    yield make
    for context in contexts:
        context.close()
