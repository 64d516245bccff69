// Package maprun runs the items of Distributed Maps as executions of their own.
//
// # Rows say everything
//
// A run is a row: what it works on, how many items were taken from the source, and how many
// children are where. Children begin in groups, and the write that stores a group moves the
// row on; the write that ends a child counts it. So the row is true at any moment, and a run
// that was cut off goes on from it: nothing is started twice, nothing is forgotten, and the
// results are read from the rows of the children. What is in memory – the reader, a batch that
// is being filled – can be made again from the row.
//
// # Who works
//
// Each open run has one goroutine. It looks at the row, does the next thing that the row asks
// for, and sleeps when only children can go on. Whoever ends a child nudges it. A source is
// read no further than children can begin; memory holds one group, whatever the number of
// items.
//
// # The end
//
// When the source is exhausted and no child runs, the results are written in the order of
// the items, the row gets its end, and the execution that waits is told. A run that exceeds
// its tolerated failures, or cannot read its source, stops its children first; so does one
// whose execution does not wait any more.
package maprun
