# `make local` and `make test` are all that a newcomer needs; they set everything up by themselves
# from python3 >= 3.11, make and git. Everything is kept in .venv, node_modules and .local.
PYTHON ?= python3
PORT ?= 3333

# A file's tests stay together: they share what is slow to build.
ON_ALL_CORES = --numprocesses auto --dist loadfile
# Those that need the running stack wait more than they work: two stacks, in the order of tests/e2e/running.py.
ON_TWO_STACKS = --numprocesses 2 --dist loadfile --no-loadscope-reorder

export PATH := $(CURDIR)/.venv/bin:$(PATH)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help local test test-fast check audit openapi reference golden screenshots demo bench bench-peer cost \
	bootstrap synth diff deploy destroy doctor stage-is-named pause resume lock

help: ## Say what there is
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

local: .venv/ready node_modules/ready ## Run it all here, at PORT=3333
	@exec python -m local --port $(PORT)

test: .venv/ready node_modules/ready clients/authjs/node_modules/ready ## Run every test
	python -m pytest $(ON_ALL_CORES) -m "not stack"
	python -m pytest $(ON_TWO_STACKS) -m stack

test-fast: .venv/ready ## Run the tests of the functions
	python -m pytest $(ON_ALL_CORES) tests/domain tests/adapters tests/contracts tests/functions

check: .venv/ready ## Lint, types, imports, languages
	ruff format --check
	ruff check
	mypy
	lint-imports
	python -m local.catalogs
	python -m openapi --check
	python -m reference --check
	python -m costs --check
	python -m local.audit || test $$? -eq 2

# 1 means a known vulnerability, 2 that not all packages could be asked about. Both fail here and in the
# public CI; `check`, which must also pass on a train, says the second and goes on.
audit: .venv/ready ## Ask for known vulnerabilities
	python -m local.audit

openapi: .venv/ready ## Rewrite docs/openapi.json
	python -m openapi

reference: .venv/ready ## Rewrite docs/QUICK-REFERENCE.md
	python -m reference

golden: .venv/ready ## Rewrite the tests' expected mails
	python -m tests.adapters.golden

screenshots: .venv/ready ## Redraw the README's pictures
	python -m tests.browser.pictures

demo: .venv/ready ## Show five cases, or at URL=
	@URL="$(or $(URL),http://localhost:$(PORT))" KEY="$(KEY)" ADMIN_KEY="$(ADMIN_KEY)" python -m local.demo

bench: .venv/ready ## Measure, rewrite the figures
	@python -m bench

bench-peer: .venv/ready ## Measure the replaced one in PEER=
	@test -n "$(PEER)" || { echo "Name the folder of the replaced service: make bench-peer PEER=path/to/peer" >&2; exit 2; }
	@python -m bench.peer "$(PEER)"

cost: .venv/ready ## Price a notice, rewrite docs/COST.md
	python -m costs

# AWS_ENDPOINT_URL leads all of these to an emulator.
CDK = node_modules/.bin/cdk
# Asked before CDK takes its time to bundle, and answered in plainer words than CDK's.
LOGGED_IN = @python -m operations login "$(STAGE)"

bootstrap: stage-is-named .venv/ready node_modules/ready ## Prepare STAGE='s account, once
	$(LOGGED_IN)
	$(CDK) bootstrap -c stage=$(STAGE)

synth: stage-is-named .venv/ready node_modules/ready ## Write the templates of STAGE=
	@$(CDK) synth --quiet -c stage=$(STAGE)
	@ls cdk.out/*-$(STAGE).template.json

diff: stage-is-named .venv/ready node_modules/ready ## Show what deploy would change
	$(LOGGED_IN)
	$(CDK) diff -c stage=$(STAGE)

deploy: stage-is-named .venv/ready node_modules/ready ## Deploy STAGE=
	$(LOGGED_IN)
	$(CDK) deploy --all -c stage=$(STAGE)

destroy: stage-is-named .venv/ready node_modules/ready ## Remove STAGE=, not prod
	@test "$(STAGE)" != prod || { echo "prod is protected, and its table is kept: nothing was done. To end it for good: docs/OPERATIONS.md, The end of a stage" >&2; exit 2; }
	$(LOGGED_IN)
	$(CDK) destroy --all -c stage=$(STAGE)

doctor: stage-is-named .venv/ready ## Say whether STAGE= can mail
	@python -m operations doctor "$(STAGE)"

stage-is-named:
	@test -n "$(STAGE)" || { echo "Name the stage: make $(MAKECMDGOALS) STAGE=dev" >&2; exit 2; }

pause: stage-is-named .venv/ready ## Let the mails of STAGE= wait
	@python -m operations pause "$(STAGE)"

resume: stage-is-named .venv/ready ## Let them go on
	@python -m operations resume "$(STAGE)"

lock: .venv/uv ## Lock the requirements again
	@cd requirements && for name in uv dev functions; do \
		uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
			--no-emit-index-url --no-header $$( [ $$name = functions ] && echo -c dev.txt ) \
			$$name.in -o $$name.txt || exit 1; \
	done

# Set-up: each step runs again only when what it was made from has changed.

.venv/uv: requirements/uv.txt
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) was not found. Install Python 3.11 or newer, or name it: make $(MAKECMDGOALS) PYTHON=python3.13" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed, and $(PYTHON) is $$($(PYTHON) --version). Name another one: make $(MAKECMDGOALS) PYTHON=python3.13" >&2; exit 1; }
	@echo "==> Making a Python environment in .venv"
	@$(PYTHON) -m venv --clear .venv
	@.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@touch $@

.venv/ready: .venv/uv requirements/dev.txt
	@echo "==> Installing the locked Python packages (and Node)"
	@uv pip sync --quiet --python .venv/bin/python --require-hashes requirements/dev.txt
	@touch $@

node_modules/ready: package-lock.json | .venv/ready
	@echo "==> Installing the CDK command line"
	@npm ci --silent --no-audit --no-fund
	@touch $@

clients/authjs/node_modules/ready: clients/authjs/package-lock.json | .venv/ready
	@echo "==> Installing what the Auth.js client is built and tested with"
	@npm ci --prefix clients/authjs --silent --ignore-scripts
	@touch $@
