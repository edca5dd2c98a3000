# Needs Python 3.11 or newer, make, and a package index; everything else comes into .venv.
# `make` alone lists what there is.

VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= 3
ARGS ?=

# The first Python that is new enough; PYTHON=… chooses another.
PYTHON ?= $(shell for each in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	command -v $$each >/dev/null 2>&1 && \
	$$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $$each && break; done)

# An environment knows the folder it was made in: a copied or moved checkout makes its own anew.
HERE := $(shell pwd | cksum | cut -d' ' -f1)
RUNTIME := $(VENV)/.installed-$(HERE)
DEVELOPMENT := $(VENV)/.installed-for-development-$(HERE)

.DEFAULT_GOAL := help
.PHONY: help run test check format-check lint types floors docs bench rehearsal chaos screenshots format lock protobuf clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 22

run: $(RUNTIME) ## a complete server on 127.0.0.1:8000, for trying out (PARLANCE_PORT=… for another port)
	@exec $(BIN)/parlance dev $(ARGS)

test: check ## every check there is
	@scripts/programs
	@TMPDIR=$$(scripts/scratch) $(BIN)/python -m pytest -n $(WORKERS) $(ARGS)

check: format-check lint types floors ## format, lint, types, floors; no tests

format-check: $(DEVELOPMENT)
	@$(BIN)/ruff format --check --quiet . || { echo 'run: make format' >&2; exit 1; }

lint: $(DEVELOPMENT)
	@$(BIN)/ruff check --quiet .

types: $(DEVELOPMENT)
	@$(BIN)/mypy

floors: $(DEVELOPMENT)
	@$(BIN)/lint-imports

rehearsal: $(DEVELOPMENT) ## a whole move from LeanCloud, half a million messages, and how long each step took
	@cd tests && ../$(BIN)/python -m importing.rehearsal $(ARGS)

docs: $(DEVELOPMENT) ## the documents as a site, in build/docs/html
	@$(BIN)/python docs/site/build.py build/docs
	@echo 'build/docs/html/index.html'

bench: $(DEVELOPMENT) ## load on servers of its own, on SQLite, PostgreSQL and three with NATS, and tables of what it cost
	@$(BIN)/parlance bench $(ARGS)

chaos: $(DEVELOPMENT) ## three servers, NATS and PostgreSQL fail for ten minutes (SECONDS=…), as a seed says (SEED=…)
	@scripts/programs
	@PYTHONPATH=src:tests $(BIN)/python -m chaos $(if $(SECONDS),--seconds $(SECONDS)) $(if $(SEED),--seed $(SEED)) $(ARGS)

screenshots: $(DEVELOPMENT) ## take the READMEs' pictures anew, of a running server
	@scripts/programs
	@PARLANCE_TEST_SCREENSHOTS=1 $(BIN)/python -m pytest -q tests/browser/pictures.py tests/browser/console_pictures.py $(ARGS)

format: $(DEVELOPMENT) ## put the code in its form
	@$(BIN)/ruff check --quiet --fix --select I .
	@$(BIN)/ruff format .

lock: $(DEVELOPMENT) ## choose the newest versions that pyproject.toml allows, and write them down
	@$(BIN)/python -m pip install --quiet uv
	@scripts/lock $(ARGS)

protobuf: $(DEVELOPMENT) ## make the Python that reads LeanCloud's frames from messages.proto
	@scripts/protobuf

clean: ## take away everything that can be made again; data/ stays
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .schemathesis .import_linter_cache
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

INGREDIENTS := pyproject.toml scripts/environment.py

$(RUNTIME): requirements.lock $(INGREDIENTS)
	@test -n "$(PYTHON)" || { echo 'Python 3.11 or newer is needed, and none was found (PYTHON=/path/to/python names one).' >&2; exit 1; }
	@$(PYTHON) scripts/environment.py requirements.lock
	@touch $@

$(DEVELOPMENT): requirements-dev.lock $(INGREDIENTS)
	@test -n "$(PYTHON)" || { echo 'Python 3.11 or newer is needed, and none was found (PYTHON=/path/to/python names one).' >&2; exit 1; }
	@$(PYTHON) scripts/environment.py requirements-dev.lock
	@touch $(RUNTIME) $@
