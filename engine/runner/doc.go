// Package runner is the shell that runs executions inside this process. It gives inputs
// to the interpreter, stores what comes out, and only then does what it says.
//
// # Who owns what
//
// Executions are spread over shards. One goroutine owns a shard, and it alone steps the
// shard's executions, so nothing here locks an execution. While a write of an execution
// is under way its further inputs wait; then they are stepped together and become one
// write. When a write fails the execution in memory is thrown away and read again: what is
// in memory never runs ahead of the last commit.
//
// # After the commit
//
// Jobs are handed to integrations, timers armed, callers answered and watchers told only
// after the commit. A crash in between loses nothing: jobs and timers are rows, and Run
// begins by reading them.
//
// # Waiting costs nothing
//
// An execution that waits is rows. A shard keeps the ones it used last in memory, up to a
// limit; timers are in memory only for the near future; a job that waits for a worker, a
// person or another execution has no goroutine.
package runner
