# Everything a newcomer types. `make run` needs Python 3.11+ with venv, and make; the rest is installed into .venv.
SHELL := /bin/sh
PORT ?= 8000
HOST ?= 127.0.0.1
PY := .venv/bin/python
# Further arguments for pytest, like `make test ARGS="tests/guidance -x"`.
ARGS ?=
# For `make bench-large`, which has an argument too for where the disk is: ARGS="--folder /srv/big".
ENTERPRISES ?= 12000000
export PORT HOST

.DEFAULT_GOAL := help
.PHONY: help run reset test machine lint format schema bench bench-large lock

help: ## show this list
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 13
	@echo "variables: PORT=$(PORT) HOST=$(HOST), like 'make run PORT=9001'"

run: ## start the portal with its demo city; ^C stops it, the data stays
	@.ci/environment run
	@exec $(PY) manage.py run --end-with-parent

reset: ## remove all data of `make run`
	@.ci/environment run
	@$(PY) -m portal.servers reset

test: ## run all tests, on real PostgreSQL, Redis, workers and Chromium
	@.ci/environment dev
	@.ci/system-packages
	@$(PY) -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder $(ARGS)

machine: ## the state machine, races, properties of guidance, printed forms and mutated files in their long forms; hours
	@.ci/environment dev
	@MACHINE_EXAMPLES=$${MACHINE_EXAMPLES:-2000} MACHINE_STEPS=$${MACHINE_STEPS:-50} MACHINE_SHARES=$${MACHINE_SHARES:-2} \
		MACHINE_SEED=$${MACHINE_SEED:-$$(date +%s)} RACE_ROUNDS=$${RACE_ROUNDS:-200} PRINT_ALL=1 \
		SEAL_MUTATIONS=$${SEAL_MUTATIONS:-50000} \
		$(PY) -m pytest --numprocesses 2 --capture=no --timeout 0 tests/machine tests/races tests/licensing/test_printing.py \
		tests/guidance/test_asking.py tests/guidance/test_diagrams.py tests/guidance/test_relevance.py \
		tests/guidance/test_explaining_properties.py tests/guidance/test_proving_properties.py \
		tests/guidance/test_roadmap_pictures.py tests/certificates/elicences/test_mutations.py $(ARGS)

lint: ## check style, forgotten migrations and undeclared API changes
	@.ci/environment dev
	@.ci/lint

format: ## let ruff rewrite what it can
	@.ci/environment dev
	@$(PY) -m ruff check --fix . ; $(PY) -m ruff format .

schema: ## write docs/openapi.yaml from the code
	@.ci/environment dev
	@$(PY) manage.py spectacular --validate --fail-on-warn --file docs/openapi.yaml

bench: ## measure; prints the figures
	@.ci/environment dev
	@$(PY) manage.py bench

bench-large: ## measure questions of a province's catalogue, the public page with ENTERPRISES enterprises; says what disk it needs
	@.ci/environment dev
	@$(PY) manage.py bench province
	@$(PY) manage.py bench large --enterprises $(ENTERPRISES) $(ARGS)

lock: ## write requirements*.txt anew from requirements*.in
	@.ci/environment dev
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check uv
	@for file in requirements requirements-dev; do UV_CUSTOM_COMPILE_COMMAND="make lock" .venv/bin/uv pip compile --quiet \
		--upgrade --universal --python-version 3.11 --generate-hashes $$file.in -o $$file.txt; done
