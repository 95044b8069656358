"""A candidate who sends hostile texts through every door, and looks whether all of it is still there."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from fastapi.testclient import TestClient

from interviewer.aim.files import AIM_CHARS
from interviewer.disputes import COMMENT_CHARS
from tests.forms import HTML
from tests.hostile import MOST, has_words, kept
from tests.passive import check_passive, check_protected
from tests.playing import started

FORM = {"content-type": "application/x-www-form-urlencoded"}


class HostileCandidate:
    """Answers one interview after the other; what was taken must be there until its end."""

    def __init__(self, client: TestClient) -> None:
        self._client = client
        self._interview: dict[str, Any] = {}
        self._taken: list[str] = []

    @property
    def open(self) -> dict[str, Any]:
        """The interview that is open, a new one if none is."""
        if self._interview.get("status") != "open":
            self.check_whole()
            self._interview = started(self._client, questions=10, adaptive=False)
            self._taken = []
        return self._interview

    def answers(self, text: str, *, form: bool) -> None:
        """Send an answer; it is kept whole, or refused for its length or for want of words."""
        path, turn = f"/interviews/{self.open['id']}", self.open["turns"][-1]
        if form:
            fields = {"turn": turn["number"], "seen": len(turn["says"]), "text": text}
            status = self._form(f"{path}/answers", fields)
            text = text.encode("utf-8", "replace").decode()  # no form can send a lone surrogate
        else:
            body = {"turn": turn["number"], "text": text, "says_seen": len(turn["says"])}
            status = self._json("POST", f"/api{path}/answers", body)
        self._interview = self._client.get(f"/api{path}").json()
        said = [say["text"] for each in self._interview["turns"] for say in each["says"] if say["who"] == "candidate"]
        if has_words(text.strip()) and len(kept(text)) <= MOST:
            assert status in (200, 303), status
            assert kept(text) in said
            self._taken.append(kept(text))
        else:
            assert status in (413, 422), status
        assert set(self._taken) <= set(said)

    def drafts(self, text: str) -> None:
        """Leave a text unsent; it stands in the page as it was."""
        path, turn = f"/interviews/{self.open['id']}", self.open["turns"][-1]
        body = {"turn": turn["number"], "text": text, "sequence": 2**52}
        assert self._json("PUT", f"/api{path}/draft", body) == 200
        self._page(path)

    def disputes(self, text: str) -> None:
        """Contest a mark with it."""
        self.answers("It is as it is because it was made so.", form=False)
        graded = next((turn for turn in self._interview["turns"] if turn["grading"]), None)
        if graded is None:
            return
        path = f"/api/interviews/{self._interview['id']}/disputes"
        body = {"turn": graded["number"], "point": graded["grading"]["marks"][0]["point"], "comment": text}
        status = self._json("POST", path, body)
        if has_words(text.strip()) and len(kept(text)) <= COMMENT_CHARS:
            assert status == 201
            assert kept(text) in [each["comment"] for each in self._client.get(path).json()]
        else:
            assert status == 422, status

    def aims(self, text: str) -> None:
        """Take it for an advert."""
        assert self._json("POST", "/api/aim", {"text": text}) in (200, 422)
        reply = self._client.post("/aim", content=_encoded({"text": text[:AIM_CHARS]}), headers=FORM | HTML)
        assert reply.status_code in (200, 422)
        check_passive(reply.text)

    def chooses(self, text: str) -> None:
        """Name it wherever something is named: topics, packs, ids, queries."""
        for body in ({"level": "mid", "topics": [text]}, {"level": "mid", "pack": text}, {"level": text}):
            assert self._json("POST", "/api/interviews", body) in (201, 422)
        for field in ("topics", "pack", "level", "seed", "questions", "language"):
            assert self._form("/interviews", {"level": "mid", field: text}) in (303, 422)
        for query in ("/progress?topic=", "/api/progress?topic=", "/progress?pack=", "/?notice=", "/interviews/"):
            reply = self._client.get(query + urlencode({"": text[:2000]}, errors="replace")[1:], headers=HTML)
            assert reply.status_code in (200, 404, 405, 422)

    def check_whole(self) -> None:
        """Everything that was taken stands in each page and each file of the interview; then it is deleted."""
        if not self._interview:
            return
        path = f"/interviews/{self._interview['id']}"
        self._client.post(f"/api{path}/finish")
        told = self._client.get(f"/api{path}/report").json()["interview"]
        said = {say["text"] for turn in told["turns"] for say in turn["says"] if say["who"] == "candidate"}
        assert set(self._taken) <= said
        lines = set(self._client.get(f"/api{path}/report.md").content.decode().split("\n"))
        assert {f"> {line}" for text in self._taken for line in text.split("\n")} <= lines
        assert self._client.get(f"/api{path}/report.pdf").content.startswith(b"%PDF-")
        for page in (path, f"{path}/report", "/", "/progress", "/review"):
            self._page(page)
        assert self._client.delete(f"/api{path}").status_code == 204
        self._interview = {}

    def _page(self, path: str) -> None:
        reply = self._client.get(path, headers=HTML)
        assert reply.status_code == 200
        check_passive(reply.text)
        check_protected(reply.headers)

    def _json(self, method: str, path: str, body: object) -> int:
        headers = {"content-type": "application/json"}
        return int(self._client.request(method, path, content=json.dumps(body), headers=headers).status_code)

    def _form(self, path: str, fields: dict[str, Any]) -> int:
        reply = self._client.post(path, content=_encoded(fields), headers=FORM | HTML, follow_redirects=False)
        if reply.status_code != 303:
            check_passive(reply.text)
        return int(reply.status_code)


def _encoded(fields: dict[str, Any]) -> str:
    return urlencode(fields, errors="replace")
