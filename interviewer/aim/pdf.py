"""A PDF on standard input -> its text on standard output: a process of its own, for a file is never trusted.

`python -m interviewer.aim.pdf` has bounds on its time and memory, no key in its environment, and follows nothing that
the file refers to. It writes `{"text": ...}` or `{"fault": ...}`; a file that breaks it breaks nothing else.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from contextlib import suppress
from io import BytesIO

from interviewer.errors import UnusableText

log = logging.getLogger(__name__)

MOST_PAGES = 20
MOST_CHARS = 100_000
"""Of text; who wants less of it says so on their own."""
MOST_STREAM_BYTES = 20_000_000
"""Of one compressed part when it is unpacked."""
MOST_OPERATIONS = 500_000
"""Of one page."""
MEMORY_BYTES = 1_000_000_000
CPU_S = 10
WALL_S = 15
PASTE = "Paste its text instead."
_FAULTS = {
    "encrypted": f"This PDF is protected by a password. Save it without one, or: {PASTE[0].lower()}{PASTE[1:]}",
    "pages": f"This PDF has more than {MOST_PAGES} pages. Paste the part that is about the job instead.",
    "no-text": f"There is no text in this PDF; it may be a scan, which is a picture. {PASTE}",
    "broken": f"This PDF cannot be read: it is broken, or not what it says it is. {PASTE}",
    "too-much": f"This PDF takes too long to read, or too much room. {PASTE}",
}


def text_of_pdf(data: bytes, *, wall_s: float = WALL_S) -> str:
    """The text of a PDF, page after page; it may take `wall_s` seconds.

    Raises:
        UnusableText: there is none, or it cannot be had.
    """
    kept = ("PATH", "SYSTEMROOT", "LANG")
    environ = {name: os.environ[name] for name in kept if name in os.environ}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "interviewer.aim.pdf"],
            input=data,
            capture_output=True,
            timeout=wall_s,
            check=False,
            env=environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
    except subprocess.TimeoutExpired:
        raise UnusableText(_FAULTS["too-much"]) from None
    try:
        said = json.loads(done.stdout)
    except ValueError:
        log.warning("a PDF was not read to its end", extra={"returncode": done.returncode})
        raise UnusableText(_FAULTS["too-much" if done.returncode else "broken"]) from None
    if fault := said.get("fault"):
        raise UnusableText(_FAULTS[fault])
    return str(said["text"])


def read(data: bytes) -> dict[str, str]:
    """The text of a PDF or its fault, in this process."""
    from pypdf import apply_configuration
    from pypdf.errors import LimitReachedError

    bounds = apply_configuration(
        disable_legacy_handling=True,
        jbig2dec_binary=None,
        stream_parsing_work_maximum_count=MOST_OPERATIONS,
        array_based_stream_maximum_output_length=MOST_STREAM_BYTES,
        brotli_maximum_output_length=MOST_STREAM_BYTES,
        lzw_maximum_output_length=MOST_STREAM_BYTES,
        run_length_maximum_output_length=MOST_STREAM_BYTES,
        zlib_maximum_output_length=MOST_STREAM_BYTES,
    )
    try:
        with bounds:
            return _read(data)
    except (LimitReachedError, MemoryError, RecursionError):
        return {"fault": "too-much"}
    except Exception:  # whatever a file from anywhere makes a parser raise
        return {"fault": "broken"}


def _read(data: bytes) -> dict[str, str]:
    from pypdf import PdfReader

    reader = PdfReader(BytesIO(data))
    if reader.is_encrypted and not _opens(reader):
        return {"fault": "encrypted"}
    if len(reader.pages) > MOST_PAGES:
        return {"fault": "pages"}
    text = ""
    for page in reader.pages:
        text += page.extract_text() + "\n\n"
        if len(text) > MOST_CHARS:
            break
    return {"text": text[:MOST_CHARS]} if text.strip() else {"fault": "no-text"}


def _opens(reader: object) -> bool:
    """Whether a protected file opens without a password, as those do that only forbid printing."""
    with suppress(Exception):  # a cipher that is not here, or a wrong password
        return bool(reader.decrypt(""))  # type: ignore[attr-defined]  # a PdfReader; its package is loaded when used
    return False


def _bound() -> None:
    """Bounds on memory and time, where the system has them."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))


if __name__ == "__main__":
    _bound()
    logging.disable()
    sys.stdout.write(json.dumps(read(sys.stdin.buffer.read())))
