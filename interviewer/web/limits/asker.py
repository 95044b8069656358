"""Who a request is counted for: the person, and the address it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from starlette.requests import HTTPConnection

from interviewer.web import guard

IPV6_PREFIX = 64
"""One household or office has as many IPv6 addresses as it likes, all of them in one /64."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """The owner id of the person, the address, and the name they sign in with, where they do."""

    person: str
    address: str
    name: str | None = None


def asker_of(connection: HTTPConnection, *, name: str | None = None) -> Asker:
    """Who sends a request; behind a trusted proxy, the client that the proxy names."""
    host = connection.client.host if connection.client else ""
    return Asker(person=guard.owner(connection), address=address_of(host), name=name)


def address_of(host: str) -> str:
    """The address as it is counted: of IPv6 the /64, of what is no address the text itself."""
    try:
        address: IPv4Address | IPv6Address = ip_address(host.split("%")[0])
    except ValueError:
        return host
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or ip_network((int(address), IPV6_PREFIX), strict=False))
    return str(address)
