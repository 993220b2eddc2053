# `make` alone lists the targets. All that is needed is Python 3.11 or newer, with venv, and make.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
MAKEFLAGS += --no-print-directory

# The first Python that is new enough; `make PYTHON=... test` takes another.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	if $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then echo $$p; break; fi; done)
NEED_PYTHON = test -n "$(PYTHON)" || { echo "azds needs Python 3.11 or newer, and found none on PATH" >&2; exit 2; }

DEMO := .venv
TEST := .venv-test
BENCH := .venv-bench
DIST := build/dist
PIP_INSTALL := -m pip install -qq --disable-pip-version-check --constraint constraints.txt
RUN := $(TEST)/bin/python

# PySpark is half a gigabyte: it is tested where Java is, and skipped, with the reason, elsewhere.
WITH_SPARK := $(shell command -v java >/dev/null 2>&1 && echo ,spark)
NO_SPARK := $(if $(WITH_SPARK),,--ignore-glob='*/azds/spark/*')

# What the installed package is made of.
SHIPPED := $(shell find src schemas snapshots -type f ! -name '*.pyc' ! -path '*/tmp/*' ! -name lock 2>/dev/null)

.PHONY: help demo test lint check coverage wheel fix laws faults golden schemas gazetteer snapshots bench wiki-test clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(DEMO)/ready ## install azds in .venv and show what it does
	@for command in "log" "diff 2016 current" "series diplomatic_relations"; do \
		printf '\n$$ azds %s\n' "$$command"; $(DEMO)/bin/azds $$command || exit; done

$(DEMO)/ready: pyproject.toml constraints.txt README.md $(SHIPPED)
	@$(NEED_PYTHON)
	@echo "== $(DEMO): install azds with all its extras"
	@rm -rf $(DEMO)
	@$(PYTHON) -m venv $(DEMO)
	@$(DEMO)/bin/python $(PIP_INSTALL) '.[all]'
	@touch $@

test: lint check ## all checks: format, lint, types, floors, tests and doctests on the built wheel

lint: $(TEST)/ready ## format, lint, types, floors
	@echo "== ruff format"
	@$(RUN) -m ruff format --check --quiet . || { echo "not formatted: make fix" >&2; exit 1; }
	@echo "== ruff check"
	@$(RUN) -m ruff check --quiet .
	@echo "== mypy"
	@$(RUN) -m mypy
	@echo "== import-linter"
	@PYTHONPATH=src $(TEST)/bin/lint-imports --no-logo

check: wheel ## tests and doctests on the built wheel, on all cores
	@echo "== pytest"
	@$(RUN) -m pytest -n auto --dist loadgroup tests
	@echo "== doctests"
	@$(RUN) -m pytest --doctest-modules --pyargs azds $(NO_SPARK)

coverage: wheel ## the same, telling which lines and branches no test runs
	@$(RUN) -m coverage erase
	@$(RUN) -m coverage run -m pytest tests
	@$(RUN) -m coverage run -m pytest --doctest-modules --pyargs azds $(NO_SPARK)
	@$(RUN) -m coverage combine --quiet
	@$(RUN) -m coverage report

$(TEST)/ready: pyproject.toml constraints.txt
	@$(NEED_PYTHON)
	@echo "== $(TEST): install the tools"
	@rm -rf $(TEST)
	@$(PYTHON) -m venv $(TEST)
	@$(RUN) $(PIP_INSTALL) build hatchling
	@$(MAKE) dist
	@$(RUN) $(PIP_INSTALL) "$$(ls $(DIST)/azds-*.whl)[all,dev$(WITH_SPARK)]"
	@touch $@

# The wheel is built from the source archive, so that both are known to be whole.
.PHONY: dist
dist:
	@echo "== build the wheel"
	@rm -rf $(DIST)
	@mkdir -p $(DIST)
	@$(RUN) -m build --no-isolation --outdir $(DIST) . >build/log 2>&1 || { cat build/log >&2; exit 1; }

wheel: $(TEST)/ready dist ## build the wheel and install it where the tests run
	@echo "== install the wheel"
	@$(RUN) $(PIP_INSTALL) --no-deps --force-reinstall $(DIST)/azds-*.whl

fix: $(TEST)/ready ## format, and mend what ruff can mend
	@$(RUN) -m ruff format .
	@$(RUN) -m ruff check --fix .

laws: wheel ## the property tests, at length
	@HYPOTHESIS_PROFILE=nightly $(RUN) -m pytest tests/laws

# Also real power cuts where this may mount file systems, and kills by strace where it is there.
faults: wheel ## all that is tried against the store: every cut, reordering, schedule, flip; an hour and more
	@AZDS_FAULTS=all $(RUN) -m pytest -n auto --dist worksteal -rs -o faulthandler_timeout=0 tests/faults

golden: wheel ## rewrite the expected renderings in tests/golden; read the difference before you commit
	@AZDS_GOLDEN=write $(RUN) -m pytest tests

