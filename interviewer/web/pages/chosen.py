"""What was chosen and typed in a form -> the values of a plan."""

from __future__ import annotations

from interviewer.bank import Bank
from interviewer.domain import Level, Mode
from interviewer.errors import UnknownChoice
from interviewer.web import words
from interviewer.web.views.turns import topic_titles


def level_of(named: str) -> Level:
    """The level of that name.

    Raises:
        UnknownChoice: there is none.
    """
    try:
        return Level(named)
    except ValueError:
        raise UnknownChoice("Choose a level: junior, mid or senior.") from None


def conversation_of(named: str) -> Mode:
    """The mode of that name, of those that an interview is begun in.

    Raises:
        UnknownChoice: there is none.
    """
    mode = next((mode for mode in words.MODE_EXPECTS if mode == named), None)
    if mode is None:
        raise UnknownChoice("Choose practice or mock interview.")
    return mode


def topics_of(topics: list[str], bank: Bank, pack: str) -> tuple[str, ...]:
    """The ticked topics, without those of a subject that was not chosen: the form offers the topics of all."""
    elsewhere = {topic.id for other in bank.packs if other.id != pack for topic in other.topics}
    own = topic_titles(bank, pack)
    return tuple(topic for topic in topics if topic in own or topic not in elsewhere)


def whole(text: str, name: str) -> int:
    """The number that was typed into a field.

    Raises:
        UnknownChoice: it is none.
    """
    try:
        return int(text)
    except ValueError:
        raise UnknownChoice(f"The {name} must be a whole number.") from None
