"""The model server that all tests of this folder share, and the door to it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from interviewer.llm import OpenAIChat
from tests.model.llama import NAME, Llama, llama

PATIENCE_S = 300
MOST_TOKENS = 300


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder asks a model, which takes its time on a busy machine."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.model)
            item.add_marker(pytest.mark.timeout(2 * PATIENCE_S))


@pytest.fixture(scope="package")
def model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Llama]:
    """The server. Without one the tests fail: they are run on purpose."""
    try:
        with llama(tmp_path_factory.mktemp("llama") / "server.log") as running:
            yield running
    except FileNotFoundError as error:
        pytest.fail(str(error))


@pytest.fixture
async def chat(model: Llama) -> AsyncIterator[OpenAIChat]:
    """The product's door to the model; the same words get the same reply."""
    door = OpenAIChat(NAME, base_url=model.base_url, temperature=0.0, max_tokens=MOST_TOKENS)
    yield door
    await door.close()
