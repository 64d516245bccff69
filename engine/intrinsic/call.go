// Package intrinsic evaluates the functions that payload templates may call: States.Format,
// States.UUID and their sixteen siblings, with the surprises that AWS's have.
package intrinsic

import (
	"statehouse/engine/jsonpath"
	"statehouse/engine/value"
)

// Env is the world that a call can see.
type Env interface {
	// Path reads a path from the document of its root. found is false when a definite path
	// leads nowhere; err is for everything else, such as an unknown variable.
	Path(p *jsonpath.Path) (v value.Value, found bool, err error)
	// UUID and Random derive from the seed of the execution, so that a replay gives the same.
	UUID() string
	Random() uint64
}

// Failure is a call that cannot be answered: States.IntrinsicFailure with its cause.
type Failure struct{ Cause string }

func (e *Failure) Error() string { return e.Cause }

// PathMissing is a path that leads nowhere. Field is the field of the template that asked,
// such as "value.$"; it is empty when a call is evaluated on its own. Call is the innermost call
// that the path is an argument of, nil when it is none.
type PathMissing struct {
	Path  *jsonpath.Path
	Field string
	Call  *Call
}

func (e *PathMissing) Error() string {
	return "The JSONPath '" + e.Path.String() + "' specified for the field '" + e.Field + "' could not be found"
}

// Call is a parsed call. It is immutable.
type Call struct {
	text     string
	name     string
	function *function
	args     []argument
	format   *format // of States.Format with a literal template
}

// argument is one of a literal, a path and a call.
type argument struct {
	literal value.Value
	path    *jsonpath.Path
	call    *Call
}

// Name is the function's, such as "States.Format".
func (c *Call) Name() string { return "States." + c.name }

// String is the call as it was written.
func (c *Call) String() string { return c.text }

// Paths are the paths that the call reads, in their order.
func (c *Call) Paths() []*jsonpath.Path {
	var paths []*jsonpath.Path
	for _, a := range c.args {
		switch {
		case a.path != nil:
			paths = append(paths, a.path)
		case a.call != nil:
			paths = append(paths, a.call.Paths()...)
		}
	}
	return paths
}

// Eval answers the call. Errors are *Failure, *PathMissing and what env.Path returned.
func (c *Call) Eval(env Env) (value.Value, error) {
	args := make([]value.Value, len(c.args))
	for i := range c.args {
		v, err := c.args[i].eval(env)
		if missing, ok := err.(*PathMissing); ok && missing.Call == nil { //nolint:errorlint // made here, never wrapped
			missing.Call = c
		}
		if err != nil {
			return value.Value{}, err
		}
		args[i] = v
	}
	if problem := c.function.check(args); problem != "" {
		return value.Value{}, c.failure(problem)
	}
	v, problem := c.function.answer(c, env, args)
	if problem != "" {
		return value.Value{}, c.failure(problem)
	}
	return v, nil
}

func (c *Call) failure(problem string) error {
	return &Failure{Cause: "The function '" + c.text + "' had the following error: " + problem}
}

func (a *argument) eval(env Env) (value.Value, error) {
	switch {
	case a.call != nil:
		return a.call.Eval(env)
	case a.path == nil:
		return a.literal, nil
	}
	v, found, err := env.Path(a.path)
	if err != nil {
		return value.Value{}, err
	}
	if !found {
		return value.Value{}, &PathMissing{Path: a.path}
	}
	return v, nil
}
