"""A folder of prompt files -> prompts that render to text and carry a fingerprint.

A prompt is `<name>.md.jinja`. It is plain text: nothing is escaped, nothing is included, and it knows exactly the
variables declared here, so that a typing error stops the start and not an interview.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import jinja2
from jinja2 import meta

from interviewer.errors import PromptError

SUFFIX = ".md.jinja"
FINGERPRINT_CHARS = 12

VARIABLES: Mapping[str, frozenset[str]] = {
    "grade-system": frozenset(),
    "grade-rubric": frozenset({"question", "problem", "language"}),
    "grade-answers": frozenset({"boundary", "texts"}),
    "probe": frozenset({"ask", "probe", "tone"}),
    "clarify": frozenset({"ask", "probe", "tone"}),
    "talk-texts": frozenset({"boundary", "texts"}),
    "translate": frozenset({"language"}),
    "aim": frozenset({"topics"}),
}
"""The prompts there are, each with the variables its code gives it."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt file; `id` is `name@first 12 of its sha256` and goes into the provenance of what it made."""

    name: str
    id: str
    template: jinja2.Template

    def render(self, **variables: object) -> str:
        """The prompt's text.

        Raises:
            PromptError: the variables are not the declared ones, or the file asks for something they do not have.
        """
        if variables.keys() != VARIABLES[self.name]:
            raise PromptError(f"{self.name}: rendered with {_listed(variables)}, takes {_listed(VARIABLES[self.name])}")
        try:
            return self.template.render(variables)
        except jinja2.UndefinedError as error:
            raise PromptError(f"{self.name}{SUFFIX}: {error.message}; mend the file or take it anew") from error


@dataclass(frozen=True, slots=True)
class Prompts:
    """Every declared prompt, loaded and checked."""

    by_name: Mapping[str, Prompt]

    def __getitem__(self, name: str) -> Prompt:
        return self.by_name[name]


def load(folder: Path) -> Prompts:
    """Read every declared prompt from `folder`.

    Raises:
        PromptError: a file is missing or broken, or uses other variables than the declared ones.
    """
    environment = jinja2.Environment(
        autoescape=False,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return Prompts({name: _read(folder, name, environment) for name in VARIABLES})


def _read(folder: Path, name: str, environment: jinja2.Environment) -> Prompt:
    path = folder / f"{name}{SUFFIX}"
    try:
        source = path.read_bytes()
        text = source.decode()
        parsed = environment.parse(text)
    except (OSError, UnicodeDecodeError) as error:
        raise PromptError(
            f"{path}: cannot be read; put the file there or point the prompts folder elsewhere"
        ) from error
    except jinja2.TemplateSyntaxError as error:
        raise PromptError(f"{path}:{error.lineno}: {error.message}; mend the line") from error
    if list(meta.find_referenced_templates(parsed)):
        raise PromptError(f"{path}: includes another file; write its text out, so that the fingerprint covers it")
    used = meta.find_undeclared_variables(parsed)
    if used != VARIABLES[name]:
        raise PromptError(f"{path}: uses {_listed(used)}, its code gives {_listed(VARIABLES[name])}; mend the file")
    fingerprint = hashlib.sha256(source).hexdigest()[:FINGERPRINT_CHARS]
    return Prompt(name, f"{name}@{fingerprint}", environment.from_string(text))


def _listed(names: Mapping[str, object] | frozenset[str] | set[str]) -> str:
    return ", ".join(sorted(names)) or "no variables"
