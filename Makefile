# make run   the main job: create .venv, install, fit a model on real data, print what was rewritten and why
# make test  the whole suite: create .venv, install with the test extras, run every test
# Any of these can be given on the command line: make test PYTHON=python3.13 VENV=/tmp/env LINKER=numba
PYTHON ?= python3
VENV ?= .venv
PIP = $(VENV)/bin/python -m pip
LINKER ?=

.PHONY: run test lint bench clean

run: $(VENV)/.installed
	$(VENV)/bin/relgraph run examples/logistic.py $(if $(LINKER),--linker $(LINKER))

test: $(VENV)/.installed-test
	$(VENV)/bin/python -m pytest

lint: $(VENV)/.installed-test
	$(VENV)/bin/ruff check .
	$(VENV)/bin/pyright

bench: $(VENV)/.installed-test
	$(VENV)/bin/python benchmarks/rewriting.py

# A stamp is newer than what it was made from, so that the second call installs nothing.
$(VENV)/.installed: pyproject.toml requirements.lock | $(VENV)/bin/python
	$(PIP) install --quiet --constraint requirements.lock --editable .
	touch $@

$(VENV)/.installed-test: pyproject.toml requirements.lock | $(VENV)/bin/python
	$(PIP) install --quiet --constraint requirements.lock --editable '.[test]'
	touch $@ $(VENV)/.installed

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "relgraph needs Python 3.11 or newer, $(PYTHON) is older or missing: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 3; }
	$(PYTHON) -m venv $(VENV)

clean:
	rm -rf build dist .pytest_cache .ruff_cache .hypothesis
