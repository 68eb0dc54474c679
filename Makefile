# What one does with Parley. `make run` is all that a newcomer needs; CONTRIBUTING.md has the rest.

.DEFAULT_GOAL := help
.PHONY: help run install install-dev install-node test-deps test lint types format bench soak eval \
	screenshot clean

PYTHON ?=
VENV := .venv
BIN := $(VENV)/bin
TESTS ?=
OPTIONS ?=
export PYTHON
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore
unexport PYTHONDONTWRITEBYTECODE  # compiling Parley anew would cost each start a third of a second

help: ## list what can be made
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 22

run: install ## set up what is missing, then serve the site
	@exec $(BIN)/python -m chat.commands.serve

install: ## only the set-up of `run`
	@scripts/install.sh requirements.txt

install-dev: install
	@scripts/install.sh requirements-dev.txt

install-node: install-dev
	@scripts/install-node.sh

test-deps: install-node
	@scripts/test-deps.sh

test: test-deps ## every test; TESTS="tests/unit -k sse" for some
	@scripts/test.sh $(TESTS)

lint: install-node ## ruff, mypy --strict and the type check of the JavaScript
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict chat
	@scripts/node.sh node_modules/typescript/bin/tsc -p tsconfig.json

format: install-dev ## put the Python files in the house style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: install-dev ## measure latency, memory, 500 streams, and what a token costs; OPTIONS=--quick
	@$(BIN)/python -m bench.streams $(OPTIONS)
	@$(BIN)/python -m bench.relay $(OPTIONS)

soak: test-deps ## break everything at random under readers; MINUTES=10, OPTIONS=--seed=7
	@$(BIN)/python -m tests.faults.soak --minutes $(or $(MINUTES),10) $(OPTIONS)

eval: install ## measure the answers on the questions of tests/data, and on more: QA=questions.json
	@$(BIN)/python -m flask --app app evaluate $(if $(QA),"$(QA)") tests/data/evaluation/*.json

screenshot: test-deps ## take docs/screenshot.png anew
	@$(BIN)/python -m scripts.screenshot

clean: ## remove what was built; the data in instance/ stays
	rm -rf $(VENV) node_modules .mypy_cache .ruff_cache .pytest_cache
