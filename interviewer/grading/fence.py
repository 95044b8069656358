"""A candidate's text -> the same words, unable to pass for a fence or for a chat's control token. Pure.

Words and their order stay, so a quote from the result is still found in the original: only invisible characters
go, and what looks like a fence is parted by a blank.
"""

from __future__ import annotations

import re
import unicodedata

_KEPT_CONTROLS = frozenset("\n\t")
_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_BRACKETS = "[<＜﹤‹«〈⟨❮]"
_FENCE = re.compile(rf"({_BRACKETS})(?=\s*/?\s*answer)", re.IGNORECASE)
_CONTROL_TOKEN = re.compile(
    r"(<)(?=\|)|(\|)(?=>)|(<)(?=</?SYS)|(\[)(?=/?INST\])"
    r"|(<)(?=/?(?:s|bos|eos|pad|unk|think|start_of_turn|end_of_turn|system|user|assistant)>)",
    re.IGNORECASE,
)
"""What chat templates of local servers read as the end of a message, wherever it stands in the text."""


def defuse(text: str, boundary: str) -> str:
    """`text` without invisible characters and without `boundary`, with look-alike fences and control tokens parted."""
    seen = "".join(char for char in text if not _is_invisible(char))
    without = re.sub(re.escape(boundary), "-", seen, flags=re.IGNORECASE)
    return _CONTROL_TOKEN.sub(lambda found: found[0] + " ", _FENCE.sub(r"\1 .", without))


def _is_invisible(char: str) -> bool:
    category = unicodedata.category(char)
    if category == "Cc":
        return char not in _KEPT_CONTROLS
    return category in {"Cf", "Cs"} or char in _INVISIBLE or _is_variation_selector(char)


def _is_variation_selector(char: str) -> bool:
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"
