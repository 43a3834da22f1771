# What people type. Everything needs only python3; see scripts/bootstrap.py for what it installs.

BIND ?= 127.0.0.1:8000
PYTHON := .venv/bin/python
# Whoever binds the demo to another address means to be called by another name.
DEMO_HOSTS := $(if $(filter 127.0.0.1:% localhost:%,$(BIND)),,RACEWAY_ALLOWED_HOSTS='*')
DEMO := RACEWAY_DEMO=1 RACEWAY_VAR="$(CURDIR)/var/demo" $(DEMO_HOSTS)

.PHONY: help demo setup test check fmt bench openapi clean \
	check-ruff check-imports check-types check-django check-architecture check-templates check-api check-frontend

help:
	@echo "make demo [BIND=127.0.0.1:8000]   the site with the demonstration plant; Ctrl-C stops it"
	@echo "make test                         every test, on each database that answers"
	@echo "make check                        style, floors, types, settings, migrations, API description"
	@echo "make fmt | bench | openapi        format the code | run the benchmarks | rewrite the API description"

demo:
	@python3 scripts/bootstrap.py
	@$(DEMO) exec $(PYTHON) manage.py up --first load_demo --bind $(BIND)

setup:
	@python3 scripts/bootstrap.py --test

test: setup
	@$(PYTHON) scripts/run_tests.py

# `make -k check` goes on after a finding.
check: setup check-ruff check-imports check-types check-django check-architecture check-templates check-api check-frontend

check-ruff:
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .

check-imports:
	.venv/bin/lint-imports

check-types:
	.venv/bin/mypy .

# As in production: TLS, a secret of its own, nothing in debug mode.
check-django:
	RACEWAY_TLS=1 RACEWAY_SECRET_KEY="$$($(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(64))')" \
		$(PYTHON) manage.py check --deploy --fail-level WARNING
	$(PYTHON) manage.py makemigrations --check --dry-run

check-architecture:
	.venv/bin/pytest -q tests/architecture

check-templates:
	find templates -name '*.html' -print0 | xargs -0 -r .venv/bin/djade --check --target-version 5.2

check-api:
	$(PYTHON) manage.py spectacular --validate --fail-on-warn --file var/openapi.yaml
	diff -u docs/api/openapi.yaml var/openapi.yaml || { echo "The API changed: run 'make openapi' and look at the difference."; exit 1; }

check-frontend:
	$(PYTHON) scripts/run_node.py node_modules/typescript/bin/tsc --noEmit -p frontend/tsconfig.json

openapi:
	mkdir -p docs/api
	$(PYTHON) manage.py spectacular --validate --file docs/api/openapi.yaml

fmt:
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .
	find templates -name '*.html' -print0 | xargs -0 -r .venv/bin/djade --target-version 5.2

bench:
	@for name in impact api ledger resolver; do $(PYTHON) -m benchmarks.$$name || exit 1; done

clean:
	rm -rf .venv .venv-node node_modules static/dist static/.dist-stamp var
