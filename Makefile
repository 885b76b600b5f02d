# `make chat` and `make test` are all that a fresh machine needs; both install first.
PYTHON ?= python3
BIN := .venv/bin
export UV_LINK_MODE := copy

.PHONY: help setup chat index test test-fast lint format eval clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed 's/:.*## /\t/' | expand -t 12

setup: .venv/installed ## install what is locked into .venv

.venv/installed: pyproject.toml uv.lock
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || { echo "python venv is missing: apt-get install python3-venv (or your system's package)"; exit 1; }
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv sync --frozen --inexact
	@touch $@

chat: setup ## install, index the corpus and open the chat page
	$(BIN)/rag index
	$(BIN)/rag serve

index: setup ## index what has changed in the corpus
	$(BIN)/rag index

test: setup lint ## install, then run every check
	$(BIN)/python -m pytest

test-fast: setup ## the tests without the slow and the browser ones
	$(BIN)/python -m pytest -m "not slow and not browser"

lint: setup ## style and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: setup ## put the code into the project's form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

eval: setup ## every data set and baseline, with a page to read; needs the data in RAG_SHARED_DIR
	$(BIN)/python -m evals all --json evals/results/latest.json --html .evals/report.html

clean: ## remove what was built, not the corpus
	rm -rf .venv .evals index/store.sqlite3* index/generations index/CURRENT
