"""The commands that move a database, run in this process, and browsers on what they have moved."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient
from pydantic import SecretStr
from typer.testing import CliRunner

from interviewer import cli
from interviewer.app import create_app
from interviewer.bank import Bank
from interviewer.domain import Band
from interviewer.settings import Settings
from tests.conftest import ROOT
from tests.playing import answer, sample, started

DATABASE = Path("data/interviewer.sqlite3")
"""Where it is unless a setting says otherwise."""
URL = "INTERVIEWER_DATABASE_URL"


def interviewer(*arguments: str | Path, url: str = "", given: bytes | None = None) -> bytes:
    """What a command printed; its errors are raised."""
    done = CliRunner().invoke(
        cli.app, [str(each) for each in arguments], input=given, env={URL: url}, catch_exceptions=False
    )
    assert done.exit_code == 0, done.output
    return done.stdout_bytes


def typed(section: str) -> list[str]:
    """The commands that a section of the docs tells the operator to type."""
    text = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```sh\n(.*?)^```", text.split(f"\n## {section}\n")[1].split("\n## ")[0], re.M | re.S)
    return [line for block in blocks for line in block.splitlines()]


def run(line: str, url: str = "") -> None:
    """Do what such a line says."""
    name, *arguments = shlex.split(line)
    if name == "interviewer":
        interviewer(*arguments, url=url)
    else:
        subprocess.run(["bash", "-c", line], check=True)


@contextmanager
def browser(where: Path | str, bank: Bank, cookies: Any = None) -> Iterator[TestClient]:
    """A browser on a server that keeps its interviews there; with the cookies of another, the same person's."""
    settings = Settings(database=where) if isinstance(where, Path) else Settings(database_url=SecretStr(where))
    with TestClient(create_app(settings, bank=bank), base_url="http://localhost", cookies=cookies) as client:
        yield client


def answered(client: TestClient, bank: Bank, interview: dict[str, Any]) -> dict[str, Any]:
    """The interview after a strong answer to its newest turn."""
    return answer(client, interview, sample(bank, interview["turns"][-1]["question"]["id"], Band.STRONG))


def begun(path: Path, bank: Bank) -> Path:
    """A database with an interview in it."""
    with browser(path, bank) as client:
        started(client)
    return path
