# occbench: `make` lists the targets.

GO      ?= go
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
# The linker alone differs between build and test, so both share one compile cache.
LDFLAGS := -s -w -X main.version=$(VERSION)

# Compiling takes as long as the tests. The compiler spends an eighth of its time on
# collecting garbage that a machine has room for, and a tenth on debugging tables that
# the linker drops. The tests themselves collect as they do for users.
export GOFLAGS := $(GOFLAGS) -gcflags=all=-dwarf=false
COMPILE = GOGC=400
TESTED  = -exec 'env -u GOGC'

# Linking k6 takes minutes from a cold cache; these packages are the ones that do.
K6_PKGS   = $(shell $(GO) list -test -f '{{if not .ForTest}}{{$$p := .ImportPath}}{{range .Deps}}{{if eq . "go.k6.io/k6/v2/js/modules"}}{{$$p}}{{end}}{{end}}{{end}}' ./... | sed 's/\.test$$//' | sort -u)
FAST_PKGS = $(filter-out $(K6_PKGS),$(shell $(GO) list ./...))

# The packages in which things happen at once; the others are arithmetic. Those in
# RACED leave nothing out of a short test, and are not run again without the race
# detector. What takes longest comes first, or it runs alone in the end.
RACED     = $(addprefix ./,seed $(addprefix internal/,probe release/... auth cloudwatch doctor history k6run live operator client watch bundle))
RACE_PKGS = ./internal/probe ./reference-server/... ./internal/pipeline $(RACED)
REST_PKGS = $(filter-out $(shell $(GO) list $(RACED)),$(shell $(GO) list ./...))

# SQLite is C translated to Go. Its memory lies outside of Go's heap, where the race
# detector sees nothing, so that watching it costs a third of the time and finds nothing.
# Its driver and our store are watched. No package with generic code may be named here:
# the linker keeps one copy of an instance, and an unwatched one brings false reports.
RACE      = -race -gcflags='modernc.org/sqlite/lib=-race=false -dwarf=false'

.DEFAULT_GOAL := help
.PHONY: help build demo test test-fast test-setup bench bench-peers fuzz-check lint clean xk6

help: ## list the targets
	@awk -F':.*## ' '/^[a-z0-9-]+:.*## /{printf "  %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## build/occbench, with k6 and the extension inside
	$(COMPILE) $(GO) build -ldflags '$(LDFLAGS)' -o build/occbench ./cmd/occbench

demo: build ## the main job on the bundled server; prints the verdict
	build/occbench validate --duration 30s

# lint vets everything; go test would read all of k6 anew for its part of vet, twice.
test: test-setup ## all tests; installs what they need where it may
	$(COMPILE) $(GO) test $(TESTED) -vet=off $(RACE) -short -p 3 -timeout 20m $(RACE_PKGS)
	$(COMPILE) $(GO) test $(TESTED) -vet=off -p 3 -timeout 25m $(REST_PKGS)

# Most of these wait for a server of their own, so more of them go at a time. What has not
# changed is not played again, as -exec would have it.
test-fast: ## the tests of the packages without k6
	$(GO) test -short -p 4 $(FAST_PKGS)

test-setup: ## install the servers that tests run against, through apt
	@tools/test-setup.sh

bench: build ## every figure of docs/benchmarks.md
	$(GO) test -run '^$$' -bench . -benchmem ./...

bench-peers: build ## the turn by occbench, plain k6, a Go loop, wrk and vegeta in turn, and by pgbench
	tools/peers.sh

fuzz-check: ## the checker against porcupine, an oracle and the simulator, and the simulations of clocks and bounds, the long way
	OCCBENCH_FUZZ_CHECK=1000000 $(GO) test -timeout 6h -run 'Porcupine|Exhaustive|Sampled|Servers|Opaque|Offsets|Anytime|Bursts|Independent|OneEvent' \
		./internal/check/... ./internal/clocks ./internal/stats

lint: ## gofmt, vet, shell syntax
	@test -z "$$(git ls-files -co --exclude-standard '*.go' | xargs gofmt -l | tee /dev/stderr)"
	$(COMPILE) $(GO) vet ./...
	@for f in .ci/run tools/*.sh ci/*.sh scripts/*.sh; do bash -n $$f || exit 1; done

xk6: ## build/k6: a stock k6 with the extension, built by xk6
	mkdir -p bin build
	cd tools && $(GO) build -o ../bin/xk6 go.k6.io/xk6/cmd/xk6
	bin/xk6 build v2.2.0 --with github.com/occbench/occbench=. -o build/k6

clean: ## remove what make made
	rm -rf build bin

.PHONY: vuln licences dist samples

samples: build ## the sample reports in docs/samples
	tools/samples.sh

vuln: ## known vulnerabilities of what is linked in; asks vuln.go.dev
	$(GO) build -C tools -o ../bin/govulncheck golang.org/x/vuln/cmd/govulncheck
	bin/govulncheck ./...

licences: ## build/licences.csv: every linked module and its licence
	mkdir -p build
	$(GO) build -C tools -o ../bin/go-licenses github.com/google/go-licenses/v2
	bin/go-licenses report ./cmd/occbench >build/licences.csv

dist: ## the packages of a release in dist/; needs goreleaser and syft on the PATH
	goreleaser release --snapshot --clean

.PHONY: conformance conformance-table conformance-power

CONFORMANCE = $(COMPILE) $(GO) test $(TESTED) -vet=off -count=1 -timeout 50m -v ./internal/conformance

conformance: build ## run against servers of other people; installs them from package registries
	OCCBENCH_CONFORMANCE=run $(CONFORMANCE) -run 'Servers|Table|APIFiles'

conformance-table: build ## the same, and write the table of docs/conformance.md
	OCCBENCH_CONFORMANCE=run $(CONFORMANCE) -run Servers -update

conformance-power: build ## how often the bugs that need a race are found in 20 runs each
	OCCBENCH_CONFORMANCE=power $(GO) test -count=1 -timeout 4h -v ./internal/conformance -run Power
