"""Where people log in, sign up, or set a new password: three pages with one form each. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from interviewer.people import NAME_CHARS, PASSWORD_CHARS
from interviewer.settings import Accounts

LEAST, MOST = PASSWORD_CHARS[0], PASSWORD_CHARS[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class EntrancePage:
    """`entrance.html`; without `asks_name` the account is known. `other` is the link to the other page, if any."""

    title: str
    lede: str
    action: str
    button: str
    asks_name: bool
    name: str
    name_chars: int
    new_password: bool
    least: int
    most: int
    next: str
    other: tuple[str, str] | None
    error: str | None


def log_in_page(accounts: Accounts, *, name: str = "", back: str = "/", error: str | None = None) -> EntrancePage:
    """Where people log in."""
    is_open = accounts is Accounts.OPEN
    return _page(
        title="Log in",
        lede="Your interviews are where you left them."
        if is_open
        else "An account is needed here. Whoever looks after this server can invite you.",
        action="/login",
        button="Log in",
        name=name,
        new_password=False,
        next=back,
        other=("/signup", "No account yet? Sign up") if is_open else None,
        error=error,
    )


def sign_up_page(*, name: str = "", has_work: bool, error: str | None = None) -> EntrancePage:
    """Where anybody makes an account; `has_work` when this browser has been here as a guest."""
    keeps = " What you did in this browser so far will belong to it." if has_work else ""
    return _page(
        title="Sign up",
        lede=f"With an account your interviews are there in every browser.{keeps} No address is asked for, so a "
        "forgotten password can only be replaced by whoever looks after this server.",
        action="/signup",
        button="Sign up",
        name=name,
        new_password=True,
        other=("/login", "You have an account? Log in"),
        error=error,
    )


def invited_page(token: str, *, name: str = "", for_name: str | None, error: str | None = None) -> EntrancePage:
    """What an invitation leads to; with `for_name`, a new password for that account."""
    lede = (
        f"For the account {for_name}. All its sessions end, and you are logged in here."
        if for_name
        else "You were invited. Choose the name that is shown to you, and a password. No address is asked for."
    )
    return _page(
        title="New password" if for_name else "Make your account",
        lede=lede,
        action=f"/invited/{token}",
        button="Set password" if for_name else "Sign up",
        asks_name=for_name is None,
        name=for_name or name,
        new_password=True,
        other=None,
        error=error,
    )


def _page(
    *,
    title: str,
    lede: str,
    action: str,
    button: str,
    name: str,
    new_password: bool,
    other: tuple[str, str] | None,
    error: str | None,
    asks_name: bool = True,
    next: str = "",
) -> EntrancePage:
    return EntrancePage(
        title=title,
        lede=lede,
        action=action,
        button=button,
        asks_name=asks_name,
        name=name,
        name_chars=NAME_CHARS,
        new_password=new_password,
        least=LEAST,
        most=MOST,
        next=next,
        other=other,
        error=error,
    )
