package interp

import (
	"errors"

	"statehouse/engine/asl"
	"statehouse/engine/intrinsic"
	"statehouse/engine/jsonpath"
	"statehouse/engine/payload"
	"statehouse/engine/value"
)

// env is what templates, paths and intrinsic calls of a state can see. It is an intrinsic.Env.
type env struct {
	st  *step
	sc  *Scope
	s   *asl.State
	doc value.Value // what "$" is

	result  value.Value // $states.result, Absent where there is none
	problem value.Value // $states.errorOutput, Absent where there is none

	item *mapItem     // $$.Map.Item before the iteration exists
	ctx  *value.Value // the context object, once it was asked for
}

// at is the same surroundings with another document.
func (e *env) at(doc value.Value) *env {
	n := *e
	n.doc = doc
	return &n
}

// Path reads a path from the document that it begins at.
func (e *env) Path(p *jsonpath.Path) (value.Value, bool, error) {
	v, err := e.find(p)
	if err != nil {
		if errors.As(err, new(*jsonpath.MissingError)) {
			return value.Value{}, false, nil
		}
		return value.Value{}, false, err
	}
	return v, true, nil
}

// find is Path with the reason why a path leads nowhere.
func (e *env) find(p *jsonpath.Path) (value.Value, error) {
	switch p.Root() {
	case jsonpath.Context:
		return p.Find(e.context())
	case jsonpath.Variable:
		v, ok := e.st.variable(e.sc, p.Variable())
		if !ok {
			return value.Value{}, &jsonpath.MissingError{
				Path: p.String(), Reason: "The variable '" + p.Variable() + "' has not been assigned.",
			}
		}
		return p.Find(v)
	default:
		return p.Find(e.doc)
	}
}

// UUID is a random UUID of this execution.
func (e *env) UUID() string { return e.st.uuid(e.sc) }

// Random is a random number of this execution.
func (e *env) Random() uint64 { return e.st.draw(e.sc) }

// path reads a path that has to lead somewhere.
func (e *env) path(p *jsonpath.Path) (value.Value, *failure) {
	v, err := e.find(p)
	if err != nil {
		return value.Value{}, runtime(e.sc, "%s", err.Error())
	}
	return v, nil
}

// selected applies InputPath, OutputPath or ItemsPath: null selects an empty object.
func (e *env) selected(s *asl.Selector) (value.Value, *failure) {
	switch {
	case s == nil:
		return e.doc, nil
	case s.Null:
		return value.Object(), nil
	default:
		return e.path(s.Path)
	}
}

// fill fills a template.
func (e *env) fill(t *payload.Template) (value.Value, *failure) {
	v, err := t.Eval(e)
	if err != nil {
		return value.Value{}, e.failure(err, "")
	}
	return v, nil
}

// failure puts the errors of templates and calls into AWS's words.
func (e *env) failure(err error, field string) *failure {
	var missing *intrinsic.PathMissing
	var broken *intrinsic.Failure
	var evaluated evaluationError
	switch {
	case errors.As(err, &missing):
		if missing.Call != nil {
			return runtime(e.sc, "The function '%s' had the following error: The JsonPath argument for the field '%s' could not be found in the input '%s'",
				missing.Call, missing.Path, e.doc.JSON())
		}
		if missing.Field != "" {
			field = missing.Field
		}
		return runtime(e.sc, "The JSONPath '%s' specified for the field '%s' could not be found in the input '%s'",
			missing.Path, field, e.doc.JSON())
	case errors.As(err, &evaluated):
		return evaluated.failure
	case errors.As(err, &broken):
		return stateFailed(e.sc, errIntrinsic, "%s", broken.Cause)
	default:
		return runtime(e.sc, "%s", err.Error())
	}
}
