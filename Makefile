# One command for everything. `make` alone lists them.
#
# Needs Python 3.11+ and make. Set PYTHON to choose the interpreter: make test PYTHON=python3.12

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
MEMBERS := $(sort $(dir $(wildcard plugins/*/pyproject.toml))) benchmarks/
PACKAGES := $(notdir $(patsubst %/,%,$(wildcard plugins/*/src/vg1_plugin_*/))) vg1_benchmarks
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.PHONY: help setup demo test lint format registry speed clean

help: ## list the commands
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /make \1\t/' | expand -t 18

setup: $(READY) ## make .venv with everything editable

$(READY): pyproject.toml constraints.txt $(addsuffix pyproject.toml,$(MEMBERS))
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "vg1 needs Python 3.11 or newer: make PYTHON=python3.11")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	$(PIP) torch==2.13.0
	$(PIP) --group dev
	$(PIP) --no-build-isolation --editable . $(addprefix --editable ,$(MEMBERS))
	touch $(READY)

demo: setup ## set up, then evaluate a tiny model and recorded responses, offline; ends with a report to open
	$(BIN)/vg1 demo --out demo

test: setup ## set up, then run every test
	$(BIN)/python -m pytest

lint: setup ## formatting, lint, types, generated files
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/python registry/generate.py --check
	$(BIN)/mypy $(addprefix --package ,vg1core $(PACKAGES))
	$(BIN)/mypy registry

format: setup ## format and fix what can be fixed
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

registry: setup ## write entry points and registry/ anew from the plugin classes, and install them
	$(BIN)/python registry/generate.py
	$(PIP) --no-deps --no-build-isolation --editable . $(addprefix --editable ,$(MEMBERS))

speed: setup ## measure what CONTRIBUTING.md promises, as ratios
	$(BIN)/python -m pytest tests/speed --override-ini=python_files='speed_*.py' -s -q

clean: ## remove what these commands made
	rm -rf $(VENV) demo runs .mypy_cache .pytest_cache .ruff_cache .hypothesis
