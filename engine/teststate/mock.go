package teststate

import (
	"statehouse/engine/asl"
	"statehouse/engine/interp"
	"statehouse/engine/task"
	"statehouse/engine/value"
)

// checkMock makes the answer that the mock gives.
func (t *Test) checkMock() *Refused {
	m := t.request.Mock
	switch {
	case m == nil:
		return nil
	case t.request.Reveal:
		return refused("revealSecrets", "RevealSecrets cannot be set when a mock is specified")
	case m.Result != nil && m.ErrorOutput != nil:
		return refused("mock", "A test mock should have only one of the following fields: [result, errorOutput].")
	case m.Result == nil && m.ErrorOutput == nil:
		return refused("mock", "A test mock should have one of the following fields: [result, errorOutput].")
	case m.ErrorOutput != nil:
		if m.ErrorOutput.Error == "" {
			return refused("mock", "A mocked errorOutput must have an error.")
		}
		t.answer = &interp.Answer{Error: m.ErrorOutput.Error, Cause: m.ErrorOutput.Cause}
	default:
		result, err := value.Parse(*m.Result)
		if err != nil {
			return refused("mock", "Mocked result must be valid JSON")
		}
		if bad := t.checkResult(result); bad != nil {
			return bad
		}
		t.answer = &interp.Answer{Output: result}
	}
	t.trial.Answer = *t.answer
	return nil
}

// checkResult holds a mocked result against what the state could come to.
func (t *Test) checkResult(v value.Value) *Refused {
	s := t.state
	switch s.Type {
	case asl.Parallel:
		if v.Kind() != value.KindArray {
			return refused("mock", "Mocked result must be an array.")
		}
		if v.Len() != len(s.Branches) {
			return refused("mock", "Mocked result must contain the same number of items as number of Parallel branches.")
		}
	case asl.Map:
		if s.ResultWriter.Get("Resource").IsAbsent() {
			if v.Kind() != value.KindArray {
				return refused("mock", "Mocked result must be an array.")
			}
		} else if v.Kind() != value.KindObject {
			return refused("mock", "Mocked result must be a JSON object.")
		}
	case asl.Task:
		return t.checkResponse(v)
	case asl.Pass, asl.Choice, asl.Wait, asl.Succeed, asl.Fail:
	}
	return nil
}

// checkResponse holds a mocked result against what the service answers.
func (t *Test) checkResponse(v value.Value) *Refused {
	if t.request.Mock.Mode == None {
		return nil
	}
	operation, free := responseOf(task.ParseResource(t.state.Resource))
	if operation == nil {
		return nil
	}
	if v.Kind() != value.KindObject {
		return refused("mock", "Mocked result must be a JSON object.")
	}
	if err := operation.Check(v, t.request.Mock.Mode != Present, free...); err != nil {
		return refused("mock", "Mock result schema validation error: %s", err)
	}
	return nil
}
