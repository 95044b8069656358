"""Questions -> those whose version ranges the installed packages have left."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import metadata

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from interviewer.bank.findings import Measure
from interviewer.domain import Question, VersionRange


def faults(question: Question) -> Iterator[tuple[Measure, str]]:
    """What an installed package says against the versions that a question holds for."""
    for held in question.holds_for:
        if fault := _fault(held):
            yield Measure.VERSIONS, f"holds_for {held.package}: {fault}"


def _fault(held: VersionRange) -> str | None:
    try:
        versions = SpecifierSet(held.versions)
    except InvalidSpecifier:
        return f"{held.versions!r} is no range of versions: write it as in '>=0.118,<1'"
    try:
        installed = metadata.version(held.package)
    except metadata.PackageNotFoundError:
        return "the package is not installed, so nothing shows that the question still holds"
    if versions.contains(installed, prereleases=True):
        return None
    return f"{installed} is installed and out of {held.versions!r}: check the question against it, then widen the range"
