# The development tasks of the platform, one target each. `make` lists them.
#
# The tools are built in the versions that tools/go.mod pins, into a cache outside the repository.
# Only Go, Node and apt have to be on PATH.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

ROOT  := $(dir $(abspath $(lastword $(MAKEFILE_LIST))))
MAKEFLAGS += --no-print-directory

# Recipes run in the root of the repository, whatever directory make was called in.
ifneq ($(realpath $(CURDIR)),$(realpath $(ROOT)))
$(MAKECMDGOALS) help: ; @$(MAKE) -C $(ROOT) $@
else

EPKR_CACHE ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/epkr
export EPKR_CACHE

# Each set of pinned versions has its own folder, so that branches do not rebuild each other's tools.
TOOLS := $(EPKR_CACHE)/tools/$(shell cat tools/go.mod tools/go.sum | cksum | cut -d' ' -f1)
SQLC         := $(TOOLS)/sqlc
GOLANGCI     := $(TOOLS)/golangci-lint
GOTESTSUM    := $(TOOLS)/gotestsum
WORKFLOWCHECK := $(TOOLS)/workflowcheck

# The tests to run: make test PKG=./internal/order RUN=TestDecide
PKG ?= ./...
RUN ?=

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## /\1\t/' | while IFS=$$'\t' read -r name what; do printf '  make %-16s %s\n' "$$name" "$$what"; done

run: bin/dev web ## run the whole platform on this machine
	exec bin/dev up

test: bin/dev web $(GOTESTSUM) $(if $(filter ./...,$(PKG)),web-test) ## test against real servers (PKG=./one/package RUN=regexp)
	bin/dev install --tests
	bin/dev with-servers -- make test-go # plain make: make -n runs every line that contains the variable
	$(if $(RUN),,$(if $(filter ./...,$(PKG)),$(MAKE) test-browser))

# Runs the tests of PKG. It needs running servers.
GO_TEST = $(GOTESTSUM) --format pkgname-and-test-fails -- -count=1 -timeout 20m $(if $(RUN),-run '$(RUN)')
test-go: $(GOTESTSUM)
	$(if $(filter ./dev/bench%,$(PKG)),cd dev/bench && )$(GO_TEST) $(patsubst ./dev/bench%,.%,$(PKG))

test-browser: bin/dev web ## test the web app in a browser on a whole platform (RUN=part of a test's name)
	bin/dev install --tests
	bin/dev with-platform -- npm --prefix web run -s test:browser -- $(if $(RUN),--grep '$(RUN)')

test-translated: ## test the web app in a browser that translates its pages (RUN=part of a test's name)
	EPKR_TRANSLATED=1 $(MAKE) test-browser

test-frozen: ## test the web app while each user's leading tab is frozen (RUN=part of a test's name)
	EPKR_FROZEN=1 $(MAKE) test-browser

test-slow: ## test the web app over a line of 400 kbit/s (RUN=part of a test's name)
	EPKR_LINE=slow $(MAKE) test-browser

screens: bin/dev web ## take the screenshots in docs/screens again
	bin/dev install --tests
	EPKR_SCREENS=$(ROOT)docs/screens bin/dev with-platform -- npm --prefix web run -s test:browser

test-faults: bin/dev web ## kill every process under load, with three hostile clients (EPKR_FAULTS_SEED=number repeats a run)
	bin/dev install
	EPKR_FAULTS=1 go test ./dev/faults -count=1 -timeout 30m -v $(if $(RUN),-run '$(RUN)')

# What people upload is read by these; each target is a fuzz test of a package.
FUZZ := ./internal/cms:FuzzDER ./internal/cms:FuzzRead ./internal/mchd:FuzzRead ./internal/pdfa/cos:FuzzReader ./internal/pdfa:FuzzCheck ./internal/signature:FuzzCheck
FUZZTIME ?= 10m

fuzz: ## feed the readers of signatures, МЧД and PDF with changed bytes, one after another (FUZZTIME=for each, FUZZ=package:target)
	for target in $(FUZZ); do go test $${target%:*} -run '^$$' -fuzz "^$${target#*:}$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 20x -parallel 1; done

test-bench: bin/dev web ## test the benchmarks, a separate module, with a few orders each
	$(MAKE) test PKG=./dev/bench/...

