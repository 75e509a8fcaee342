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

.PHONY: help setup demo test lint format registry speed verifier-report test-trl test-verl clean

help: ## list the commands
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /make \1\t/' | expand -t 18

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

verifier-report: setup ## agreement, false positives and false negatives of every verifier (VG1_TEST_DATA for official verdicts)
	$(BIN)/python plugins/verifiers/tests/report.py

# TRL and verl need versions that exclude each other, so each has an environment of its own.

test-trl: .venv-trl/.ready ## set up .venv-trl, then test the rewards inside TRL's trainer
	.venv-trl/bin/python -m pytest tests/with_trl --override-ini=filterwarnings=default

test-verl: .venv-verl/.ready ## set up .venv-verl, then test the rewards inside verl and Ray
	.venv-verl/bin/python -m pytest tests/with_verl --override-ini=filterwarnings=default

.venv-trl/.ready: pyproject.toml $(addsuffix /pyproject.toml,$(addprefix plugins/,verifiers transformers tiny))
	test -x .venv-trl/bin/python || $(PYTHON) -m venv .venv-trl
	.venv-trl/bin/python -m pip install --quiet --disable-pip-version-check torch==2.13.0 trl==1.16.0 \
		transformers datasets accelerate pytest pytest-timeout hatchling editables
	.venv-trl/bin/python -m pip install --quiet --disable-pip-version-check --no-build-isolation \
		--editable . --editable plugins/verifiers --editable plugins/transformers --editable plugins/tiny
	touch $@

.venv-verl/.ready: pyproject.toml plugins/verifiers/pyproject.toml
	test -x .venv-verl/bin/python || $(PYTHON) -m venv .venv-verl
	.venv-verl/bin/python -m pip install --quiet --disable-pip-version-check torch==2.13.0 verl==0.9.1 math-verify \
		pytest pytest-timeout hatchling editables
	.venv-verl/bin/python -m pip install --quiet --disable-pip-version-check --no-build-isolation \
		--editable . --editable plugins/verifiers
	touch $@

clean: ## remove what these commands made
	rm -rf $(VENV) .venv-trl .venv-verl demo runs .mypy_cache .pytest_cache .ruff_cache .hypothesis
