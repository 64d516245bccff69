// Package interp runs Amazon States Language. It owns no clock, no goroutine, no
// socket and no file: a shell hands it inputs and carries out its commands.
//
// # Rows
//
// An execution that waits is rows in a store: one small head (Exec.Head) and one row for
// each scope (Scope.Row). A step says in Output.Changed which rows it touched. So that a
// step of a wide Map stays small, everything large that does not change lies in a row of
// its own that is written once:
//
//   - the input of the execution and the constant part of the context object (Origin);
//   - while a Parallel or a Map is in flight, the input, the items and the variables of
//     its scope (Hold). The scope's own row then holds counters only;
//   - the output of a finished branch or iteration: the child's row turns into it (Done).
//
// One finished iteration of a 10,000-item Map therefore writes the head, the parent's
// counters, its own result and the next iteration: four rows, whatever the size.
package interp
