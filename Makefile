# Everything sets itself up: a virtual environment in .venv, with the pinned versions.
PYTHON ?= python3
VENV = .venv
BIN = $(VENV)/bin
READY = $(VENV)/.ready
# What is covered whole, each branch: the rule book, and what a delivery stands on.
WHOLE = planner/rules/* planner/mail/line.py planner/mail/account.py \
    $(foreach m,account_usage audit counts durability journal letter_rows letters recovery refusals send_queue transitions,planner/store/$(m).py)
# What covers them: to trace every test would double what they take.
TRACED = tests/rules tests/mail tests/store tests/steps tests/templates tests/test_advice.py \
    tests/test_config.py $(foreach t,dates database import import_meaning letters rules smtp_hints \
    tampering two_senders,tests/cli/test_$(t).py)

.PHONY: help demo test soak bench postgresql windows package fast check format clean
help: ## List the targets.
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

$(READY): pyproject.toml constraints.txt
	@command -v $(PYTHON) >/dev/null || { echo "python3 is missing; on Debian: apt-get install python3 python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check \
	    --constraint constraints.txt --editable '.[dev]'
	$(BIN)/python -m compileall -q planner  # as pip does for what it installs: a start takes half
	@touch $(READY)

demo: $(READY) ## See the whole story on made-up data.
	@$(BIN)/planner demo

test: $(READY) ## Run the tests on every core, except the long ones and those that need other programs.
	@$(BIN)/pytest --numprocesses auto -m "not long and not outside"

soak: $(READY) ## Kill, stop and restart senders over many letters; takes minutes.
	@$(BIN)/python -m tests.soak

bench: $(READY) ## Measure import, sending and startup against the alternatives.
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check \
	    --constraint constraints.txt sqlite-utils mailmerge pysqlite3
	@command -v smtp-sink >/dev/null || { echo "smtp-sink is missing; on Debian: apt-get install postfix"; exit 1; }
	@$(BIN)/python tests/bench/import_bench.py $(BENCH)
	@$(BIN)/python tests/bench/start_bench.py $(BENCH)
	@$(BIN)/python tests/bench/send_bench.py $(BENCH)
	@$(BIN)/python -m pip uninstall --quiet --yes pysqlite3

postgresql: $(READY) ## Run the tests that type commands on their own PostgreSQL server.
	@$(BIN)/pytest --numprocesses auto --engine postgresql

package: $(READY) ## Build the package, and try it with the lowest versions that it allows.
	@$(BIN)/python -m tests.package

windows: $(READY) ## Run a season under Wine, with the Windows Python from python.org.
	@$(BIN)/python -m tests.windows
	@$(BIN)/pytest tests/test_windows.py -rs

fast: $(READY) ## Run the tests of the outbox again with the SQLite of planner[fast].
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt pysqlite3
	@$(BIN)/pytest --numprocesses auto tests/store tests/steps/sending tests/soak tests/cli/test_send.py
	@$(BIN)/python -m pip uninstall --quiet --yes pysqlite3

check: $(READY) ## Format, lint, types, floors, tests with coverage: what CI runs.
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest --numprocesses auto $(TRACED)
	$(BIN)/pytest --numprocesses auto $(addprefix --ignore=,$(TRACED))
	$(BIN)/pytest --numprocesses auto --engine postgresql
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report --include="$$(echo '$(WHOLE)' | tr -s ' ' ,)" --fail-under=100

format: $(READY) ## Format the code and fix what a tool can fix.
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean: ## Remove what was built.
	rm -rf $(VENV) dist .windows .package .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage*
