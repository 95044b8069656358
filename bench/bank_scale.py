"""Measures a bank of 20,000 generated questions and prints the figures as Markdown.

    python bench/bank_scale.py [--questions 20000]

The questions are the shipped ones over and over, with ids and texts of their own and of the same size. Each start is a
new process. Nothing is reached but this machine.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from itertools import count
from pathlib import Path

from run import first_page, machine, product, server

from interviewer import bank as banks
from interviewer import picker
from interviewer.domain import Level, Plan

ROOT = Path(__file__).resolve().parent.parent
WARM_STARTS = 3
DRAWS = 60
ASKED_BEFORE = 200
"""Questions in the history of the candidate for whom one more is drawn."""
START = """\
import json, resource, sys, time
from pathlib import Path
from interviewer import bank
began, cpu_began = time.perf_counter(), time.process_time()
held = bank.load(Path(sys.argv[1]), cache=Path(sys.argv[2]))
print(json.dumps({
    "load_s": time.perf_counter() - began, "cpu_s": time.process_time() - cpu_began,
    "questions": len(held.questions),
    "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
}))
"""


def generated(folder: Path, questions: int) -> Path:
    """A bank with one pack of so many questions."""
    shipped = ROOT / "bank" / "fastapi"
    pack = folder / "bank" / "fastapi"
    pack.mkdir(parents=True)
    (pack / "pack.yaml").write_bytes((shipped / "pack.yaml").read_bytes())
    texts = {
        file.name: re.split(r"^(?=- id: )", file.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
        for file in sorted(shipped.glob("*.yaml"))
        if file.name != "pack.yaml"
    }
    made: dict[str, list[str]] = {name: [] for name in texts}
    left = questions
    for number in count():
        for name, each in texts.items():
            for text in each[:left]:
                made[name].append(re.sub(r"^- id: (.+)$", rf"- id: \1-{number}", text, count=1, flags=re.MULTILINE))
            left -= len(each[:left])
        if left <= 0:
            break
    for name, each in made.items():
        (pack / name).write_text("".join(each), encoding="utf-8")
    return folder / "bank"


def start(bank: Path, cache: Path) -> dict[str, float]:
    """What a new process needs to have the bank."""
    command = [sys.executable, "-c", START, str(bank), str(cache)]
    figures: dict[str, float] = json.loads(subprocess.check_output(command, text=True, cwd=ROOT))
    return figures


def served(folder: Path, bank: Path) -> float:
    """Seconds from starting the server on a bank it has met before to the last byte of its first page."""
    seconds = []
    for _ in range(1 + WARM_STARTS):  # the first makes the cache, beside its database
        began = time.perf_counter()
        with server(*product(folder), INTERVIEWER_BANK_DIR=str(bank)) as (_process, port):
            asyncio.run(first_page(port))
            seconds.append(time.perf_counter() - began)
    return statistics.median(seconds[1:])


def picked(bank: banks.Bank) -> tuple[list[float], list[float]]:
    """Processor time, in ms, of drawing and reading one question, and ten for an interview, time after time."""
    one, ten = [], []
    pack = bank.packs[0]
    for seed in range(DRAWS):
        level = list(Level)[seed % 3]
        history = [question.id for question in pack.questions[seed :: len(pack.questions) // ASKED_BEFORE]]
        for asked, times in ((1, one), (10, ten)):
            began = time.process_time()
            (first, *_) = picker.draw(pack, Plan(pack=pack.id, level=level, questions=asked, seed=seed), history)
            assert bank.question(first)
            times.append((time.process_time() - began) * 1000)
    return one, ten


def p99(times: list[float]) -> float:
    """99 of 100 took no longer."""
    return sorted(times)[min(len(times) - 1, int(len(times) * 0.99))]


def lines(questions: int) -> list[str]:
    """The figures, as lines of Markdown."""
    on = machine()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bank, cache = generated(folder, questions), folder / "bank-cache"
        size = sum(file.stat().st_size for file in bank.rglob("*.yaml")) / 1e6
        cold = start(bank, cache)
        warm = [start(bank, cache) for _ in range(WARM_STARTS)]
        cached = sum(file.stat().st_size for file in cache.iterdir()) / 1e6
        first_page_s = served(folder, bank)
        one, ten = picked(banks.load(bank, cache=cache))
    load_s, cpu_s = (statistics.median(each[figure] for each in warm) for figure in ("load_s", "cpu_s"))
    rows = {
        f"the bank's files, {cold['questions']:,} questions": f"{size:,.0f} MB",
        "first load, nothing cached": f"{cold['load_s']:.0f} s",
        "first load, processor time": f"{cold['cpu_s']:.0f} s",
        f"load with the cache, new process (median of {WARM_STARTS})": f"{load_s:.2f} s",
        "load with the cache, processor time": f"{cpu_s:.2f} s",
        f"start of the server to its first page, with the cache (median of {WARM_STARTS})": f"{first_page_s:.2f} s",
        "size of the cache": f"{cached:,.0f} MB",
        "memory of a process that holds the bank": f"{max(each['memory_mb'] for each in warm):,.0f} MB",
        "drawing and reading the next question, processor time, median": f"{statistics.median(one):.2f} ms",
        f"the same, p99 of {len(one)} draws": f"{p99(one):.2f} ms",
        "drawing the ten questions of an interview, processor time, median": f"{statistics.median(ten):.2f} ms",
    }
    table = ["| what | figure |", "| --- | ---: |", *(f"| {what} | {figure} |" for what, figure in rows.items())]
    return [f"`python bench/bank_scale.py --questions {questions}`: {on}.", "", *table]


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=int, default=20_000)
    sys.stdout.write("\n".join(lines(parser.parse_args().questions)) + "\n")


if __name__ == "__main__":
    main()
