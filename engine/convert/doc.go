// Package convert turns JSONPath states into JSONata states that mean the same: paths and
// payload templates become expressions, InputPath, Parameters, ResultSelector, ResultPath and
// OutputPath become Arguments and Output, rules of a Choice become Conditions. What is not
// touched keeps its text, its comments and its order.
//
// "The same" is: an execution that succeeds gives the same output and takes the same way.
// What fails in JSONPath fails here too, but with States.QueryEvaluationError and other words;
// where an expression would pass over something missing, it asserts that it is there. A state
// in which something has no counterpart stays as it was, and a note says what and why. Where
// data of an unusual kind would make a difference, the state is converted and a note says so.
package convert

// Note is something that a person should know about a conversion.
type Note struct {
	Pointer string // JSON pointer of the field in the definition that was given
	Reason  string // a sentence
	Kept    bool   // the state could not be converted and stays in JSONPath
}

// Result is a converted text. Notes are in the order of the text.
type Result struct {
	Text  string
	Notes []Note
}

// Whole reports whether nothing stayed in JSONPath.
func (r Result) Whole() bool {
	for _, n := range r.Notes {
		if n.Kept {
			return false
		}
	}
	return true
}