schemas: wheel ## write schemas/ anew from the record types
	@$(RUN) -m azds.records.export schemas

gazetteer: wheel ## write the gazetteer of states anew from the CLDR and tools/gazetteer/entities.toml
	@$(RUN) tools/gazetteer/build.py src/azds/data/entities.tsv

# From nothing: before release 1.0.0 the shipped data carry no editions of their own making.
snapshots: wheel ## rebuild the shipped data from the sources in $AZDS_SOURCES
	@test -d "$(AZDS_SOURCES)" || { echo "AZDS_SOURCES: expected the folder of the sources, got '$(AZDS_SOURCES)'" >&2; exit 2; }
	@for input in snapshots/*/dataset.toml; do \
		name=$$(basename "$$(dirname "$$input")"); echo "== build $$name"; \
		find "snapshots/$$name" -mindepth 1 ! -name dataset.toml -delete; \
		AZDS_STORE=snapshots $(TEST)/bin/azds build "$$name" --sources "$(AZDS_SOURCES)" || exit; done

# The same commit gives the same bytes: the day of a release is that of the last change of the data.
# KEY=FILE signs, with an SSH key or the public key of one in the agent; PREVIOUS=DIR holds the releases before.
RELEASES := build/release
RELEASE = $(DEMO)/bin/azds --store snapshots --dataset $(1) release build --revisions all -o $(RELEASES) \
	$(if $(KEY),--sign $(KEY)) $(if $(wildcard $(PREVIOUS)/$(1)-*),--previous $(lastword $(sort $(wildcard $(PREVIOUS)/$(1)-*))))

.PHONY: release
release: $(DEMO)/ready ## build the releases of the shipped data in build/release
	@rm -rf $(RELEASES)
	@export SOURCE_DATE_EPOCH="$${SOURCE_DATE_EPOCH:-$$(git log -1 --format=%ct -- snapshots 2>/dev/null)}"; \
		$(call RELEASE,foreign-relations) && \
		$(call RELEASE,war-reactions)

.PHONY: acceptance s3-test
acceptance: wheel ## others judge a release, each in an environment of its own, without network
	@$(RUN) acceptance/accept.py build/acceptance
	@$(RUN) acceptance/recipes.py build/acceptance

s3-test: wheel ## publish to a real S3 server on loopback, raced and cut (Debian packages: acceptance/ceph/install)
	@sh acceptance/ceph/run $(RUN) $(RUN) -m pytest tests/release/test_objects.py

# BENCH_ARGS=--large adds 10 million rows, --quick takes few; the peers are pinned in bench/requirements.txt.
bench: $(BENCH)/ready ## azds beside its peers: tables, ratios and a picture in bench/results
	@$(BENCH)/bin/python $(PIP_INSTALL) --no-deps --force-reinstall .
	@$(BENCH)/bin/python bench/run.py $(BENCH_ARGS)

$(BENCH)/ready: bench/requirements.txt bench/requirements-datacompy.txt constraints.txt
	@$(NEED_PYTHON)
	@echo "== $(BENCH): install azds and its peers"
	@rm -rf $(BENCH)
	@$(PYTHON) -m venv $(BENCH)
	@$(BENCH)/bin/python $(PIP_INSTALL) --requirement bench/requirements.txt '.[ingest]'
	@$(PYTHON) -m venv $(BENCH)/datacompy
	@$(BENCH)/datacompy/bin/python -m pip install -qq --disable-pip-version-check --requirement bench/requirements-datacompy.txt
	@touch $@

wiki-test: wheel ## fetching against a real MediaWiki on loopback, through faults (Debian packages: wiki/install)
	@sh wiki/run $(RUN)

# A master and two workers on loopback, by the pip package; needs Java 17. All that it starts ends with it.
.PHONY: spark-test
spark-test: wheel ## the Spark engine on a real standalone Spark: kills, bad input, the diff of one machine
	@java -version >/dev/null 2>&1 || { echo "spark-test: expected Java 17 or newer, got none on PATH" >&2; exit 2; }
	@$(RUN) tests/spark/cluster.py $(RUN) -m pytest -p no:cacheprovider tests/spark

# The site has an environment of its own: its tools are no part of the tests.
DOCS := build/venv-docs

.PHONY: docs
docs: $(DOCS)/ready ## build the site of docs/ in build/site; a warning is an error
	@NO_MKDOCS_2_WARNING=1 $(DOCS)/bin/python -m mkdocs build --strict --quiet
	@echo "build/site/index.html"

$(DOCS)/ready: docs/site/requirements.txt constraints.txt
	@$(NEED_PYTHON)
	@echo "== $(DOCS): install the tools"
	@rm -rf $(DOCS)
	@mkdir -p build
	@$(PYTHON) -m venv $(DOCS)
	@$(DOCS)/bin/python $(PIP_INSTALL) --requirement docs/site/requirements.txt
	@touch $@

clean: ## remove the environments, what was built, and the caches
	@rm -rf $(DEMO) $(TEST) $(BENCH) build dist .coverage .coverage.* .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
