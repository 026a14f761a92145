# The work on the platform, one target each. `make` lists them.
#
# The tools are built from the versions that tools/go.mod pins, into a cache
# outside the repository; nothing has to be on PATH but Go, Node and apt.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

ROOT  := $(dir $(abspath $(lastword $(MAKEFILE_LIST))))
MAKEFLAGS += --no-print-directory

# Recipes run in the root of the repository, wherever make was called from.
ifneq ($(realpath $(CURDIR)),$(realpath $(ROOT)))
$(MAKECMDGOALS) help: ; @$(MAKE) -C $(ROOT) $@
else

EPKR_CACHE ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/epkr
export EPKR_CACHE

# A folder for each state of the pins, so that branches do not rebuild each other's tools.
TOOLS := $(EPKR_CACHE)/tools/$(shell cat tools/go.mod tools/go.sum | cksum | cut -d' ' -f1)
SQLC         := $(TOOLS)/sqlc
GOLANGCI     := $(TOOLS)/golangci-lint
GOTESTSUM    := $(TOOLS)/gotestsum
WORKFLOWCHECK := $(TOOLS)/workflowcheck

# What to test: make test PKG=./internal/order RUN=TestDecide
PKG ?= ./...
RUN ?=

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## /\1\t/' | while IFS=$$'\t' read -r name what; do printf '  make %-16s %s\n' "$$name" "$$what"; done

run: bin/dev web ## run the whole platform on this machine
	exec bin/dev up

test: bin/dev web $(GOTESTSUM) $(if $(filter ./...,$(PKG)),web-test) ## test against real servers (PKG=./one/package RUN=regexp)
	bin/dev install --tests
	bin/dev with-servers -- make test-go # plain make, for make -n runs lines with its variable
	$(if $(RUN),,$(if $(filter ./...,$(PKG)),$(MAKE) test-browser))

# In an environment with servers: the tests of PKG, and of the benchmarks, which are a module of their own.
GO_TEST = $(GOTESTSUM) --format pkgname-and-test-fails -- -count=1 -timeout 20m $(if $(RUN),-run '$(RUN)')
test-go: $(GOTESTSUM)
	$(if $(filter ./dev/bench%,$(PKG)),cd dev/bench && )$(GO_TEST) $(patsubst ./dev/bench%,.%,$(PKG))
	$(if $(filter ./...,$(PKG)),cd dev/bench && $(GO_TEST) ./...)

test-browser: bin/dev web ## test the web app in a browser on a whole platform (RUN=part of a test's name)
	bin/dev install --tests
	bin/dev with-platform -- npm --prefix web run -s test:browser -- $(if $(RUN),--grep '$(RUN)')

test-translated: ## test the web app in a browser that translates its pages (RUN=part of a test's name)
	EPKR_TRANSLATED=1 $(MAKE) test-browser

test-slow: ## test the web app at the end of a line of 400 kbit/s (RUN=part of a test's name)
	EPKR_LINE=slow $(MAKE) test-browser

screens: bin/dev web ## take the pictures in docs/screens anew
	bin/dev install --tests
	EPKR_SCREENS=$(ROOT)docs/screens bin/dev with-platform -- npm --prefix web run -s test:browser

test-faults: bin/dev web ## kill everything under load, and let three people do their worst (EPKR_FAULTS_SEED=number repeats a run)
	bin/dev install
	EPKR_FAULTS=1 go test ./dev/faults -count=1 -timeout 30m -v $(if $(RUN),-run '$(RUN)')

test-grown: bin/dev ## look at the plan of every query on a database as years of work leave it (RUN=/name of a query)
	bin/dev install
	EPKR_GROWN=1 bin/dev with-servers -- go test ./db/grown -count=1 -timeout 10m $(if $(RUN),-run '$(RUN)')

grown: ## make such a database on the server of DATABASE_URL, to look at plans in (NAME=of the new database)
	go run ./dev/grown $(or $(NAME),grown)

bench: bin/dev web ## measure against the engine's floors, into docs/benchmarks.md (ONLY=name,name PROFILE=folder)
	bin/dev with-servers --durable -- go -C dev/bench run . -write $(ROOT)docs/benchmarks.md $(if $(ONLY),-only $(ONLY)) $(if $(PROFILE),-profile $(abspath $(PROFILE)))

bench-pairs: bin/dev web ## measure actions against another commit, in interleaved pairs (BASE=commit)
	bin/dev with-servers --durable -- go -C dev/bench run . -base $(or $(BASE),$(error BASE=commit is missing))

