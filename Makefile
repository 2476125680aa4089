# Hadir. Everything here works with Python 3.11 and make alone, in any folder, as any user, twice in a row.
# Paths are relative on purpose: make cannot quote a folder with a space in its name.

export UV_SYSTEM_CERTS := 1
PY := .venv/bin/python
# The first of these that is Python 3.11 or newer makes the .venv (override: make PYTHON=/path/to/python3).
PYTHON ?= $(shell for p in python3 python3.11 python3.12 python3.13 python3.14; do \
  $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
HOME_DIR ?= var/demo
PORT ?= 8311

.PHONY: help setup run test lint docs pictures walk bench lock format python

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' Makefile

python:
	@test -n "$(PYTHON)" || { echo "Hadir needs Python 3.11 or newer: install python3 (Debian, Ubuntu: apt install python3 python3-venv; macOS: brew install python)."; exit 1; }

setup: python  ## Python packages, the program itself, and the web pages; quick when nothing changed
	@$(PYTHON) tools/setup.py

run: setup  ## the demo city with a simulated rainy hour, on http://127.0.0.1:8311
	@$(PY) -m hadir run --home "$(HOME_DIR)" --port "$(PORT)" --demo --simulate

test: python  ## set-up, lint, types, web tests, then all Python tests
	@$(PYTHON) tools/setup.py --browser
	@$(MAKE) --no-print-directory lint
	@$(PY) tools/web.py test
	@$(PY) -m pytest -n auto --maxprocesses 4 --dist loadfile $(ARGS)

lint: python  ## ruff, import rings, types, and the same of the web pages
	@$(PYTHON) tools/setup.py --no-web
	@$(PY) -m ruff check .
	@$(PY) -c 'from importlinter.cli import lint_imports_command; lint_imports_command()' --no-logo
	@$(PY) -m basedpyright
	@$(PY) tools/web.py lint

format:  ## let ruff put the code in order
	@$(PY) -m ruff check --fix . && $(PY) -m ruff format .

pictures: setup  ## take docs/pictures anew from the simulated hour (three minutes, needs a Chromium)
	@$(PY) tools/pictures.py

walk: setup  ## take the pictures of docs/walk.md anew (two minutes, needs a Chromium)
	@$(PY) tools/walk.py

docs: setup  ## write docs/reference/*.md anew from the program
	@$(PY) tools/reference.py
	@$(PY) tools/make_docs.py

bench: python  ## the measurements: all, or make bench ONLY=name,name
	@$(PYTHON) tools/setup.py --bench
	@.venv-bench/bin/python -m benchmarks $(if $(ONLY),--only "$(ONLY)")

lock: setup  ## write requirements/*.txt anew from requirements/*.in (UPGRADE=1 takes newer versions)
	@$(PY) tools/lock.py $(if $(UPGRADE),--upgrade)
