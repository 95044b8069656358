"""A text -> the level it asks for, with the words that say so. Pure.

Whichever of 1 and 2 stands first counts: adverts have the title on top, and so has a CV its newest.

1. A title: junior, mid or senior words before a role in the singular ("Senior Python Developer", "Lead Engineer"), not
   after "our", "a" or "to the" ("report to the lead engineer") unless somebody is looked for; and words that are a
   title alone ("Werkstudent", "entry level", "mid-level"). Where the whole text is a line of a few tags and no
   sentence, a level word is a title without a role ("FastAPI senior pydantic").
2. Years beside "experience" or "Erfahrung": less than 2 junior, 2 to 4 mid, from 5 on senior. Of a range its lower
   end, of several the highest. A number from 30 on is no experience.
3. "First experience", "erste Erfahrungen": junior. "Several years", "mehrjährige": mid.
4. Otherwise mid.
The thresholds are ours; adverts differ. What stands in a stretch on the company does not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from interviewer.aim.proposal import LevelProposal, Quote
from interviewer.aim.set_aside import Aside
from interviewer.domain import Level

MID_FROM_YEARS = 2
SENIOR_FROM_YEARS = 5
MOST_YEARS = 30
_ROLE = (
    r"(?:developers?|engineers?|programmers?|architects?|consultants?|entwickler(?:in|innen)?|ingenieur(?:in)?"
    r"|programmierer(?:in)?|\w*entwickler(?:in)?|softwareentwicklung|\w*entwicklung|swe|dev|python|backend|back-end|api)"
)
_PLURAL = re.compile(r"(developers|engineers|programmers|architects|consultants|innen)$", re.IGNORECASE)
_WORDS = {
    "junior": Level.JUNIOR,
    "graduate": Level.JUNIOR,
    "trainee": Level.JUNIOR,
    "mid": Level.MID,
    "intermediate": Level.MID,
    "senior": Level.SENIOR,
    "lead": Level.SENIOR,
    "principal": Level.SENIOR,
    "staff": Level.SENIOR,
    "sr": Level.SENIOR,
    "jr": Level.JUNIOR,
}
_TITLE = re.compile(
    rf"(?<!\w)(?P<word>{'|'.join(_WORDS)})\b[.)]?"
    rf"(?:[ \t/–-]{{1,4}}[(\w&+#.]{{1,30}}\)?){{0,2}}[ \t(/–-]{{1,4}}(?P<role>{_ROLE})\b",
    re.IGNORECASE,
)
_ALONE = re.compile(
    r"\b(?:(?P<junior>entry[- ]level|interns?hip|intern|working student|werkstudent(?:in)?|berufseinsteiger(?:in)?"
    r"|berufsanfänger(?:in)?|absolvent(?:in)?|praktik(?:um|ant(?:in)?)|young professional|apprentice)"
    r"|(?P<mid>mid[- ]level|midlevel|mid[- ]senior|professional \(m/w/d\))"
    r"|(?P<senior>tech(?:nical)? lead|team lead|head of (?:engineering|development|backend)|softwarearchitekt(?:in)?"
    r"|solution architect|teamleiter(?:in)?))\b",
    re.IGNORECASE,
)
_SOMEBODY_ELSE = re.compile(
    r"\b(?:our|the|an?|of|by|with|from|to|your|other|mentor|for|unser\w*|dein\w*|ein\w*|von|mit|dem|der)\s+(?:\w+\s)?$",
    re.IGNORECASE,
)
_WANTED = re.compile(
    r"\b(?:looking for|hiring|seeking|searching for|need|as|join us as|suchen(?: wir)?(?: dich)?(?: als)?|als)\s+"
    r"(?:(?:an?|our (?:new|next|first)|eine?n?|unsere?n?)\s+)?(?:\w+\s)?\(?$",
    re.IGNORECASE,
)
_NUMBER_WORDS = (
    "zero null",
    "one a ein einem",
    "two zwei",
    "three drei",
    "four vier",
    "five fünf",
    "six sechs",
    "seven sieben",
    "eight acht",
    "nine neun",
    "ten zehn",
)
_NUMBERS = {str(number): number for number in range(MOST_YEARS)} | {
    word: number for number, words in enumerate(_NUMBER_WORDS) for word in words.split()
}
_COUNT = "|".join(sorted(_NUMBERS, key=len, reverse=True))
_YEARS = re.compile(
    rf"(?<![\w.,])(?P<count>{_COUNT})\s?(?:\+|plus|or more|oder mehr)?\s?"
    rf"(?:(?:-|–|to|bis)\s?(?:{_COUNT})\s?)?\+?\s{{0,2}}"
    r"(?:years?|yrs?|jahren?|jahr)\b",
    re.IGNORECASE,
)
_EXPERIENCE = re.compile(
    r"experience|erfahrung|background in|development|entwicklung|praxis|professional", re.IGNORECASE
)
_NEAR_CHARS = 60
_TAG = re.compile(r"(?<![\w-])(?P<word>junior|jr|graduate|trainee|mid|intermediate|senior|sr|principal)(?![\w-])", re.I)
MOST_TAGS = 8
"""A line of more words is no list of tags."""
_SOFT = (
    (Level.JUNIOR, re.compile(r"\b(first (practical )?experience|erste\w* (praktische\w* )?erfahrung\w*)\b", re.I)),
    (Level.MID, re.compile(r"\b(several years|mehrjährige\w*( berufserfahrung)?)\b", re.IGNORECASE)),
)


def level_of(text: str, aside: Aside) -> LevelProposal:
    """The level of a text with its reason."""
    title = next(_titles(text, aside), None) or _tag(text)
    named = list(_years(text, aside))
    years = max(named, key=lambda found: found[0], default=None)
    if title and not (named and named[0][1].start < title[1].start):
        level, quote = title
        return LevelProposal(level=level, reason=f"The title says {level}.", quotes=(quote,))
    if years:
        count, quote = years
        return LevelProposal(level=_of_years(count), reason=_years_reason(count), quotes=(quote,))
    for level, soft in _SOFT:
        for found in soft.finditer(text):
            if aside.why_not(found.start()) is None:
                return LevelProposal(level=level, reason="No title and no number of years.", quotes=(_quote(found),))
    return LevelProposal(level=Level.MID, reason="No words on a level were found, so it is mid.")


def _of_years(count: int) -> Level:
    if count < MID_FROM_YEARS:
        return Level.JUNIOR
    return Level.MID if count < SENIOR_FROM_YEARS else Level.SENIOR


def _years_reason(count: int) -> str:
    years = "1 year" if count == 1 else f"{count} years"
    return (
        f"{years} of experience: less than {MID_FROM_YEARS} are junior, {SENIOR_FROM_YEARS} and more senior, "
        "the rest mid."
    )


def _titles(text: str, aside: Aside) -> Iterator[tuple[Level, Quote]]:
    found = [(match, _WORDS[match["word"].lower()]) for match in _TITLE.finditer(text) if _is_title(text, match)]
    for match in _ALONE.finditer(text):
        level = Level(match.lastgroup or Level.MID)
        if level is not Level.SENIOR or not _is_somebody_else(text, match):
            found.append((match, level))
    for match, level in sorted(found, key=lambda each: each[0].start()):
        if aside.why_not(match.start()) is None:
            yield level, _quote(match)


def _tag(text: str) -> tuple[Level, Quote] | None:
    """The only level word of a text that is nothing but a line of tags."""
    line = text.strip()
    if "\n" in line or line.endswith((".", "!", "?")) or len(line.split()) > MOST_TAGS or _TITLE.search(line):
        return None
    found = list(_TAG.finditer(text))
    if len(found) != 1 or _is_somebody_else(text, found[0]):
        return None
    return _WORDS[found[0]["word"].lower()], _quote(found[0])


def _is_title(text: str, match: re.Match[str]) -> bool:
    return not _PLURAL.search(match["role"]) and not _is_somebody_else(text, match)


def _is_somebody_else(text: str, match: re.Match[str]) -> bool:
    before = text[max(0, match.start() - _NEAR_CHARS) : match.start()]
    return _SOMEBODY_ELSE.search(before) is not None and not _WANTED.search(before)


def _years(text: str, aside: Aside) -> Iterator[tuple[int, Quote]]:
    for match in _YEARS.finditer(text):
        line_end = text.find("\n", match.end())
        until = min(match.end() + _NEAR_CHARS, line_end if line_end >= 0 else len(text))
        since = max(match.start() - _NEAR_CHARS, text.rfind("\n", 0, match.start()) + 1)
        if _EXPERIENCE.search(text[since:until]) and aside.why_not(match.start()) is None:
            yield _NUMBERS[match["count"].lower()], _quote(match)


def _quote(match: re.Match[str]) -> Quote:
    return Quote(text=match[0], start=match.start(), end=match.end())
