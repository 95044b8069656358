"""What admins see: people, the grader and what it costs. No word of anybody's interviews. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from interviewer.domain import Person, Role
from interviewer.money import money_words
from interviewer.settings import Accounts, Settings
from interviewer.store.people import PeoplePage
from interviewer.web.words import waiting_words

ROLE_TITLE = {
    Role.CANDIDATE: "Candidate",
    Role.AUTHOR: "Author",
    Role.ADMIN: "Admin",
}
ROLE_MAY = {
    Role.CANDIDATE: "practises",
    Role.AUTHOR: "also sees statistics of the questions, and settles disputes",
    Role.ADMIN: "also looks after people",
}
CIRCUIT = {
    "closed": "the model is asked",
    "open": "the model is paused, answers are marked offline",
    "half_open": "the next answer tries the model",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleChoice:
    """A role to be given."""

    value: str
    title: str
    may: str
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonView:
    """Somebody in the list; nobody changes themselves there."""

    id: str
    name: str
    role: str
    state: str
    is_disabled: bool
    is_me: bool
    created_at: datetime
    roles: tuple[RoleChoice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FreshLink:
    """A link just made; with `for_name`, to a new password for that account."""

    address: str
    for_name: str | None

    @property
    def words(self) -> str:
        """What it is for."""
        if self.for_name:
            return f"This link sets a new password for {self.for_name}, within a day. Until then the old one is good."
        return "This link lets one person sign up, within seven days."


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminPage:
    """`admin.html`; `link` is shown this once. `grader` and `spending` are lines of name and value."""

    people: tuple[PersonView, ...]
    count: str
    more: int
    find: str
    roles: tuple[RoleChoice, ...]
    link: FreshLink | None
    way_in: str
    grader: tuple[tuple[str, str], ...]
    spending: tuple[tuple[str, str], ...]
    disputes: str


def admin_page(
    found: PeoplePage,
    me: Person,
    settings: Settings,
    *,
    find: str,
    link: FreshLink | None,
    grader: str,
    model: Mapping[str, str | None] | None,
    spending: Mapping[str, str | int | float | None] | None,
    disputes: int,
) -> AdminPage:
    """The admin page; `disputes` is how many wait, `link` an address just made."""
    return AdminPage(
        people=tuple(_person(person, me) for person in found.people),
        count=f"{found.count:,} {'person' if found.count == 1 else 'people'}",
        more=found.count - len(found.people),
        find=find,
        roles=_roles(Role.CANDIDATE),
        link=link,
        way_in="Only people with an account may come in."
        if settings.accounts is Accounts.INVITE
        else "Anybody may sign up, and practise without an account.",
        grader=tuple(_grader(grader, model)),
        spending=tuple(_spending(spending, settings)),
        disputes=waiting_words(disputes),
    )


def _person(person: Person, me: Person) -> PersonView:
    return PersonView(
        id=person.id,
        name=person.name,
        role=ROLE_TITLE[person.role],
        state="disabled" if person.disabled_at else "",
        is_disabled=person.disabled_at is not None,
        is_me=person.id == me.id,
        created_at=person.created_at,
        roles=_roles(person.role),
    )


def _roles(chosen: Role) -> tuple[RoleChoice, ...]:
    return tuple(
        RoleChoice(value=role, title=title, may=ROLE_MAY[role], chosen=role is chosen)
        for role, title in ROLE_TITLE.items()
    )


def _grader(words: str, model: Mapping[str, str | None] | None) -> Iterator[tuple[str, str]]:
    yield "Grader", words
    if model:
        until = f" until {model['paused_until']}" if model["paused_until"] else ""
        yield "Circuit breaker", f"{model['circuit']}{until}: {CIRCUIT[str(model['circuit'])]}"


def _spending(today: Mapping[str, str | int | float | None] | None, settings: Settings) -> Iterator[tuple[str, str]]:
    if today is None:
        return
    currency = str(today["currency"] or "")
    yield "Calls today", f"{today['calls']:,}"
    tokens, tokens_budget = today["tokens"], today["tokens_budget"]
    yield "Tokens today", _of(f"{tokens:,}", None if tokens_budget is None else f"{tokens_budget:,}")
    if today["cost"] is not None:
        budget = today["cost_budget"]
        yield "Cost today", _of(_money(today["cost"], currency), None if budget is None else _money(budget, currency))
    limits = []
    if settings.model_tokens_per_interview is not None:
        limits.append(f"{settings.model_tokens_per_interview:,} tokens")
    if settings.model_cost_per_interview is not None:
        limits.append(_money(settings.model_cost_per_interview, currency))
    yield "Budget of an interview", " and ".join(limits) or "none"


def _of(spent: str, budget: str | None) -> str:
    return f"{spent}, no budget for a day" if budget is None else f"{spent} of {budget}"


def _money(amount: str | float | Decimal, currency: str) -> str:
    return money_words(round(Decimal(amount) * 10**6), currency)
