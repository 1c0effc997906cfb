# `make help` lists what can be made. Everything is set up in .venv on first use.

VENV := .venv
BIN := $(VENV)/bin
RUN := $(VENV)/set-up-to-run
TEST := $(VENV)/set-up-to-test
AXE := tests/browser/node_modules/.package-lock.json
PYTHON ?= $(shell for name in python3.11 python3.12 python3.13 python3.14 python3; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { echo "$$name"; break; }; done)
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check --no-input
UV := $(shell command -v uv 2>/dev/null)
UV_COMPILE = uv pip compile pyproject.toml --generate-hashes --python-version 3.11 --no-header --quiet
NPM := npm --prefix tests/browser --no-audit --no-fund --omit-lockfile-registry-resolved

.DEFAULT_GOAL := help
.PHONY: help setup demo sandbox test torture check format bench pictures lock clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(RUN) ## Set up .venv with the bot in it, to run it from here

demo: $(RUN) ## Show the whole story in the terminal; needs no account and no network
	@$(BIN)/charter demo

sandbox: $(RUN) ## Keep the same world open, to try things out
	@$(BIN)/charter sandbox

test: $(TEST) $(AXE) ## Run all tests; one of them: make test ARGS="-k stranger"
	@$(BIN)/pytest -n 2 --dist loadfile $(ARGS)

torture: $(TEST) ## Try to break its promises; what there is: make torture SEEDS=help
	@$(BIN)/python -m tests.torture $(or $(SEEDS),200)

check: $(TEST) ## Lint, formatting, types, import rules
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(TEST) ## Format the code and mend what can be mended
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

bench: $(TEST) $(AXE) ## Take the measurements that the README quotes
	@$(BIN)/python -m bench

pictures: $(TEST) ## Take the pictures in docs/pictures/ anew (needs Chromium)
	@$(BIN)/python -m tests.browser.pictures

lock: ## Pin the newest fitting versions anew (needs uv and npm)
	@test -n "$(UV)" || { echo "make lock needs uv: https://docs.astral.sh/uv/"; exit 1; }
	$(UV_COMPILE) --upgrade --all-extras --output-file requirements.lock
	$(UV_COMPILE) --extra build --extra sandbox --constraints requirements.lock \
		--output-file requirements-run.lock
	$(NPM) update --package-lock-only

clean: ## Remove what was set up and built; var/ with its database stays
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	rm -rf tests/browser/node_modules
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# uv is quicker, but knows nothing of pip's configuration; where it fails, pip has its turn.
define install
	@{ test -n "$(UV)" && uv pip install --quiet --python $(BIN)/python --no-deps --require-hashes \
		-r $(1); } || $(PIP) install --no-deps --no-compile --require-hashes -r $(1)
	@$(BIN)/python -m compileall -q -j 0 $(VENV)/lib bot handlers sandbox >/dev/null || true
endef

$(RUN): requirements-run.lock pyproject.toml
	@test -n "$(PYTHON)" || { \
		echo "Python 3.11 or newer was not found. Install it:"; \
		echo "  Debian, Ubuntu:  sudo apt install python3.11 python3.11-venv"; \
		echo "  Fedora:          sudo dnf install python3.11"; \
		echo "  macOS:           brew install python@3.11"; \
		echo "or say where it is:  make PYTHON=/path/to/python3.11"; \
		exit 1; }
	@echo "Setting up $(VENV); the first time this takes a minute ..."
	@"$(PYTHON)" -m venv --clear $(VENV) || { \
		echo "This Python cannot make environments. Debian, Ubuntu: sudo apt install python3-venv"; \
		exit 1; }
	$(call install,requirements-run.lock)
	@$(PIP) install --no-deps --no-build-isolation --no-index -e .
	@touch $@

$(TEST): $(RUN) requirements.lock
	@echo "Adding what the tests need ..."
	$(call install,requirements.lock)
	@touch $@

# Without npm there is no axe-core: the tests that need it then say so, and what to do.
$(AXE): tests/browser/package-lock.json
	@if command -v npm >/dev/null; then \
		echo "Adding axe-core, which judges accessibility ..."; \
		$(NPM) --loglevel=error ci && touch $@; fi || true
