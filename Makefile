# Everything Hearth needs besides Python 3.11 or newer, it installs into .venv.

PY := .venv/bin/python
PIP := $(PY) -m pip install --quiet --disable-pip-version-check --no-input --require-hashes
VENV := .venv/.created
BASE := .venv/.installed-base
DEV := .venv/.installed-dev
PORT ?= 8000

.DEFAULT_GOAL := help
.PHONY: help run test proof lint format types bench lock vendor clean

help:
	@echo "make run     start everything (PORT=8000, HEARTH_DATA=./.data)"
	@echo "make test    every test, browser tests last (T=tests/forums for some)"
	@echo "make proof   full-size races, kills and faults, into docs/proof.md (half an hour; T=tests/ops for some)"
	@echo "make lint    style of code and templates, and types"
	@echo "make format  mend the style"
	@echo "make bench   measure what pages, search, mail and points cost (ARGS=\"pages mail\" for some)"
	@echo "make lock    choose newer versions of what Hearth is made of"
	@echo "make vendor  fetch the browser's libraries anew (needs npm)"
	@echo "make clean   remove .venv and caches; .data stays"

run: $(BASE)
	@PORT=$(PORT) exec $(PY) manage.py up $(ARGS)

test: $(DEV)
	@.ci/test $(T)

proof: $(DEV)
	@HEARTH_PROOF=1 $(PY) -m pytest -q -m proof $(or $(T),tests)

lint: $(DEV)
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@.ci/templates --check
	@$(MAKE) --no-print-directory types

types: $(DEV)
	@SECRET_KEY=types-only-types-only-types-only-types-only-types $(PY) -m mypy .

format: $(DEV)
	@$(PY) -m ruff check --fix .
	@$(PY) -m ruff format .
	@.ci/templates

bench: $(DEV)
	@$(PY) -m bench $(ARGS)

lock: $(VENV)
	@$(PY) -m pip install --quiet --disable-pip-version-check uv
	@for part in base dev extra; do \
		echo "requirements/$$part.txt"; \
		$(PY) -m uv pip compile --quiet --upgrade --generate-hashes --universal --python-version 3.11 \
			--no-emit-index-url --no-header requirements/$$part.in --output-file requirements/$$part.txt || exit 1; \
	done

vendor:
	@.ci/vendor

clean:
	@rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# An environment whose Python is gone is made anew.
_ := $(shell .venv/bin/python -c "" 2>/dev/null || rm -f .venv/.created .venv/.installed-*)

$(VENV):
	@.ci/venv
	@touch $@

$(BASE): $(VENV) requirements/base.txt
	@echo "Installing what Hearth runs on (once; a minute or so)."
	@$(PIP) -r requirements/base.txt
	@touch $@

$(DEV): $(BASE) requirements/dev.txt
	@echo "Installing what Hearth is tested with."
	@$(PIP) -r requirements/dev.txt
	@touch $@
