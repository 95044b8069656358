"""What is kept of whoever asks, and what they can do with it: `account.html`. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from interviewer.conductor.keeping import CONFIRM, KeptOfPerson
from interviewer.domain import Role
from interviewer.people import PASSWORD_CHARS
from interviewer.settings import Accounts
from interviewer.web.views.admin import ROLE_TITLE

DONE = {
    "password": "Your password is changed. All other sessions have ended.",
    "taken": "What was done in this browser without an account is yours now.",
}
"""What was just done, as the address says it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionView:
    """A browser in which a person is logged in."""

    begun_at: datetime
    used_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPage:
    """`account.html`; `name` is None for a guest. `refused` says which form the error belongs to."""

    title: str
    name: str | None
    role: str
    since: datetime | None
    interviews: str
    has_interviews: bool
    guest_work: str
    signs_up: bool
    sessions: tuple[SessionView, ...]
    retention: str
    confirm: str
    least: int
    most: int
    done: str
    refused: str
    error: str | None


def account_page(
    kept: KeptOfPerson,
    *,
    interviews: int,
    guest_interviews: int,
    accounts: Accounts,
    retention_days: int | None,
    done: str = "",
    refused: str = "",
    error: str | None = None,
) -> AccountPage:
    """What is kept; `guest_interviews` are those of this browser that a person could take over."""
    person = kept.person
    role = person.role if person else Role.CANDIDATE
    return AccountPage(
        title="Your account" if person else "Your data",
        name=person.name if person else None,
        role=ROLE_TITLE[role],
        since=person.created_at if person else None,
        interviews=_count(interviews),
        has_interviews=interviews > 0,
        guest_work=_count(guest_interviews) if person and guest_interviews else "",
        signs_up=person is None and accounts is Accounts.OPEN,
        sessions=tuple(
            SessionView(begun_at=each.created_at, used_at=each.used_at, expires_at=each.expires_at)
            for each in kept.sessions
        ),
        retention=f"An interview that nothing has happened in for {retention_days:,} days is deleted."
        if retention_days
        else "Nothing is deleted by itself.",
        confirm=CONFIRM,
        least=PASSWORD_CHARS[0],
        most=PASSWORD_CHARS[-1],
        done=DONE.get(done, ""),
        refused=refused,
        error=error,
    )


def _count(interviews: int) -> str:
    return "1 interview" if interviews == 1 else f"{interviews:,} interviews"
