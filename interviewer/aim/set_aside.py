"""A text -> the stretches of it that say nothing on what is asked for, and those that are only wished for. Pure.

What is handled, in English and German:
* sections on the company, its benefits, the application and, in a CV, hobbies: from such a heading to the next one;
* single sentences of that kind ("We offer ...", "equal opportunity", "30 days of holiday");
* denials: "no X", "without X", "not X" to the end of the clause or of a list with "or"; "no X or Y needed" and "X is
  not required" as a whole; the two words after "instead of". "Not only", "not just" and "no later" deny nothing;
* wishes: sections and lines such as "Nice to have", sentences with "a plus", "von Vorteil", "ideally".
What is not: irony, a denial in another sentence ("Django? Please not."), "from X to Y".
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from interviewer.aim.proposal import SetAsideWhy
from interviewer.aim.words import folded

HEADING_WORDS = 6
DENIED_CHARS = 160
"""A denial reaches no further."""

_COMPANY = re.compile(
    r"(about (us|the company|our company|[a-z]+ ?(gmbh|ag|ltd|inc)?)$"
    r"|(the )?(benefits|perks|extras)|what we (offer|have to offer)|we offer|our (offer|benefits|values|story|company)"
    r"|what (do )?you (will )?get|what you can expect|whats in it for you|why (us|join|work)|who we are|the company"
    r"|equal opportunit|diversity|how to apply|application|apply|next steps|(the |our )?hiring process|contact|privacy"
    r"|(interests|hobbies|hobbys|interessen)( and \w+| und \w+)?$|salary|compensation|pay$"
    r"|(das|was) (wir|bieten|erwartet dich bei uns|dich bei uns|sie bei uns).*|wir bieten|unser angebot|unsere benefits"
    r"|(deine|ihre) (benefits|vorteile)|uber uns|wer wir sind|(unser|das) unternehmen|kontakt|bewerbung|gehalt"
    r"|vergutung|darauf kannst du dich freuen|freu dich auf|datenschutz)"
)
_NOT_COMPANY = re.compile(r"about (the |this |your )?(role|job|position|team|you|work)\b|was wir (erwarten|suchen)")
_WISHED_HEADING = re.compile(
    r"(nice to have|bonus|optional|pluspunkte|von vorteil|wunschenswert|extra points|desirable|preferred|good to have)"
)
_WISHED = re.compile(
    r"\b(nice to have|an? (big |real |definite |strong )?(plus|bonus|advantage)|bonus points|ideally|desirable"
    r"|would be great|optional|von vorteil|wünschenswert|idealerweise|gerne auch|ein plus|pluspunkt)\b",
    re.IGNORECASE,
)
_COMPANY_SENTENCE = re.compile(
    r"^\W*(we|wir) (offer|bieten)\b|\b(equal[- ]opportunity|regardless of|privacy policy|your (personal )?data"
    r"|work authori[sz]ation|right to work|pension|altersvorsorge|salary|gehalt|training budget|obstkorb"
    r"|days of (holiday|vacation|leave)|(vacation|holiday) days|tage urlaub|urlaubstage"
    r"|(was|were) founded|gegründet|bewerbungsunterlagen|perks)\b",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?;](?=\s|$)|\n[^\S\n]*\n|\n(?=\s*[-*•·▪‣–]\s)|\n(?=\s*[^a-zäöü\s])")
_NEEDED = (
    r"(?:strictly |yet |unbedingt |zwingend )?(?:needed|required|necessary|expected|mandatory|a must|a requirement"
    r"|erforderlich|notwendig|nötig|vorausgesetzt|ein muss|verlangt)"
)
_NO = r"(?:no|not|never|without|nor|neither|don't|doesn't|won't|kein\w*|nicht|ohne|niemals)"
_BEFORE = re.compile(rf"\b{_NO}\b[^.;!?\n]{{0,{DENIED_CHARS}}}?\b{_NEEDED}\b", re.IGNORECASE)
_AFTER = re.compile(
    rf"\b(?:(?:(?P<one>is|ist|wird)|are|sind|werden) )?(?:not|nicht|kein|isn't|aren't) (?:\w+ )?{_NEEDED}\b",
    re.IGNORECASE,
)
_ONE_THING = re.compile(r"[,:(]|\b(?:but|and|aber|und)\b", re.IGNORECASE)
_SKILL_IN = re.compile(
    r"\b(?:experience|knowledge|familiarity|erfahrung|kenntnis)\w* (?:in|with|of|mit|von)\b", re.IGNORECASE
)
_SEVERAL_THINGS = re.compile(r"[:(]|\b(?:but|aber|you|we|sie|wir)\b", re.IGNORECASE)
_DENIAL = re.compile(
    r"\b(?:no|not|never|without|neither|don't|doesn't|won't|kein\w*|nicht|ohne)\b"
    r"(?! (?:only|just|later|matter|limited|least|nur|zuletzt|allein|weniger)\b)",
    re.IGNORECASE,
)
_INSTEAD = re.compile(
    r"\b(?:instead of|rather than|away from|statt|anstatt|anstelle von|weg von)(?: [\w-]+){1,2}", re.IGNORECASE
)
_CLAUSE_END = re.compile(
    r"[,.;:!?()\n]|\b(?:but|and (?:you|we|the)|because|so that|sondern|aber|und (?:du|sie|wir))\b", re.IGNORECASE
)
_LIST_END = re.compile(r"[^.;:!?()\n]{0,100}?\b(?:or|nor|oder|noch)\s+[\w-]+(?:\s[\w-]+)?", re.IGNORECASE)
_CLAUSE_IN_LIST = re.compile(r"\b(?:you|we|they|so|but|just|sie|du|wir|sondern|aber)\b", re.IGNORECASE)


class Stretches:
    """Stretches of a text, `start`..`end` in characters; those that touch are one."""

    def __init__(self, stretches: Iterable[tuple[int, int]]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in sorted(stretches):
            if self._ends and start <= self._ends[-1]:
                self._ends[-1] = max(end, self._ends[-1])
            else:
                self._starts.append(start)
                self._ends.append(end)

    def hold(self, at: int) -> bool:
        """Whether the character at `at` stands in one of them."""
        place = bisect_right(self._starts, at) - 1
        return place >= 0 and at < self._ends[place]


@dataclass(frozen=True, slots=True)
class Aside:
    """What is not asked for, and what is only wished for."""

    denied: Stretches
    company: Stretches
    wished: Stretches

    def why_not(self, start: int) -> SetAsideWhy | None:
        """Why a term at `start` does not count; None if it does."""
        if self.company.hold(start):
            return SetAsideWhy.ABOUT_THE_COMPANY
        return SetAsideWhy.DENIED if self.denied.hold(start) else None

    def is_wished(self, start: int) -> bool:
        """Whether a term at `start` is only wished for."""
        return self.wished.hold(start)


def aside_of(text: str) -> Aside:
    """The stretches of a text that count less than the rest, or not."""
    company: list[tuple[int, int]] = []
    wished: list[tuple[int, int]] = []
    for kind, start, end in _sections(text):
        (company if kind is _COMPANY else wished).append((start, end))
    denied: list[tuple[int, int]] = []
    for start, end in _sentences(text):
        said = text[start:end]
        if _COMPANY_SENTENCE.search(said):
            company.append((start, end))
        if _WISHED.search(said):
            wished.append((start, end))
        denied += ((start + first, start + last) for first, last in _denials(said))
    return Aside(Stretches(denied), Stretches(company), Stretches(wished))


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for end in _SENTENCE_END.finditer(text):
        yield start, end.end()
        start = end.end()
    yield start, len(text)


def _denials(sentence: str) -> Iterator[tuple[int, int]]:
    one_line = sentence.replace("\n", " ").replace("’", "'")
    for whole in (_BEFORE, _INSTEAD):
        for found in whole.finditer(one_line):
            yield found.span()
    for found in _AFTER.finditer(one_line):
        since = max(0, found.start() - DENIED_CHARS)
        before = one_line[since : found.start()]
        several = not found["one"] or _SKILL_IN.search(before)
        starts = [since + each.end() for each in (_SEVERAL_THINGS if several else _ONE_THING).finditer(before)]
        yield max([since, *starts]), found.end()
    for found in _DENIAL.finditer(one_line):
        farthest = min(found.start() + DENIED_CHARS, len(one_line))
        end = _CLAUSE_END.search(one_line, found.end(), farthest)
        until = end.start() if end else farthest
        listed = _LIST_END.match(one_line, found.end())
        if listed and listed.end() > until and not _CLAUSE_IN_LIST.search(listed[0]):
            until = listed.end()
        yield found.start(), min(until, farthest)


def _sections(text: str) -> Iterator[tuple[re.Pattern[str], int, int]]:
    """Sections that matter here, each from its heading to the next, and lines such as "Perks: ..."."""
    open_kind: re.Pattern[str] | None = None
    opened = at = 0
    was_blank = True
    lines = text.splitlines(keepends=True)
    for number, line in enumerate(lines):
        following = lines[number + 1] if number + 1 < len(lines) else ""
        heading = _heading(line, was_blank=was_blank, following=following)
        if heading is not None:
            if open_kind:
                yield open_kind, opened, at
            open_kind, opened = _kind(heading), at
        elif kind := _kind_of_line(line):
            yield kind, at, at + len(line)
        was_blank = not line.strip()
        at += len(line)
    if open_kind:
        yield open_kind, opened, at


def _kind(heading: str) -> re.Pattern[str] | None:
    if _NOT_COMPANY.search(heading):
        return None
    return next((kind for kind in (_WISHED_HEADING, _COMPANY) if kind.match(heading)), None)


def _kind_of_line(line: str) -> re.Pattern[str] | None:
    """The kind of a line such as "Perks: fruit, a gym"."""
    begin, _, rest = line.partition(":")
    return _kind(_plain(begin)) if rest.strip() and len(begin.split()) <= HEADING_WORDS else None


def _heading(line: str, *, was_blank: bool, following: str) -> str | None:
    """The folded words of a line if it is a heading: short, no list item, no sentence, and text comes after it."""
    bare = line.strip()
    if not 1 <= len(bare.split()) <= HEADING_WORDS or re.match(r"[-*•·▪‣–]\s", bare):
        return None
    plain = _plain(bare)
    if not plain or bare.endswith((".", ",", ";")):
        return None
    known = _kind(plain) is not None and not re.search(r":\s*\S", bare)
    marked = bare.endswith(":") or bare.startswith("#") or (bare.isupper() and len(plain) > 3)
    set_apart = was_blank and bool(following.strip()) and not re.search(r"[:,]", bare)
    return plain if known or marked or set_apart else None


def _plain(words: str) -> str:
    return " ".join(re.sub(r"[^\w\s]", "", folded(words)).split())
