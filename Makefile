# The commands of the project. Each is one small script in script/, which says what it does and how long it takes.

.DEFAULT_GOAL := help
.PHONY: help run dev build demo test lint fmt fuzz soak bench screens

help: ## list these commands
	@sed -n 's/^\([a-z]*\): ## \(.*\)/  make \1\t\2/p' Makefile | expand -t 18

run: ## build, then serve on 127.0.0.1:3000 with SQLite in ./data, the sandbox and a demo account
	@script/run

dev: ## the developer's loop: rebuild and reload on every change
	@script/dev

build: ## the binary, and the site's files in target/site
	@script/setup build
	@script/build release

demo: ## create or refresh the demo account and print how to sign in
	@script/demo

test: ## everything: format, lints, docs, tests on both databases, wasm, size, browser
	@script/test

lint: ## the fast part of the tests: format, forbidden edges, clippy
	@script/test format edges clippy

fmt: ## format the code
	@cargo fmt --all

fuzz: ## fuzz every parser of outside bytes for five minutes each
	@script/fuzz 300

soak: ## everything goes wrong for ten minutes, then five million stored messages; script/soak MINUTES for longer
	@script/soak

bench: ## measure throughput and latency on both databases into BENCHMARKS.md
	@script/bench

screens: ## take the pictures of docs/screens
	@script/screens
