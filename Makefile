# What there is to do with Clew. Needed: git, Go and Node.js (versions are
# checked); the tests install PostgreSQL, Chromium and a font by themselves.

export CGO_ENABLED := 0
# Also for tests, so that both share the compiled packages.
export GOFLAGS := -trimpath $(GOFLAGS)

.DEFAULT_GOAL := build
.PHONY: build run dev release notices test check fmt bench crash soak guide lighthouse versions test-tools clean

web_sources := $(shell find web -path web/node_modules -prune -o -path web/dist -prune -o -type f -print 2>/dev/null)
version     := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)

versions:
	@scripts/check-versions

# The front end is built only when its sources changed.
web/node_modules/.stamp: web/package-lock.json
	npm --prefix web ci --no-audit --no-fund
	@touch $@

e2e/node_modules/.stamp: e2e/package-lock.json
	npm --prefix e2e ci --no-audit --no-fund
	@touch $@

web/dist/.stamp: $(web_sources) web/node_modules/.stamp
	npm --prefix web run build
	@touch web/dist/.keep $@

## build: bin/clew, one file with the front end in it
build: versions $(if $(wildcard web/package.json),web/dist/.stamp)
	go build -ldflags "-s -w -X main.version=$(version)" -o bin/clew ./cmd/clew

## run: the demo company on http://127.0.0.1:8420
run: build
	bin/clew demo $(ARGS)

## dev: the demo company and the front end's own server, which reloads
dev: build
	@trap 'kill 0' EXIT; bin/clew demo $(ARGS) & npm --prefix web run dev

## release: the program for Linux, macOS and Windows, with checksums, in dist
release: versions web/dist/.stamp
	scripts/release

## notices: the licences of everything that is built in
notices: web/node_modules/.stamp
	go run ./scripts/notices

test-tools: versions
	@scripts/install-test-tools

## test: everything, on both databases and in the browser
test: test-tools build $(if $(wildcard e2e/package.json),e2e/node_modules/.stamp)
	scripts/with-postgres scripts/test

## check: form, vet, floors, linters that are there, and the house's figures
check: versions
	@unformatted=$$(gofmt -l $$(git ls-files '*.go')); if [ -n "$$unformatted" ]; then echo "gofmt: $$unformatted"; exit 1; fi
	go vet ./...
	go test -count=1 ./internal/house
	@if command -v golangci-lint >/dev/null; then golangci-lint run; else echo "golangci-lint is not installed, left out"; fi
	@if command -v deadcode >/dev/null; then deadcode -test ./...; else echo "deadcode is not installed, left out"; fi
	@go run ./scripts/figures

## fmt: format the Go sources
fmt:
	gofmt -w $$(git ls-files '*.go')

## bench: intake per second, latencies, memory, start, on both databases;
## ARGS="-leads 1000000" for a large company (bench/README.md)
bench: test-tools build
	PGFSYNC=on scripts/with-postgres go run ./bench $(ARGS)

## crash: kill -9, disk faults and power cuts, on both databases; long
crash: test-tools build
	PGFSYNC=on scripts/with-postgres go test -tags crash -count=1 -p 1 -timeout 60m -run 'Crash' ./... $(ARGS)

## soak: everything at once for hours, on both databases; CLEW_SOAK=5m for less
soak: test-tools build
	PGFSYNC=on scripts/with-postgres go test -tags soak -count=1 -p 1 -timeout 24h -run 'Soak' ./... $(ARGS)

## guide: the guide's pictures taken anew in the demo company, and made small;
## ARGS="it-health sales-home" for some of them
guide: test-tools build e2e/node_modules/.stamp
	npm --prefix e2e run guide -- $(ARGS)
	go run ./scripts/pictures docs/guide/zh-CN/images docs/guide/en/images

e2e/lighthouse/node_modules/.stamp: e2e/lighthouse/package-lock.json
	npm --prefix e2e/lighthouse ci --no-audit --no-fund --ignore-scripts
	@touch $@

## lighthouse: log-in, the phone's home and the public form under Lighthouse, by
## itself on a quiet machine; ARGS=1 for one run of each instead of three
lighthouse: test-tools build e2e/node_modules/.stamp e2e/lighthouse/node_modules/.stamp
	node e2e/lighthouse/run.js $(ARGS)

clean:
	rm -rf bin web/dist/* web/node_modules e2e/node_modules e2e/lighthouse/node_modules
