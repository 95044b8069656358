"""The usual loopback ports -> model servers that run on this machine."""

from __future__ import annotations

import asyncio
import http.client
import json
from collections.abc import Sequence
from dataclasses import dataclass

USUAL_PORTS = (("Ollama", 11434), ("LM Studio", 1234), ("llama.cpp", 8080), ("vLLM", 8000))
"""Where the four listen unless told otherwise; anything else may listen there too."""

TIMEOUT_S = 1.0
BODY_BYTES = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalServer:
    """A server that lists its models; `usually` is what listens on its port as a rule."""

    usually: str
    base_url: str
    models: tuple[str, ...]


async def local_servers(ports: Sequence[tuple[str, int]] = USUAL_PORTS) -> tuple[LocalServer, ...]:
    """Those of the ports behind which a model server answers, in the same order."""
    found = await asyncio.gather(*(asyncio.to_thread(_asked, usually, port) for usually, port in ports))
    return tuple(server for server in found if server)


def _asked(usually: str, port: int) -> LocalServer | None:
    """What `GET /v1/models` says; straight to loopback, past any proxy."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)
    try:
        connection.request("GET", "/v1/models")
        reply = connection.getresponse()
        listed = json.loads(reply.read(BODY_BYTES)) if reply.status == 200 else None
        models = _models(listed)
    except (OSError, http.client.HTTPException, ValueError):  # nobody there, or somebody else
        return None
    finally:
        connection.close()
    if models is None:
        return None
    return LocalServer(usually=usually, base_url=f"http://127.0.0.1:{port}/v1", models=models)


def _models(listed: object) -> tuple[str, ...] | None:
    """Names in a list of models; None when it is none. Ollama without any model sends null in its place."""
    if not isinstance(listed, dict) or listed.get("object") != "list" or "data" not in listed:
        return None
    models = listed["data"] or []
    names = (model.get("id") for model in models if isinstance(model, dict)) if isinstance(models, list) else ()
    return tuple(name for name in names if isinstance(name, str) and name and name.isprintable())
