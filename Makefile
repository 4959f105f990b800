# One command each; `make help` lists them. Needs Python 3.11 or later, Node 20 or later and make.
# Every target does its own set-up, so `make demo` and `make test` work on a fresh checkout.

PYTHON ?= python3
# Tests share the two processors of an ordinary machine; `make test PYTEST_ARGS=` runs them one by one.
PYTEST_ARGS ?= --numprocesses 2 --dist loadfile
VENV   := .venv
BIN    := $(VENV)/bin
# One at a time is what pip would compile; the set-up does it on every processor.
PIP    := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile

# A process that may not keep what it compiled compiles its libraries anew at every start, and the tests start hundreds.
unexport PYTHONDONTWRITEBYTECODE

# Where ape and py-solc-x find the compiler that `make setup` puts there.
export SOLCX_BINARY_PATH := $(CURDIR)/.solcx

# Stamps: a set-up step runs again only when what it depends on changed.
PYTHON_READY := $(VENV)/.stamp
NODE_READY   := node_modules/.stamp

.DEFAULT_GOAL := help
.PHONY: help setup demo test crash fuzz-read fuzz-files fuzz-api check contracts layout slither bench bench-events bench-as-of bench-memory bench-audit bench-onboarding bench-investor-files bench-transfers bench-api gas-snapshot sdk docs lint fmt pins clean

help: ## This list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: $(PYTHON_READY) $(NODE_READY) ## Virtual environment, Node packages, Solidity compiler
	@:

$(PYTHON_READY): requirements/dev.txt pyproject.toml
	@echo "setup: Python packages"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) --require-hashes --requirement requirements/dev.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q -j 0 $(VENV)/lib src >/dev/null || true # a library may carry a file of another Python
	@touch $@

$(NODE_READY): package.json package-lock.json tools/install_solc.py | $(PYTHON_READY)
	@echo "setup: Node packages"
	@npm ci --silent
	@$(BIN)/python tools/install_solc.py
	@touch $@

demo: setup ## A product's life on an embedded chain and database
	@$(BIN)/genbo demo

test: lint ## Everything that must hold before a change is handed over
	@$(BIN)/python -m pytest --quiet $(PYTEST_ARGS)

crash: setup ## A long search for an act that is lost or done twice; CRASH_ARGS="--crash-seeds 3000 --crash-seconds 900"
	@$(BIN)/python -m pytest --quiet tests/scenarios/crash/search.py $(CRASH_ARGS)

fuzz-read: setup ## A long search for a wrong register; FUZZ_ARGS="--fuzz-examples 3000 --fuzz-seconds 600"
	@$(BIN)/python -m pytest --quiet tests/bootstrap/fuzz_read.py $(FUZZ_ARGS)

fuzz-files: setup ## A long search for a file that is applied by halves, and files of 100 MB; FUZZ_ARGS as above
	@$(BIN)/python -m pytest --quiet tests/bootstrap/fuzz_files.py $(FUZZ_ARGS)

fuzz-api: setup ## A long search for an answer that the interface's description does not have; FUZZ_ARGS="--api-examples 20"
	@$(BIN)/python -m pytest --quiet tests/api/test_described.py $(or $(FUZZ_ARGS),--api-examples 20)

lint: setup ## Style, formatting, types, import rules
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check .
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-logo

fmt: setup ## Put formatting and import order right
	@$(BIN)/ruff check --quiet --fix .
	@$(BIN)/ruff format --quiet .

check: setup ## The invariants, against the deployment that the settings name
	@$(BIN)/genbo check

contracts: setup ## Compile contracts/ into src/genbo/chain/artifacts
	@$(BIN)/python tools/compile_contracts.py

layout: setup ## Accept a changed storage layout of the contracts
	@$(BIN)/python tools/storage_layout.py

slither: setup ## Static analysis of the contracts; no finding without an explanation
	@$(BIN)/python tools/analyse_contracts.py

bench: setup ## Every figure of the benchmarks, as JSON
	@$(BIN)/python -m benchmarks.gas

bench-events: setup ## Events a second from a node's JSON to committed rows, as JSON
	@$(BIN)/python -m benchmarks.events

bench-as-of: setup ## The register as of a date while history grows, as JSON
	@$(BIN)/python -m benchmarks.as_of

bench-memory: setup ## Resident memory over a million events, as JSON
	@$(BIN)/python -m benchmarks.memory

bench-onboarding: setup ## 100,000 investors onboarded and issued to on a local node, as JSON
	@$(BIN)/python -m benchmarks.onboarding

bench-investor-files: setup ## 100,000 investors imported by file, verified and linked: time and memory, as JSON
	@$(BIN)/python -m benchmarks.investor_files

bench-transfers: setup ## Bulk transfers a second to final on a local node, as JSON
	@$(BIN)/python -m benchmarks.transfers

bench-api: setup ## Reads and transfers a second through the interface, as JSON; BENCH_ARGS="transfers --interfaces 2"
	@$(BIN)/python -m benchmarks.api $(BENCH_ARGS)

bench-audit: setup ## What the audit chain costs, as JSON
	@$(BIN)/python -m benchmarks.audit

gas-snapshot: setup ## Accept changed gas figures
	@$(BIN)/python -m benchmarks.gas --snapshot

sdk: setup ## Bring the generated half of genbo_sdk up to date with the interface
	@$(BIN)/python tools/make_sdk.py

docs: setup ## Regenerate the generated pages, check every link
	@$(BIN)/python tools/check_docs.py

# Versions stay unless `make pins UPGRADE=--upgrade`; server and deploy follow dev, which holds both.
PIN = $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --custom-compile-command "make pins"
pins: ## Write requirements/*.txt anew from pyproject.toml
	@$(PIN) --extra dev $(UPGRADE) --output-file requirements/dev.txt >/dev/null
	@$(PIN) --extra server --constraint requirements/dev.txt --output-file requirements/server.txt >/dev/null
	@$(PIN) --extra deploy --constraint requirements/dev.txt --output-file requirements/deploy.txt >/dev/null

clean: ## Remove what was made here; sources and artifacts stay
	rm -rf $(VENV) node_modules .solcx .ape .build contracts/.cache build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
