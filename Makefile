.PHONY: help run big-map test generate format lint go web e2e clients fuzz fuzz-jsonata load bench
help: ## show every task with its sentence
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/make \1\t\2/' | expand -t 20
run: ## run the product with its embedded default on http://127.0.0.1:8080
	go run ./cmd/statehouse serve
test: ## pass all tests (what CI runs; the same as npm test)
	.ci/test
generate: ## write the committed generated code: templ components and the browser bundle
	go tool templ generate -path templates
	node web/build.mjs
format: ## let the formatters decide the layout
	gofmt -w cmd engine handlers static store templates
	go tool templ fmt templates
	npx biome check --write web e2e
lint: ## go vet and golangci-lint
	.ci/test lint
go: ## Go tests with the race detector
	.ci/test go
web: ## types, lint and unit tests of the browser code
	.ci/test web
big-map: ## a Distributed Map of 1,000,000 items, killed in the middle; prints items/s and peak memory
	go test ./e2e -run TestEachItemHasOneResult -items 1000000 -v -count 1 -timeout 20m

e2e: ## the story in a real browser against the built binary
	.ci/test e2e
clients: ## the AWS API walked by the aws CLI, boto3 and the SDKs for Go and JavaScript
	.ci/test clients
fuzz: ## each fuzz target for FUZZTIME, five minutes unless told (CI: a minute for each language)
	FUZZTIME=$${FUZZTIME:-5m} .ci/test fuzz
fuzz-jsonata: ## minutes of random JSONata expressions beside jsonata-js, another seed each time
	ORACLE="-cases 200000 -seed 0" .ci/test oracle
load: ## StartExecution over HTTP at 1, 50 and 500 clients, as ratios over bare commits in the same run
	go test -run '^$$' -bench StartExecution -benchtime 20000x ./handlers
bench: ## benchmarks, printed as ratios over the floor of the same run
	go test -run '^$$' -bench 'Throughput|Latency|Bytes|Waiting|Floor|Express' -benchtime 10000x ./engine ./store/...
	go test -run '^$$' -bench DistributedMap -benchtime 1x ./engine
	go test -run '^$$' -bench . -benchtime 1s ./engine/asl ./engine/items ./engine/payload ./engine/interp
	go run -C engine/jsonata/testdata/bench .
	npx vitest bench --run --root web
