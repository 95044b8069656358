"""No route that costs is without a rule: what changes something, and what takes the CPU."""

from __future__ import annotations

import pytest
from fastapi import FastAPI

from interviewer.web.limits.rules import FREE, MOVE, ROUTES, SIGN_IN, Kind, rule_of
from tests.routes import route_table

COSTLY = (".pdf", ".apkg", "/events")
"""Ends of paths whose GET takes CPU or stays open."""


@pytest.fixture
def table(app: FastAPI) -> set[tuple[str, str]]:
    """Method and path of every route."""
    found = route_table(app)
    assert len(found) > 50
    return found


def test_every_route_that_changes_something_counts(table: set[tuple[str, str]]) -> None:
    """As a move at least, also one that nobody has thought of in `ROUTES`."""
    changing = {(method, path) for method, path in table if method not in ("GET", "HEAD", "OPTIONS")}
    assert len(changing) > 40
    assert all(rule_of(*route) != FREE for route in changing)
    assert rule_of("POST", "/a/new/one") == MOVE


def test_every_route_that_takes_the_cpu_or_stays_open_has_a_rule(table: set[tuple[str, str]]) -> None:
    """PDFs, decks and event streams."""
    costly = {(method, path) for method, path in table if method == "GET" and path.endswith(COSTLY)}
    assert len(costly) == 7
    assert all(rule_of(*route) != FREE for route in costly)


def test_no_rule_is_for_a_route_that_is_gone(table: set[tuple[str, str]]) -> None:
    """A path that was renamed would lose its rule in silence."""
    assert set(ROUTES) <= table


def test_whatever_may_ask_the_model_counts_as_that() -> None:
    """Answers, marking again, an advert read, and moves that a model may word."""
    asking = {path.rsplit("/", 1)[-1] for (_, path), rule in ROUTES.items() if Kind.MODEL in rule.kinds}
    assert asking >= {"answers", "regrade", "aim", "interviews", "hint", "skip", "finish"}


@pytest.mark.parametrize("path", ["/login", "/signup", "/invited/{token}"])
def test_where_a_password_is_sent_the_limit_is_by_name(path: str) -> None:
    """These pages need not name a rule of their own."""
    assert rule_of("POST", path) == SIGN_IN
    assert rule_of("GET", path) == FREE


def test_where_somebody_who_is_logged_in_sends_a_password_the_limit_is_theirs() -> None:
    """Whatever name comes with it."""
    acts = (("POST", "/account/password"), ("POST", "/account/delete"), ("DELETE", "/api/account"))
    for rule in (rule_of(*act) for act in acts):
        assert Kind.SIGN_INS in rule.kinds
        assert rule.name is None