test-chat: bin/dev ## 50 people write 10,000 messages to one chat while their connections are cut at random
	bin/dev install
	EPKR_CHAT_LOAD=1 bin/dev with-servers -- go test ./apiserver/chats -count=1 -timeout 30m -v -run TestPagesOnCutStreams

test-grown: bin/dev ## check the plan of every query on a database with the data of years (RUN=/name of a query)
	bin/dev install
	EPKR_GROWN=1 bin/dev with-servers -- go test ./db/grown -count=1 -timeout 10m $(if $(RUN),-run '$(RUN)')

grown: ## create such a database on the server of DATABASE_URL, to examine plans (NAME=of the new database)
	go run ./dev grown $(or $(NAME),grown)

bench: bin/dev web ## compare with the floors of Temporal and Postgres, into docs/benchmarks.md (ONLY=name,name PROFILE=folder)
	bin/dev with-servers --durable -- go -C dev/bench run . -write $(ROOT)docs/benchmarks.md $(if $(ONLY),-only $(ONLY)) $(if $(PROFILE),-profile $(abspath $(PROFILE)))

bench-pairs: bin/dev web ## compare actions with another commit, in interleaved pairs (BASE=commit)
	bin/dev with-servers --durable -- go -C dev/bench run . -base $(or $(BASE),$(error BASE=commit is missing))

bench-web: bin/dev web ## measure the size of the first page and the time until pages can be used (ORDERS=number)
	bin/dev install --tests
	bin/dev with-platform -- npm --prefix web run -s bench

check: $(GOLANGCI) $(WORKFLOWCHECK) generated web ## check before a commit: generated code, format, linters, claims of the requirements
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

format: $(GOLANGCI) web/node_modules/.package-lock.json ## format the Go code, the web app's and the SQL
	$(GOLANGCI) fmt
	cd dev/bench && $(GOLANGCI) fmt
	npm --prefix web run -s format

generate: $(SQLC) ## generate the database code from db/queries
	if [ -f sqlc.yaml ]; then $(SQLC) generate; fi

# Generates again and fails if this changes a committed file.
generated: $(SQLC) web/node_modules/.package-lock.json
	if [ -f sqlc.yaml ]; then $(SQLC) diff; fi
	npm --prefix web run -s types -- --check

histories: bin/dev ## record the histories that the replay test reads
	bin/dev with-servers -- go test ./workflows -count=1 -run 'Test(Order|Registry|Goskey)Paths' -record

replay: ## replay the recorded histories on the current workflow code
	go test ./workflows -count=1 -run "Replay|ChangedRules|PersonalData"

verify-readmodel: ## compare the rows of a running platform with its workflows (REPAIR=1 rewrites them)
	@DATABASE_URL=$${DATABASE_URL:-postgres://epkr:epkr-local@127.0.0.1:$${EPKR_PORT_POSTGRES:-5433}/epkr?sslmode=disable} \
		go run ./worker verify $(if $(REPAIR),--repair)

verify-history: ## check the hash chains of all orders of a running platform
	@DATABASE_URL=$${DATABASE_URL:-postgres://epkr:epkr-local@127.0.0.1:$${EPKR_PORT_POSTGRES:-5433}/epkr?sslmode=disable} \
		go run ./worker history verify

demo: ## play orders through on a running platform
	go run ./dev/demo

picture: ## draw the diagram of imports in docs/architecture.md again
	go test ./internal/architecture -count=1 -run Picture -update

trace: ## compare docs/requirements.md with the tests, and list the rows that no test declares
	@go run ./dev/trace

build: web ## build apiserver and worker into bin/
	mkdir -p bin
	CGO_ENABLED=0 go build -o bin/ ./apiserver ./worker

clean: ## remove build results from the repository (data and caches stay)
	rm -rf bin
	find web/dist -mindepth 1 ! -name .gitignore -delete

bin/dev: FORCE
	@mkdir -p bin
	@go build -o bin/dev ./dev

# apiserver embeds the web app, so the web app is built before the Go code.
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
.PHONY: help run test test-go test-browser test-translated test-frozen test-slow screens test-faults fuzz test-grown test-chat grown bench bench-pairs bench-web verify-readmodel verify-history check lint format generate generated histories replay demo picture trace build clean web web-types web-test FORCE
endif
