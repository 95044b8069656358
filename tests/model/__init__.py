"""Tests that ask a real language model, a very small one: they hold the protocol and our controls, not its marks.

`make test-model` runs them. The server is llama.cpp's, the model SmolLM2-135M-Instruct, both from `.venv-model`.
"""
