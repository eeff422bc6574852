# Every target makes the virtual environment first if it is not there or the dependencies have changed.
PYTHON ?= python3.11
BIN := .venv/bin
READY := .venv/.ready

# The tests start many processes; without compiled modules each would read all of our source again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo test soak chaos lint bench format catalogue
help:
	@echo "make demo   a simulated team's day in your browser"
	@echo "make test   all tests"
	@echo "make soak   the properties again, with ten times as many examples, other ones each time"
	@echo "make chaos  kill it, cut it off, and count what was lost or doubled (about twenty minutes; SEED=7 repeats a run)"
	@echo "make lint   style, types, imports, Korean catalogue"
	@echo "make bench  measurements, as ratios of one run"

$(READY): pyproject.toml constraints.txt
	@command -v $(PYTHON) >/dev/null && $(PYTHON) -m venv .venv || python3 -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $(READY)

demo: $(READY)
	$(BIN)/python -m bot demo

test: $(READY)
	$(BIN)/pytest -n 2 --dist worksteal

soak: $(READY)
	$(BIN)/pytest -n 2 --dist worksteal -m hypothesis --hypothesis-profile=soak

chaos: $(READY)
	$(BIN)/python -m tests.wire.chaos $(if $(SEED),--seed $(SEED))

lint: $(READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m bot.locale check

bench: $(READY)
	$(BIN)/pytest tests/bench --benchmark-only

format: $(READY)
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

catalogue: $(READY)
	$(BIN)/python -m bot.locale update
