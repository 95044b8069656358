"""Locks, Makefile, CI script and containers, as far as they can be held against each other offline."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import ROOT
from tests.faults.server import environ

PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def read(name: str) -> str:
    """A file of the repository."""
    return (ROOT / name).read_text(encoding="utf-8")


def pins(name: str) -> dict[str, str]:
    """Package -> locked version."""
    return {canonicalize_name(package): version for package, version in PIN.findall(read(name))}


@pytest.mark.parametrize("name", [path.name for path in sorted(ROOT.glob("requirements*.txt"))])
def test_a_lock_names_no_server_and_hashes_every_pin(name: str) -> None:
    """It installs from any mirror, and only what was locked."""
    text = read(name)
    assert not re.search(r"https?:|://", text)
    entries = [entry for entry in re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE) if PIN.match(entry)]
    assert entries
    assert all("--hash=sha256:" in entry for entry in entries)


def test_the_locks_cover_what_the_project_asks_for() -> None:
    """Whoever adds a dependency runs `make lock`."""
    runtime, dev = pins("requirements.txt"), pins("requirements-dev.txt")
    wanted = [(runtime, line) for line in PROJECT["project"]["dependencies"]]
    wanted += [(dev, line) for line in (*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["dev"])]
    for locked, line in wanted:
        requirement = Requirement(line)
        assert requirement.specifier.contains(locked[canonicalize_name(requirement.name)], prereleases=True), line


def test_the_real_model_is_pinned_and_stays_out_of_the_product() -> None:
    """Its server has another licence and is compiled: nobody gets it by installing this."""
    model = pins("requirements-model.txt")
    assert {f"{package}=={version}" for package, version in model.items()} == {*PROJECT["dependency-groups"]["model"]}
    assert not model.keys() & (pins("requirements.txt").keys() | pins("requirements-dev.txt").keys())


def test_the_tests_run_on_the_versions_that_people_run() -> None:
    """Every runtime pin stands in the test lock too: the Makefile relies on it."""
    assert pins("requirements.txt").items() <= pins("requirements-dev.txt").items()


def test_ci_runs_everything_whatever_fails() -> None:
    """Two things at a time, no test twice and none left out; a missing browser or disk fails there."""
    text = read(".ci/run")
    assert "set -euo pipefail" in text
    assert "export REQUIRE_BROWSER=1 REQUIRE_DISK=1" in text
    order = [
        *("make check ||", "make test-model ||", "tests/test_[a-l]*.py", 'beside >"$told"'),
        *("'browser or faults'", "--ignore-glob='*/test_[a-l]*.py'", "\nwait", '\ncat "$told"', '\nexit "$status"'),
    ]
    places = [text.find(step) for step in order]
    assert places[0] > 0
    assert places == sorted({*places})
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


def test_every_target_says_what_it_is_for() -> None:
    """`make help` lists them all."""
    text = read("Makefile")
    (phony,) = re.findall(r"^\.PHONY: (.+)$", text, re.MULTILINE)
    helped = re.findall(r"^([a-z-]+):.*## \S", text, re.MULTILINE)
    assert set(helped) == {target for target in phony.split() if not target.startswith("setup-")}


def test_the_compose_file_fits_the_specification() -> None:
    """Offline: check-jsonschema ships the schema."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    done = subprocess.run(
        [*command, str(ROOT / "docker-compose.yml")], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout


def test_compose_itself_reads_the_file_and_shows_no_password() -> None:
    """Real docker compose, without an engine: unknown keys are found, and only the proxy is published."""
    compose = [str(Path(sys.executable).parent / "docker-compose"), "--file", str(ROOT / "docker-compose.yml")]
    read_by = subprocess.run(
        [*compose, "config", "--format", "json"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=os.environ | {"POSTGRES_PASSWORD": "secret-word", "REPLICAS": "3"},
    )
    assert read_by.returncode == 0, read_by.stderr
    services = json.loads(read_by.stdout)["services"]
    assert set(services) == {"proxy", "app", "postgres"}
    assert services["app"]["deploy"]["replicas"] == 3
    assert [name for name, service in services.items() if service.get("ports")] == ["proxy"]
    assert all(service["healthcheck"] for service in services.values())
    assert "secret-word" not in json.dumps(services)


def test_the_image_is_pinned_unprivileged_and_watched() -> None:
    """And starts the server itself, so that SIGTERM reaches it."""
    text = read("Dockerfile")
    bases = re.findall(r"^FROM (\S+)", text, re.MULTILINE)
    assert len(set(bases)) == 1
    assert re.fullmatch(r"python:3\.\d+\.\d+-slim-\w+", bases[0])
    assert re.search(r"^USER [1-9]\d+", text, re.MULTILINE)
    assert "HEALTHCHECK" in text
    assert "--require-hashes" in text
    assert text.rstrip().endswith('CMD ["interviewer", "serve"]')


def test_the_build_context_holds_what_the_image_copies() -> None:
    """.dockerignore lets in what it names and nothing else."""
    let_in = {line[1:] for line in read(".dockerignore").splitlines() if line.startswith("!")}
    copied = {
        name
        for line in re.findall(r"^COPY (?!--from)(.+) \S+$", read("Dockerfile"), re.MULTILINE)
        for name in line.split()
    }
    assert copied == let_in
    assert all(Path(ROOT / name).exists() for name in copied)


USE = """
import sys
from pathlib import Path
from fastapi.testclient import TestClient
import interviewer
from interviewer.app import create_app
from interviewer.settings import Settings

assert Path(interviewer.__file__).is_relative_to(sys.argv[1]), interviewer.__file__
app = create_app(Settings(database=Path(sys.argv[1]) / "interviews.sqlite3"))
with TestClient(app, base_url="http://localhost") as client:
    assert "Start interview" in client.get("/").text
    for name in ("app.css", "app.js", "icon.svg"):
        assert client.get(f"/static/{name}").status_code == 200, name
    begun = client.post("/api/interviews", json={"level": "mid", "questions": 1}).json()
    assert begun["turns"][0]["question"]["ask"]
    assert client.post(f"/api/interviews/{begun['id']}/finish").status_code == 200
    assert client.get(f"/api/interviews/{begun['id']}/report.pdf").content.startswith(b"%PDF")
"""
"""Pages, styles, bank, prompts, migrations, fonts: all that is no Python and is needed."""


def listed(*wanted: str) -> list[str]:
    """Files of the repository, as git lists them."""
    command = ["git", "ls-files", "-z", "--exclude-standard", *wanted]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    return done.stdout.split("\0")[:-1]


def test_what_the_wheel_holds_runs_without_the_repository(tmp_path: Path) -> None:
    """hatchling takes the package and what is forced in, and leaves out what git ignores."""
    wheel = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel.keys() == {"packages", "force-include"}, "say in this test what else changes what is packed"
    places = {name: name for name in wheel["packages"]} | wheel["force-include"]
    assert not listed("--cached", "--ignored", *places), "git has these and ignores them, so no wheel has them"
    for name in listed("--cached", "--others", *places):
        top, _, rest = name.partition("/")
        packed = tmp_path / places[top] / rest
        packed.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).exists() and not name.startswith("bank/fastapi/"):  # to read one pack is quicker
            shutil.copyfile(ROOT / name, packed)
    done = subprocess.run(
        [sys.executable, "-c", USE, str(tmp_path)],
        cwd=tmp_path,
        env=environ(PYTHONPATH=str(tmp_path)),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
