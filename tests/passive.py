"""HTML that does nothing by itself: read strictly, as a browser with our content security policy would have it."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import urlsplit

from interviewer.web.guard import PROTECTION

LOADING = {"src", "srcset", "poster", "data", "background", "action", "formaction", "manifest", "xlink:href"}
ALLOWED_ELSEWHERE = ("https://",)
"""Links that a person may follow: sources, and a candidate's none."""


class Passive(HTMLParser):
    """Feeding it a page fails where the page would run, style or load something that is not ours."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """No inline script or style, no handler, nothing from elsewhere."""
        named = {name: value or "" for name, value in attrs}
        assert tag not in ("iframe", "object", "embed", "base", "math", "style", "foreignobject", "template"), tag
        assert not [name for name in named if name.startswith("on") or name in ("style", "srcdoc")], named
        if tag == "script":
            assert named.get("src", "").startswith("/static/"), named
        if tag == "meta":
            assert "http-equiv" not in named, named
        for name, value in named.items():
            if name in LOADING or (name == "href" and tag != "a"):
                assert is_ours(value) or value.startswith("data:image/"), (tag, name, value)
        if tag == "a" and "href" in named:
            assert is_ours(named["href"]) or named["href"].startswith(ALLOWED_ELSEWHERE), named


def is_ours(address: str) -> bool:
    """Whether it is a path or a fragment of this site; a backslash is a slash to a browser."""
    split = urlsplit(address.replace("\\", "/").strip())
    return not split.scheme and not split.netloc


def check_passive(html: str) -> None:
    """A page does nothing by itself, and links nowhere a stranger chose."""
    reader = Passive(convert_charrefs=True)
    reader.feed(html)
    reader.close()


def check_protected(headers: object) -> None:
    """Every protective header is there, in the response to anything."""
    for name, value in PROTECTION.items():
        told = headers.get(name)  # type: ignore[attr-defined]  # of whichever client
        assert told == value or (name == "referrer-policy" and told == "no-referrer"), (name, told)
    policy = headers["content-security-policy"]  # type: ignore[index]
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "default-src 'none'" in policy
