# make setup       what the worker, the stand-in and the command classify need, into .venv (no TensorFlow)
# make run         the whole chain on this machine: page, stand-in, one worker
# make test        all checks and tests; make test-slow: those that are long or want data
# make test-serving PYTHON=python3.13   the tests of what serves, with another Python and without TensorFlow
# make mutants     small wrong changes to the code, one at a time: do the tests notice? hours
# make bench       speed and load, each figure beside a yardstick of the same run; wants the machine for itself
# make dist        a wheel of the project in dist/, with app and models inside
# make notebooks   opens the notebooks
# make lock        renews the pinned requirement files from pyproject.toml
# The first that runs and is of a version that will do.
USABLE = -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))'
PYTHON ?= $(firstword $(foreach name,python3.11 python3.12 python3.13 python3 python3.14,\
	$(shell $(name) $(USABLE) 2>/dev/null && echo $(name))))
PIP = .venv/bin/python -m pip --disable-pip-version-check --quiet
PY = .venv/bin/python
# The project itself, for the command `classify`: nothing is downloaded, and the files stay where they are.
IN_PLACE = $(PIP) install --no-deps --no-build-isolation --editable .
# pip would compile what it installs on one core. Some libraries hold files that are no Python: these are skipped.
INSTALL = $(PIP) install --no-compile --require-hashes
COMPILE = $(PY) -m compileall -qq -j 0 .venv/lib || true

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev chromium run dist test test-slow test-serving mutants bench check types notebooks screenshots lock

help:
	@sed -n 's/^# make/make/p' Makefile

.venv/pyvenv.cfg:
	@python=$(PYTHON); "$${python:-false}" $(USABLE) || \
	{ echo "Python 3.11 to 3.14 is needed; name it: make PYTHON=/path/to/python3.13" >&2; exit 1; }
	@$(PYTHON) -m venv .venv || \
	{ rm -rf .venv; echo "Python lacks its venv module; on Debian: apt install python3-venv" >&2; exit 1; }

# A stamp beside each installed file: nothing happens while the pins have not changed.
.venv/.serve: requirements/local.txt .venv/pyvenv.cfg
	$(INSTALL) -r requirements/local.txt
	$(COMPILE)
	$(IN_PLACE)
	@touch $@

.venv/.dev: requirements/dev.txt .venv/pyvenv.cfg
	@$(PY) -c 'import sys; sys.exit(sys.version_info >= (3, 14))' || \
	{ echo "Training and the tests want Python 3.11 to 3.13: rm -r .venv, then make PYTHON=/path/to/python3.13" >&2; exit 1; }
	$(INSTALL) -r requirements/dev.txt
	$(COMPILE)
	$(IN_PLACE)
	@touch $@ .venv/.serve

setup: .venv/.serve

setup-dev: .venv/.dev

# Debian's package where we may install it, else Playwright's own build; the tests say how where neither works. Chromium
# with its windows does as well, at twice the processor time.
chromium: .venv/.dev
	@command -v chromium-headless-shell >/dev/null || \
	{ [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
	  timeout 180 sh -c "apt-get update -qq && apt-get install -y -qq chromium-headless-shell" >/dev/null; } || \
	command -v chromium >/dev/null || \
	$(PY) -m playwright install chromium-headless-shell || true

DIST = dist
dist: .venv/.serve
	rm -f $(DIST)/*.whl
	$(PIP) wheel --no-deps --no-build-isolation --wheel-dir $(DIST) .

run: setup
	$(PY) -m local_anvil

SERVING = uplink_server.py classifier worker teach local_anvil
check: .venv/.dev
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	@$(MAKE) --no-print-directory --jobs 2 --output-sync types types-darwin types-win32

# Each with a cache of its own: what mypy keeps for one system is nothing to it for another.
types:
	.venv/bin/mypy
types-%:
	.venv/bin/mypy --platform $* --cache-dir .mypy_cache/$* $(SERVING)

# Four at a time on two cores: many tests wait for a browser, a worker or a link.
TOGETHER = -n 4 --dist loadfile --no-loadscope-reorder -m "not slow and not alone"
test: chromium check
	$(PY) -m pytest $(TOGETHER)
	$(PY) -m pytest -m "alone and not slow" $$(grep -rl --include='*.py' mark.alone tests)

mutants: .venv/.dev
	$(PY) -m tests.mutants

test-slow: chromium
	$(PY) -m pytest -m slow

VERSION = $(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])')
OTHER = build/python$(VERSION)
test-serving:
	test -x $(OTHER)/bin/python || $(PYTHON) -m venv $(OTHER)
	$(OTHER)/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes -r requirements/test.txt
	$(OTHER)/bin/python -m pytest $(TOGETHER) \
		$(addprefix tests/,classifier worker local_anvil teach anvil_app deploy)

bench: chromium
	$(PY) -m benchmarks serving
	$(PY) -m tests.browser.bars

notebooks: .venv/.dev
	.venv/bin/jupyter lab $(if $(filter 0,$(shell id -u)),--allow-root) notebooks

screenshots: chromium
	$(PY) -m tests.browser.screenshots

# For every system and Python that the project runs on.
PINNED = --universal --generate-hashes --no-strip-extras --quiet --no-header
lock:
	uv pip compile pyproject.toml --all-extras $(PINNED) -o requirements/dev.txt
	uv pip compile pyproject.toml --extra local --extra heic --extra teach -c requirements/dev.txt $(PINNED) -o requirements/local.txt
	uv pip compile pyproject.toml --extra test -c requirements/dev.txt $(PINNED) -o requirements/test.txt
	uv pip compile pyproject.toml -c requirements/dev.txt $(PINNED) -o requirements/serve.txt
	uv pip compile pyproject.toml --extra train -c requirements/dev.txt $(PINNED) -o requirements/train.txt
