"""A new question -> the text to begin with, and the file it belongs to."""

from __future__ import annotations

import re
from pathlib import Path

from interviewer.bank import Bank
from interviewer.domain import Level, Pack, QuestionKind
from interviewer.errors import SettingError

SCHEMA_LINE = "# yaml-language-server: $schema=../schema.json\n"
PLACEHOLDER = "TODO"
"""What stands where something is still to be written; the check finds it."""
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_HEAD = """\
- id: {id}
  kind: {kind}
  level: {level}
  topic: {topic}
  ask: |
    TODO: the question, as it is said
"""
_OPEN = """\
  reference: |
    TODO: the full-mark answer, in prose
  points:
    - id: first
      says: TODO one statement that can be true of an answer or not
      weight: 3
      cues: [[TODO, another way to say it], [TODO, second part of the thought]]
      probe: TODO asks about this point and gives nothing of it away
    - id: second
      says: TODO second point
      weight: 2
      cues: [[TODO], [TODO]]
      probe: TODO
    - id: third
      says: TODO third point
      weight: 1
      cues: [[TODO], [TODO]]
      probe: TODO
  misconceptions:
    - id: wrong
      says: TODO a wrong belief that people have
      cues: [[TODO], [TODO]]
      penalty: 20
      fix: TODO what is so instead
  hints:
    - TODO a nudge
    - TODO a bigger one
  takeaway: TODO one line worth remembering
  samples:
    - band: strong
      text: TODO a good candidate, speaking
    - band: strong
      text: TODO another one, of another kind
    - band: partial
      text: TODO half of it
    - band: weak
      text: TODO confident, wrong, with the right vocabulary
"""
_CHOICE = """\
  options:
    - id: first
      text: TODO first option
      correct: false
      why: TODO why it is wrong
    - id: second
      text: TODO second option
      correct: true
      why: TODO why it is right
    - id: third
      text: TODO third option
      correct: false
      why: TODO what makes it wrong
    - id: fourth
      text: TODO fourth option
      correct: false
      why: TODO what is so instead
  takeaway: TODO one line worth remembering
"""
_FOOT = """\
  sources:
    - https://example.org/TODO
"""


def skeleton(id_: str, *, kind: QuestionKind, level: Level, topic: str) -> str:
    """A question with everything that its kind needs, still to be written; the reader takes it."""
    head = _HEAD.format(id=id_, kind=kind, level=level, topic=topic)
    return head + (_CHOICE if kind is QuestionKind.CHOICE else _OPEN) + _FOOT


def place_for(bank: Bank, folder: Path, id_: str, *, topic: str, pack: str | None = None) -> Path:
    """The file of a topic, which need not be there yet.

    Raises:
        SettingError: the id is taken or no id, or no pack has the topic.
    """
    if not _ID.fullmatch(id_) or len(id_) > 60:
        raise SettingError(f"{id_!r} is no id: lower case and digits, with hyphens between, at most 60 characters.")
    if id_ in bank.lines:
        raise SettingError("The id {!r} is taken: see {}:{}.".format(id_, *bank.lines[id_]))
    return folder / pack_of(bank, topic, pack).id / f"{topic}.yaml"


def pack_of(bank: Bank, topic: str, pack: str | None = None) -> Pack:
    """The pack that was named, or the only one that has the topic.

    Raises:
        SettingError: there is none, or more than one.
    """
    named = bank.packs if pack is None else (pack_named(bank, pack),)
    having = [each for each in named if any(topic == known.id for known in each.topics)]
    if not having:
        known = sorted({known.id for each in named for known in each.topics})
        raise SettingError(f"There is no topic {topic!r}. Topics: {', '.join(known)}. A new one goes into pack.yaml.")
    if len(having) > 1:
        raise SettingError(f"{topic!r} is a topic of several packs: name one with --pack.")
    return having[0]


def pack_named(bank: Bank, pack: str | None) -> Pack:
    """The pack of that id; with None the only one there is.

    Raises:
        SettingError: there is none, or more than one.
    """
    packs = ", ".join(each.id for each in bank.packs)
    if pack is None:
        if len(bank.packs) > 1:
            raise SettingError(f"There are several packs ({packs}): name one with --pack.")
        return bank.packs[0]
    if (found := bank.pack(pack)) is None:
        raise SettingError(f"There is no pack {pack!r}. Packs: {packs}.")
    return found


def append(file: Path, text: str) -> None:
    """Add questions at the end of a topic's file, or begin it.

    Raises:
        SettingError: it cannot be written.
    """
    try:
        before = file.read_text(encoding="utf-8") if file.exists() else SCHEMA_LINE
        file.write_text(f"{before.rstrip()}\n{text}" if before.strip() else text, encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(f"Cannot write {file} ({error}). Name a folder of your own with --bank.") from error
