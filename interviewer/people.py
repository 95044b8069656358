"""What a name and a password must be like. Pure.

The rules of passwords follow NIST SP 800-63B (2025), 3.1.1: a least length, any character, no rules of composition, no
expiry, Unicode normalised by NFKC before it is hashed.
"""

from __future__ import annotations

import unicodedata

from interviewer.errors import UnusableName, UnusablePassword

NAME_CHARS = 60
PASSWORD_CHARS = range(12, 201)
MOST_NAMED = 10 * NAME_CHARS
MOST_TYPED = 1000
"""Characters beyond which a name, and a password, is not looked at: composed, they would still be too many."""
_NOT_SHOWN = ("C", "Zl", "Zp")
"""Categories of what cannot be seen: controls, formats, surrogates, unassigned, ends of lines and paragraphs."""


def clean_name(text: str) -> str:
    """A name on one line, as it is shown.

    Raises:
        UnusableName: nothing is left, it is longer than 60 characters, or it has characters that cannot be seen.
    """
    if len(text) > MOST_NAMED:
        raise UnusableName(f"A name has at most {NAME_CHARS} characters. Choose a shorter one.")
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not name:
        raise UnusableName("Choose a name: letters, digits or signs, at least one.")
    if len(name) > NAME_CHARS or len(name_key(name)) > 4 * NAME_CHARS:
        raise UnusableName(f"A name has at most {NAME_CHARS} characters. Choose a shorter one.")
    if any(unicodedata.category(char).startswith(_NOT_SHOWN) for char in name):
        raise UnusableName("The name has characters that cannot be seen. Type it with letters, digits and signs only.")
    return name


def name_key(name: str) -> str:
    """What a name is found by: two names with the same key are the same, however they are written.

    NFKC, case folded, NFKC again (UAX 15 and UTS 31: folding may leave a text that is not normalised).
    """
    folded = unicodedata.normalize("NFKC", name).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())


def clean_password(text: str, *, name: str) -> str:
    """A password as it is hashed.

    Raises:
        UnusablePassword: too short, too long, the name itself, or with characters that no keyboard sends.
    """
    password = as_hashed(text)
    if password is None and len(text) <= MOST_TYPED:
        raise UnusablePassword("The password has characters that cannot be kept. Type it anew.")
    if password is None or len(password) not in PASSWORD_CHARS:
        least, most = PASSWORD_CHARS[0], PASSWORD_CHARS[-1]
        raise UnusablePassword(
            f"A password has {least} to {most} characters. Several words that you can remember are a good one."
        )
    if name_key(password) == name_key(name):
        raise UnusablePassword("The password is the name. Choose another one.")
    return password


def as_hashed(text: str) -> str | None:
    """A password as it is compared; None for what can be none, so that it need not be hashed."""
    if len(text) > MOST_TYPED or "\0" in text or any("\ud800" <= char <= "\udfff" for char in text):
        return None
    return unicodedata.normalize("NFKC", text)
