// Package oracle compares our JSONata with jsonata-js 2.0.6 on expressions that nobody wrote:
// a seeded generator makes them from the grammar, Node answers them in one batch, and every
// result, error code and position must be the same.
//
// The comparison needs Node and the modules of package.json, so it hides behind the build tag
// "oracle" rather than pass where they are missing. It runs as a step of .ci/test, which sees to
// both, and longer as make fuzz-jsonata:
//
//	go test -tags oracle ./engine/jsonata/oracle -cases 20000 -seed 7
package oracle