bench-web: bin/dev web ## measure the weight of the first page and how soon pages can be used (ORDERS=number)
	bin/dev install --tests
	bin/dev with-platform -- npm --prefix web run -s bench

check: $(GOLANGCI) $(WORKFLOWCHECK) generated web ## what must hold before a commit: generated code, format, lint, honest requirements
	npm --prefix web run -s check
	go test ./internal/architecture -count=1
	$(GOLANGCI) fmt --diff
	$(GOLANGCI) run
	cd dev/bench && go build ./... && go vet ./... && $(GOLANGCI) fmt --diff && $(GOLANGCI) run
	if [ -d workflows ]; then $(WORKFLOWCHECK) -test=false -config tools/workflowcheck.yml ./workflows/...; fi
	go run ./dev/trace >/dev/null

lint: $(GOLANGCI) web ## run the linters
	$(GOLANGCI) run
	cd dev/bench && $(GOLANGCI) run
	npm --prefix web run -s lint

format: $(GOLANGCI) web/node_modules/.package-lock.json ## format the Go code and the web app's
	$(GOLANGCI) fmt
	cd dev/bench && $(GOLANGCI) fmt
	npm --prefix web run -s format

generate: $(SQLC) ## generate the database code from db/queries
	if [ -f sqlc.yaml ]; then $(SQLC) generate; fi

# Generates again and fails when that changes a committed file.
generated: $(SQLC) web/node_modules/.package-lock.json
	if [ -f sqlc.yaml ]; then $(SQLC) diff; fi
	npm --prefix web run -s types -- --check

histories: bin/dev ## record the histories that the replay test reads
	bin/dev with-servers -- go test ./workflows -count=1 -run 'Test(Order|Registry)Paths' -record

replay: ## replay the recorded histories on today's workflow code
	go test ./workflows -count=1 -run "Replay|ChangedRules|PersonalData"

verify-readmodel: ## compare the rows of a running platform with its workflows (REPAIR=1 rewrites them)
	@DATABASE_URL=$${DATABASE_URL:-postgres://epkr:epkr-local@127.0.0.1:$${EPKR_PORT_POSTGRES:-5433}/epkr?sslmode=disable} \
		go run ./worker verify $(if $(REPAIR),--repair)

demo: ## play orders through on a running platform
	go run ./dev/demo

picture: ## draw the imports in docs/architecture.md anew
	go test ./internal/architecture -count=1 -run Picture -update

trace: ## compare docs/requirements.md with the tests, and list the rows that no test declares
	@go run ./dev/trace

build: web ## build apiserver and worker into bin/
	mkdir -p bin
	CGO_ENABLED=0 go build -o bin/ ./apiserver ./worker

clean: ## remove what was built in the repository (data and caches stay)
	rm -rf bin
	find web/dist -mindepth 1 ! -name .gitignore -delete

bin/dev: FORCE
	@mkdir -p bin
	@go build -o bin/dev ./dev

# The web app is embedded into apiserver, so it is built before Go code is.
web: $(if $(wildcard web/package.json),web/dist/index.html)

web/node_modules/.package-lock.json: web/package.json web/package-lock.json
	npm --prefix web ci --no-audit --no-fund
	touch $@

web/dist/index.html: web/node_modules/.package-lock.json $(shell find web -path web/node_modules -prune -o -path web/dist -prune -o -path web/e2e -prune -o -type f -print 2>/dev/null)
	npm --prefix web run build
	touch $@

web-types: web/node_modules/.package-lock.json ## generate the web app's types from apiserver/openapi.json
	npm --prefix web run -s types

web-test: web/node_modules/.package-lock.json ## test the web app's logic
	npm --prefix web test

$(TOOLS)/sqlc: PACKAGE := github.com/sqlc-dev/sqlc/cmd/sqlc
$(TOOLS)/golangci-lint: PACKAGE := github.com/golangci/golangci-lint/v2/cmd/golangci-lint
$(TOOLS)/gotestsum: PACKAGE := gotest.tools/gotestsum
$(TOOLS)/workflowcheck: PACKAGE := go.temporal.io/sdk/contrib/tools/workflowcheck

$(SQLC) $(GOLANGCI) $(GOTESTSUM) $(WORKFLOWCHECK):
	@echo 'собираю $(@F) (первый раз, до двух минут)…'
	@mkdir -p $(@D)
	@CGO_ENABLED=0 go -C tools build -o $@ $(PACKAGE)

FORCE:
.PHONY: help run test test-go test-browser test-translated test-slow screens test-faults test-grown grown bench bench-pairs bench-web verify-readmodel check lint format generate generated histories replay demo picture trace build clean web web-types web-test FORCE
endif
