"""Secrets that are told once, and what is kept of them: a hash, so that a copied database opens nothing. Pure but for
chance."""

from __future__ import annotations

import base64
import hashlib
import secrets

_BYTES = 32


def new_token() -> str:
    """43 characters that nobody guesses."""
    return secrets.token_urlsafe(_BYTES)


def hash_token(token: str) -> str:
    """What is kept of a token, and what it is found by; SHA-256 will do for 256 random bits."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def successor(token: str, salt: str) -> str:
    """The token that takes another's place: whoever holds the old one and the row's salt finds the same."""
    mixed = hashlib.sha256(f"{salt} {token}".encode(errors="replace")).digest()
    return base64.urlsafe_b64encode(mixed).rstrip(b"=").decode()
