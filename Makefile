# The README's two commands are `make run` and `make test`. Pass options on with ARGS:
#   make run ARGS="--port 9000 --no-demo"      make test ARGS="tests/unit -k deadline"
ARGS ?=

.PHONY: run test check format bench requirements assets venv clean
.DEFAULT_GOAL := help

run: .venv/.runtime assets ## everything on one machine: server, worker, web, demonstration data
	.venv/bin/handrail up $(ARGS)

test: system-test .venv/.test assets ## all static checks, then all tests
	scripts/verify $(ARGS)

check: .venv/.test ## all static checks, no tests
	scripts/verify --static

format: .venv/.test ## mend formatting and what Ruff can mend safely
	.venv/bin/ruff check --fix-only --quiet .
	.venv/bin/ruff format .

bench: .venv/.test ## the benchmarks; figures are only comparable within one run
	.venv/bin/python -m benchmarks $(ARGS)

requirements: ## recompile requirements/*.txt; ARGS=--upgrade takes newer versions
	scripts/compile-requirements $(ARGS)

assets: ## the pages' styles and scripts, from npm; a second call is instant
	@scripts/build-assets

venv: .venv/.test ## the virtual environment, with everything the tests need

clean: ## remove the virtual environments and the tools' caches, never data
	rm -rf .venv .venv-compile .assets web/static .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis

.PHONY: help system-test
help:
	@sed -n 's/^\([a-z]*\):.*## /\1: /p' Makefile

system-test:
	@scripts/system-packages test

# The stamps make a second call instant. They depend on the files that decide what is installed.
.venv/.runtime: requirements/runtime.txt pyproject.toml
	@scripts/system-packages run
	scripts/virtual-environment runtime

.venv/.test: requirements/test.txt pyproject.toml
	@scripts/system-packages run
	scripts/virtual-environment test
