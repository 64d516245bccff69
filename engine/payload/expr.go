package payload

import (
	"strings"

	"statehouse/engine/intrinsic"
	"statehouse/engine/jsonpath"
	"statehouse/engine/value"
)

// Expr is one path or one intrinsic call: what stands behind a key that ends in ".$".
type Expr struct {
	path *jsonpath.Path
	call *intrinsic.Call
}

// ParseExpr reads a path or a call. Errors are *jsonpath.SyntaxError or *intrinsic.SyntaxError.
func ParseExpr(text string) (*Expr, error) {
	if strings.HasPrefix(text, "States.") {
		call, err := intrinsic.Parse(text)
		if err != nil {
			return nil, err
		}
		return &Expr{call: call}, nil
	}
	path, err := jsonpath.Parse(text)
	if err != nil {
		return nil, err
	}
	return &Expr{path: path}, nil
}

// Path is the path, nil for a call.
func (e *Expr) Path() *jsonpath.Path { return e.path }

// Call is the call, nil for a path.
func (e *Expr) Call() *intrinsic.Call { return e.call }

// Paths are all paths that the expression reads.
func (e *Expr) Paths() []*jsonpath.Path {
	if e.call != nil {
		return e.call.Paths()
	}
	return []*jsonpath.Path{e.path}
}

// String is the expression as it was written.
func (e *Expr) String() string {
	if e.call != nil {
		return e.call.String()
	}
	return e.path.String()
}

// Eval answers the expression. Errors are *intrinsic.Failure, *intrinsic.PathMissing and what
// env.Path returned.
func (e *Expr) Eval(env intrinsic.Env) (value.Value, error) {
	if e.call != nil {
		return e.call.Eval(env)
	}
	v, found, err := env.Path(e.path)
	if err != nil {
		return value.Value{}, err
	}
	if !found {
		return value.Value{}, &intrinsic.PathMissing{Path: e.path}
	}
	return v, nil
}
