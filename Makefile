# Handrail. `make help` says what there is; `make demo` and `make test` set up all they need first.

.DEFAULT_GOAL := help
SHELL := /bin/sh

# The first Python on this machine that is new enough.
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)

SETUP = $(PYTHON) -m handrail.setup
OURS = .venv/bin/python -m
PARALLEL ?= 2
# How many percent of the lines of hub/ the tests must reach; empty: not measured.
COVERAGE ?= 95
MEASURE = $(if $(COVERAGE),--cov=hub --cov-report= --cov-append)

.PHONY: help
help: ## Show this list
	@echo "Handrail: make <target>"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1\t\2/p' Makefile | expand -t 14

.PHONY: demo
demo: python ## Set up, then start the demo and print its address
	@$(SETUP)
	@exec $(OURS) handrail demo

# Kept even where a machine is told to keep none: the tests start many processes, and each would compile us anew.
test test-fast: export PYTHONDONTWRITEBYTECODE =

.PHONY: test
test: python ## Set up, then run every test
	@$(SETUP)
	@rm -f .coverage .coverage.*
	$(OURS) pytest -m "not slow" -n $(PARALLEL) --dist worksteal $(MEASURE) $(ARGS)
	$(OURS) pytest -m "slow and not again" -n $(PARALLEL) --dist worksteal $(MEASURE) $(ARGS)
	$(OURS) pytest -m again -n $(PARALLEL) --dist worksteal $(ARGS) || test $$? -eq 5 # 5: none of them was asked for
	$(if $(COVERAGE),$(OURS) coverage report --fail-under=$(COVERAGE))

.PHONY: test-fast
test-fast: python ## Run the fast tests only, without the assistant
	@$(SETUP) uv hub web
	$(OURS) pytest -m "not slow" -n $(PARALLEL) --dist worksteal $(ARGS)

.PHONY: lint
lint: python ## Check style, types and the direction of imports
	@$(SETUP) uv hub
	$(OURS) ruff check
	$(OURS) ruff format --check
	$(OURS) mypy
	.venv/bin/python -c 'from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_logo=True))'

.PHONY: format
format: python ## Put the code into the house format
	@$(SETUP) uv hub
	$(OURS) ruff check --fix
	$(OURS) ruff format

.PHONY: model
model: python ## Train the assistant, if its examples or rules have changed
	@$(SETUP) uv hub bot model

.PHONY: bench
bench: python ## Measure speed, each figure beside a peer
	@$(SETUP)
	$(OURS) benchmarks $(ARGS)

.PHONY: clean
clean: ## Remove everything that was made here (not the demo's data)
	rm -rf .make .tools .venv bot/.venv bot/models bot/.rasa node_modules inbox/static/vendor inbox/static/vendor.new
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage .coverage.* htmlcov dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: python
python:
	@test -n "$(PYTHON)" || { echo "Handrail needs Python 3.11 or newer, and finds none here. \
	Install it, or name it: make PYTHON=/path/to/python3.12 demo"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	{ echo "Handrail needs Python 3.11 or newer; $(PYTHON) is older."; exit 1; }
