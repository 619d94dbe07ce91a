# make setup       what the worker, the stand-in and the command classify need, into .venv (no TensorFlow)
# make run         the whole chain on this machine: page, stand-in, one worker
# make test        all checks and tests; make test-slow: those that are long or want data
# make mutants     small wrong changes to the code, one at a time: do the tests notice? hours
# make bench       speed and load, each figure beside a yardstick of the same run; wants the machine for itself
# make notebooks   opens the notebooks
# make lock        renews the pinned requirement files from pyproject.toml
PYTHON ?= $(shell command -v python3.11 || command -v python3)
PIP = .venv/bin/python -m pip --disable-pip-version-check --quiet
PY = .venv/bin/python
# The project itself, for the command `classify`: nothing is downloaded, and the files stay where they are.
IN_PLACE = $(PIP) install --no-deps --no-build-isolation --editable .

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev chromium run test test-slow mutants bench check notebooks screenshots lock

help:
	@sed -n 's/^# make/make/p' Makefile

.venv/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || \
	{ echo "Python 3.11 is needed; name it: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -m venv .venv || \
	{ rm -rf .venv; echo "Python lacks its venv module; on Debian: apt install python3.11-venv" >&2; exit 1; }

# A stamp beside each installed file: nothing happens while the pins have not changed.
.venv/.serve: requirements/local.txt .venv/pyvenv.cfg
	$(PIP) install --require-hashes -r requirements/local.txt
	$(IN_PLACE)
	@touch $@

.venv/.dev: requirements/dev.txt .venv/pyvenv.cfg
	$(PIP) install --require-hashes -r requirements/dev.txt
	$(IN_PLACE)
	@touch $@ .venv/.serve

setup: .venv/.serve

setup-dev: .venv/.dev

# Debian's package where we may install it, else Playwright's own build; the tests say how where neither works.
chromium: .venv/.dev
	@command -v chromium >/dev/null || \
	{ [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
	  apt-get update -qq >/dev/null && apt-get install -y -qq chromium >/dev/null; } || \
	$(PY) -m playwright install chromium-headless-shell || true

run: setup
	$(PY) -m local_anvil

check: .venv/.dev
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy

test: chromium check
	$(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not slow and not alone"
	$(PY) -m pytest -m "alone and not slow"

mutants: .venv/.dev
	$(PY) -m tests.mutants

test-slow: chromium
	$(PY) -m pytest -m slow

bench: .venv/.dev
	$(PY) -m benchmarks serving

notebooks: .venv/.dev
	.venv/bin/jupyter lab $(if $(filter 0,$(shell id -u)),--allow-root) notebooks

screenshots: chromium
	$(PY) -m tests.browser.screenshots

# For Linux: the pins carry no markers for other systems.
PINNED = --generate-hashes --python-version 3.11 --no-strip-extras --quiet --no-header
lock:
	uv pip compile pyproject.toml --all-extras $(PINNED) -o requirements/dev.txt
	uv pip compile pyproject.toml --extra local --extra heic --extra teach -c requirements/dev.txt $(PINNED) -o requirements/local.txt
	uv pip compile pyproject.toml -c requirements/dev.txt $(PINNED) -o requirements/serve.txt
	uv pip compile pyproject.toml --extra train -c requirements/dev.txt $(PINNED) -o requirements/train.txt
