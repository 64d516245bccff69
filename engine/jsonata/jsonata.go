package jsonata

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"statehouse/engine/value"
)

// Expr is a compiled expression. It does not change and may be evaluated by many goroutines.
type Expr struct {
	source    string
	root      *node
	aws       bool
	usesRoot  bool
	mentioned []mention
	outside   []string
	states    []string
}

// mention is a variable that the expression reads somewhere.
type mention struct {
	name string
	id   name
}

// Compile reads an expression of Step Functions, without the {% %} around it. Every error is
// an *Error.
func Compile(text string) (*Expr, error) { return compile(text, true) }

// CompileStandard reads an expression of JSONata as jsonata-js has it: with $eval, without
// AWS's functions.
func CompileStandard(text string) (*Expr, error) { return compile(text, false) }

func compile(text string, aws bool) (*Expr, error) {
	n, err := parse(text)
	if err == nil {
		n, err = resolve(n)
	}
	if err != nil {
		return nil, err.finish()
	}
	e := &Expr{source: text, root: n, aws: aws}
	prepare(e)
	return e, nil
}

// Source is the text of the expression.
func (e *Expr) Source() string { return e.source }

// Variables are the names, without $, of variables that must come from outside: the expression
// reads them before it binds them, and they are no built-in functions. Sorted; "states" is one.
func (e *Expr) Variables() []string { return slices.Clone(e.outside) }

// StatesPaths are the members of $states that the expression reads: "input", "result",
// "errorOutput", "context" or whatever else is written after "$states."; "" stands for $states
// as a whole. Sorted.
func (e *Expr) StatesPaths() []string { return slices.Clone(e.states) }

func (e *Expr) library() map[string]*native {
	if e.aws {
		return awsLibrary
	}
	return standardLibrary
}

// Input is what an evaluation works with. It comes from outside, so that the same input gives
// the same answer.
type Input struct {
	Data     value.Value            // $ and $$; Step Functions gives none
	Bindings map[string]value.Value // variables by name without $, "states" among them
	Random   func() uint64          // 64 random bits for $random and $shuffle; nil counts up from a constant
	UUID     func() string          // nil makes one of Random
	Now      time.Time              // of $now and $millis
	Budget   Budget
	Work     *int64 // grows by what the evaluation did, in steps of its budget; nil: nobody asks
}

// ErrUnsupportedResult says that the result is or contains a function, which no JSON can show.
var ErrUnsupportedResult = errors.New("the result is of an unsupported type")

// Eval evaluates the expression. Absent is jsonata-js's undefined. An error is an *Error or
// ErrUnsupportedResult.
func (e *Expr) Eval(ctx context.Context, in Input) (result value.Value, err error) {
	defer func() {
		if p := recover(); p != nil {
			result, err = value.Value{}, &Error{Message: fmt.Sprint("internal error: ", p)}
		}
	}()
	ev := newEvaluation(ctx, e, &in)
	out, err := ev.run()
	if err == nil {
		result, err = ev.result(out)
	}
	if in.Work != nil {
		*in.Work += ev.steps + ev.bytes/bytesPerStep
	}
	ev.release()
	if e, ok := errors.AsType[*Error](err); ok {
		err = e.finish()
	}
	return result, err
}
