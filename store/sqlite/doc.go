// Package sqlite keeps the ledger in one SQLite file.
//
// # One writer, many readers
//
// A synced commit costs a millisecond, whether it holds one step or a hundred. So all
// writes of all executions go to one goroutine that owns the only writing connection. It
// commits at once when it is idle; what arrives while a commit is under way goes
// together into the next one. The callers do the thinking, such as encoding events, so
// that the writer only runs prepared statements. A write that is refused (stale, closed,
// taken) is refused before it has written anything; should a statement fail all the
// same, the group is rolled back and done again with a savepoint around each write, so
// that it fails alone. Readers have connections of their own and never wait for a write.
//
// # Two rows a step
//
// A step of a task inserts one row of events and updates one row of heads. The job that
// waits to be answered lies in that row too; it gets a row of its own only when a timer,
// a person, a child or the mark of having started hangs on it, or when its token may come
// back from outside. The head says whether there are rows beside it, so that an end does
// not look for them in vain, and a group writes the tally of a machine once.
//
// # Durable means synced
//
// go-sqlite3 compiles WAL to synchronous=NORMAL, which loses acknowledged commits when
// the power goes. Open sets FULL and reads it back; it does not open a file otherwise.
// A COMMIT that failed may have taken effect. A counter that is part of every group
// tells afterwards, and callers hear what really happened.
//
// # Task tokens
//
// Jobs are found by the SHA-256 of the task token, so that looking one up takes the same
// time however much of a guess is right. The token itself lies in the job's row as well:
// after a restart an activity's worker must be handed the same token as before. It could
// only be hidden from somebody who reads the file, and the file also holds the seed that
// tokens derive from, and the payloads into which definitions write them. The row, token
// included, goes when the task is answered.
//
// # The file
//
// A new file is made under another name and renamed when it is complete: an empty or
// short statehouse.db is damage, and never mistaken for a fresh start.
package sqlite
