"""What the header of every page says of who is asking. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from interviewer.domain import Person, Role
from interviewer.settings import Accounts


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderView:
    """`base.html`: who is logged in, and what they may look after; nothing at all without `accounts`."""

    accounts: bool
    may_enter: bool
    """Whether the pages of interviews may be reached."""
    name: str | None
    looks_after: bool
    """Whether there are disputes and statistics for them to look at."""
    is_admin: bool


def header_view(accounts: Accounts, person: Person | None) -> HeaderView:
    """The header for a person, or for a guest."""
    return HeaderView(
        accounts=accounts is not Accounts.OFF,
        may_enter=person is not None or accounts is not Accounts.INVITE,
        name=person.name if person else None,
        looks_after=person is not None and person.role.includes(Role.AUTHOR),
        is_admin=person is not None and person.role.includes(Role.ADMIN),
    )
