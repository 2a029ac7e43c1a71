# `make` lists what can be done. Every target prepares what it needs first.
SHELL := /bin/bash
PYTEST := .venv/bin/python -m pytest
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help setup demo desk desk-pictures serve test test-slow test-faults test-gpu check format map bench bench-service bench-matching train-smoke

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install native programs, .venv and packages; quick when nothing changed
	@bash .make/setup.sh

demo: setup ## post a sample dispute to the service over HTTP and print the verdict
	@.venv/bin/tieout demo $(ARGS)

desk: setup ## start the service with a dozen disputes and print where its desk is
	@.venv/bin/tieout desk $(ARGS)

desk-pictures: ## draw the pictures of the desk in serving/README.md; needs Chromium
	@bash .make/setup.sh tests
	@.venv/bin/python -m tests.support.desk_pictures serving/desk/pictures

serve: setup ## start the service and keep it running (Ctrl-C stops it)
	@.venv/bin/tieout serve $(ARGS)

test: ## run the tests; ARGS="-k values" narrows them down
	@bash .make/setup.sh tests
	$(PYTEST) $(ARGS)

test-slow: ## run the tests that take minutes
	@bash .make/setup.sh tests
	$(PYTEST) -m slow $(ARGS)

test-faults: ## kill, cut, fill, flood: the slow tests of what the service survives
	@bash .make/setup.sh tests
	$(PYTEST) -m slow tests/faults $(ARGS)

test-gpu: setup ## run the tests that need a GPU
	$(PYTEST) -m gpu $(ARGS)

check: setup ## check format, lint and types
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy

format: setup ## rewrite the code in the one format
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .

map: setup ## write the module maps of the READMEs from the docstrings
	@.venv/bin/python -m tests.support.module_map

bench: setup ## measure time and memory a page costs
	@.venv/bin/python -m serving.benchmarks.reading $(ARGS)

bench-service: setup ## load the service for half an hour and write a report to load-report/
	@.venv/bin/python -m serving.benchmarks.load --out load-report $(ARGS)

bench-matching: setup ## measure how matching grows with the number of lines
	@.venv/bin/python -m serving.benchmarks.matching $(ARGS)

train-smoke: setup ## train a tiny model for a minute on the CPU, from end to end
	.venv/bin/python -m training.train --config configs/train-smoke.yaml $(ARGS)
