# Two commands matter: `make demo` and `make test`. Each installs what it needs into a local environment first.
# Another interpreter: `make test PYTHON=python3.13` (the environment is then built anew, or elsewhere with VENV=.venv-3.13).
# VENV has no spaces: make cannot quote them. The folder it lies in may have some.

PYTHON ?= python3
VENV   ?= .venv
DEMO   ?= small

BIN     := $(VENV)/bin
VERSION := $(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])')
DEV     := $(VENV)/.dev-$(VERSION)
RUN     := $(VENV)/.run-$(VERSION)
INSTALL := --disable-pip-version-check install -qq --no-deps

.PHONY: demo test bench campaign check check-style check-format check-types check-layers format smoke install dev lock clean
.PHONY: omr-corpus tamper torture bag-changes lived-year

demo: $(RUN)
	$(BIN)/dziennik demo --size $(DEMO)

test: $(DEV)
	$(BIN)/python -m pytest -n 2 --dist worksteal $(ARGS)

# The part of the tests that proves an installation, on whatever Python it was made with.
smoke: $(DEV)
	$(BIN)/python -m pytest -q -m smoke $(ARGS)

check: check-style check-format check-types check-layers

check-style: $(DEV)
	$(BIN)/ruff check .

check-format: $(DEV)
	$(BIN)/ruff format --check .

check-types: $(DEV)
	$(BIN)/mypy

check-layers: $(DEV)
	$(BIN)/lint-imports

format: $(DEV)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

install: $(RUN)

dev: $(DEV)

# requirements-dev.txt holds everything in requirements.txt, so a development environment also runs.
$(DEV): requirements-dev.txt pyproject.toml
	@$(environment)
	@touch $@ $(RUN)

$(RUN): requirements.txt pyproject.toml
	@$(environment)
	@touch $@

# Nothing unlocked, nothing compiled. The chosen Python's own pip does it, so that Debian's python3-venv is not
# needed; a Python without pip brings one with ensurepip, or says itself which package is missing.
define environment
set -e; \
$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
  || { echo "Dziennik needs Python 3.11 or newer: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }; \
bare=--without-pip; pip="$(PYTHON) -m pip --python $(BIN)/python"; \
$(PYTHON) -m pip --version >/dev/null 2>&1 || { bare=; pip="$(BIN)/python -m pip"; }; \
made=$$($(BIN)/python -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null || true); \
[ "$$made" = "$(VERSION)" ] || $(PYTHON) -m venv --clear $$bare $(VENV); \
echo "Installing $< into $(VENV) ..."; \
$$pip $(INSTALL) --only-binary :all: --require-hashes -r $<; \
$$pip $(INSTALL) --no-build-isolation --editable .
endef

# Hashes and no addresses. requirements.txt takes the very versions that requirements-dev.txt was tested with.
UV_COMPILE = uv pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest --generate-hashes \
	--no-emit-index-url --no-annotate --custom-compile-command "make lock" pyproject.toml
lock:
	$(UV_COMPILE) --upgrade --group dev -o requirements-dev.txt
	$(UV_COMPILE) --group install -c requirements-dev.txt -o requirements.txt

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

# The figures of bench/RESULTS.md; one of them again: make bench ONLY=journal_append
bench: $(DEV)
	$(BIN)/python -m bench.run $(ONLY)

# Ten thousand random years against a plain model: bench/CAMPAIGN.md. Fewer: make campaign ARGS="--sequences 500"
campaign: $(DEV)
	$(BIN)/python -m tests.campaign.run $(ARGS)

# The demo school lives its years over HTTP, by GraphQL alone: bench/LIVED_YEAR.md. Some five minutes.
lived-year: $(DEV)
	$(BIN)/python -m tests.lived.run $(ARGS)

# Cards of our own, filled, degraded and read: is the reader ever silently wrong? make omr-corpus N=10000
# A run a day that adds up, for as long as the reader stays the same: make omr-corpus N=20000 WRITE="--add --write"
omr-corpus: $(DEV)
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m bench.omr_corpus.campaign -n $(or $(N),1000) --verbose $(WRITE)

# Ten thousand cases of tampering straight in SQL: bench/TAMPER.md. Some hundred are part of the tests.
tamper: $(DEV)
	$(BIN)/python -m bench.tamper $(ARGS)

# Ten thousand random changes of a signed archive, none accepted: bench/BAG_CHANGES.md. Fewer: ARGS=500
bag-changes: $(DEV)
	$(BIN)/python -m tests.bagcheck.campaign $(ARGS)

# 500 kills in the middle of work, cut connections, a full disk, clocks that jump (apt install faketime): bench/TORTURE.md.
# Some half an hour. Fewer: make torture ARGS="--kills 50"
torture: $(DEV)
	$(BIN)/python -m bench.torture $(ARGS)
# Malformed and hostile files through the worker: a coded answer each? make omr-fuzz N=100000 WRITE="--add --write"
omr-fuzz: $(DEV)
	$(BIN)/python -m bench.omr_corpus.fuzz -n $(or $(N),1000) $(WRITE)
