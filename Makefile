# Every target does its own set-up; what has not changed since last time is skipped (var/stamps remembers).
# PORT and DATABASE_URL are honoured by every target.

PORT ?= 8000
WORKERS ?= 2
ARGS ?=
export PORT
export DATABASE_URL

BIN := .venv/bin
PYTHON := $(BIN)/python
STAMPS := var/stamps
ifeq ($(strip $(DATABASE_URL)),)
unexport DATABASE_URL
else
FOREIGN := always
endif

MIGRATIONS := $(wildcard */migrations/*.py */*/migrations/*.py)
REFERENCE := $(shell find cms courses engagements \( -name reference.py -o -path '*/data/*' \) -type f)
DEMO := $(shell find cms courses engagements -name 'demo*.py' -type f)
CATALOGUES := $(wildcard locale/da/LC_MESSAGES/django.po cms/locale/da/LC_MESSAGES/django.po locale/da/LC_MESSAGES/djangojs.po)

# A stamp is worth nothing when what it stands for is gone.
$(shell [ -x $(PYTHON) ] || rm -f $(STAMPS)/environment)
$(shell [ -d cms/assets/node_modules/dkfds ] || rm -f $(STAMPS)/assets)
$(shell [ -s locale/da/LC_MESSAGES/django.mo ] || rm -f $(STAMPS)/translations)
$(shell [ -s var/taskforce.sqlite3 ] || rm -f $(STAMPS)/database $(STAMPS)/demo)

.DEFAULT_GOAL := help
.PHONY: help run setup demo test check bench soak backup restore browser always
.DELETE_ON_ERROR:
# The assets come over the network while the database is being made
MAKEFLAGS += -j2

help: ## Show what can be done
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: setup demo ## Run the portal with demonstration content: server and background worker (PORT=8000)
	@exec $(PYTHON) .ci/serve

setup: $(STAMPS)/environment $(STAMPS)/assets $(STAMPS)/database $(STAMPS)/translations ## Make everything ready: environment, assets, translations, database

demo: setup $(STAMPS)/demo ## Fill in the demonstration content (again does no harm)

test: $(STAMPS)/environment $(STAMPS)/assets $(STAMPS)/translations browser ## Run all tests, browser included (ARGS="tests/reviews -k wilson")
	@$(PYTHON) -m pytest -n $(WORKERS) $(ARGS)

check: $(STAMPS)/environment $(STAMPS)/assets $(STAMPS)/translations ## Check style, types, arrows, migrations, translations and production settings
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(PYTHON) manage.py check --fail-level WARNING
	$(PYTHON) manage.py makemigrations --check --dry-run
	$(PYTHON) manage.py translations --check
	@echo $(PYTHON) manage.py check --deploy
	@DJANGO_SETTINGS_MODULE=cms.settings.production ALLOWED_HOSTS=portal.example DEFAULT_FROM_EMAIL=portal@portal.example \
		SITE_URL=https://portal.example SECRET_KEY=$$($(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(64))') \
		$(PYTHON) manage.py check --deploy --fail-level WARNING

bench: $(STAMPS)/environment $(STAMPS)/assets $(STAMPS)/translations ## Measure against bare floors
	@$(PYTHON) -m tests.benchmarks $(ARGS)

soak: $(STAMPS)/environment $(STAMPS)/assets $(STAMPS)/translations ## Repeat races and kills many times (ROUNDS=100)
	@ROUNDS=$${ROUNDS:-100} $(PYTHON) -m pytest -m soak $(ARGS)

backup: setup ## Put database and files into one archive under var/backups
	@$(PYTHON) manage.py backup

restore: $(STAMPS)/environment ## Bring back an archive: make restore FILE=var/backups/….tar.gz
	@$(PYTHON) manage.py restore $(FILE)

$(STAMPS)/environment: uv.lock pyproject.toml .python-version
	@.ci/preflight
	@.ci/uv sync --frozen --quiet --compile-bytecode
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/assets: cms/assets/package.json cms/assets/package-lock.json
	@cd cms/assets && npm ci --no-progress --no-audit --no-fund --loglevel=error
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/database: $(STAMPS)/environment $(MIGRATIONS) $(REFERENCE) $(FOREIGN)
	@echo "Preparing the database"
	@$(PYTHON) manage.py migrate --verbosity 0
	@touch $@

$(STAMPS)/demo: $(STAMPS)/database $(STAMPS)/translations $(DEMO) $(FOREIGN)
	@$(PYTHON) manage.py demo
	@touch $@

$(STAMPS)/translations: $(CATALOGUES) $(STAMPS)/environment
	@$(PYTHON) manage.py translations --compile
	@touch $@

browser: $(STAMPS)/environment
	@.ci/browser
