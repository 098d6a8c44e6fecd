# Every target first sees that what it needs is installed (scripts/set-up); when it is, that takes a moment.
# Another Python than the first python3 that is new enough: make demo PYTHON=python3.12
SHELL := /bin/bash
.DEFAULT_GOAL := help
export PYTHON
python := .venv/bin/python
code := $(wildcard services schemas tests bench scripts)

.PHONY: help
help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | while IFS=$$'\t' read -r target what; do \
		printf '  make %-10s %s\n' "$$target" "$$what"; done

.PHONY: demo
demo: setup ## Plan, release and print the example ceremonies into out/
	@$(python) -m services demo

.PHONY: serve
serve: setup ## Run everything in one process and print its address
	@.venv/bin/khaimac serve

.PHONY: check
check: lint ## Lint, types and unit tests: the inner loop, within a minute
	@$(python) -m pytest tests/unit -m "not long"

.PHONY: test
test: lint ## All tests but the long ones, within 12 minutes
	@$(python) -m pytest -m "not long"

.PHONY: test-all
test-all: lint ## All tests, the long ones included, within 45 minutes
	@$(python) -m pytest

.PHONY: lint
lint: setup-test
	@$(python) -m ruff check --quiet .
	@$(python) -m ruff format --check --quiet . || { echo "Not formatted; make format does it." >&2; exit 1; }
	@$(python) -m mypy --no-error-summary
	@.venv/bin/lint-imports --no-logo

.PHONY: format
format: setup-test ## Format the code and mend what ruff can mend
	@$(python) -m ruff check --fix --quiet . || true
	@$(python) -m ruff format --quiet .

.PHONY: bench
bench: setup-test ## Measure, side by side, and print the table
	@$(python) -m bench

.PHONY: pictures
pictures: setup-test ## Take the pictures of the guides anew, from the pages as they are
	@KHAIMAC_PICTURES=1 $(python) -m pytest -q tests/browser/test_journey.py tests/browser/test_journey_more.py -k "by_mouse or collision_shows or by_touch"

.PHONY: contracts
contracts: setup-test ## Write the published contracts (AsyncAPI, OpenAPI) anew from the code
	@$(python) -m services contracts

.PHONY: lock
lock: setup ## Take newer versions of the dependencies into the lock files
	@scripts/lock

.PHONY: setup
setup: ## Install what running needs, and nothing else
	@scripts/set-up run

.PHONY: setup-test
setup-test:
	@scripts/set-up test

.PHONY: clean
clean: ## Remove everything that can be made again; data/ stays
	@rm -rf .venv node_modules .setup out build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find services schemas tests -name __pycache__ -prune -exec rm -rf {} +
