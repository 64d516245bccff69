package interp

import (
	"time"

	"statehouse/engine/asl"
	"statehouse/engine/value"
)

// timeLayout is how the context object writes times: trailing zeros are dropped.
const timeLayout = "2006-01-02T15:04:05.999Z07:00"

// context is the context object, $$.
func (e *env) context() value.Value {
	if e.ctx != nil {
		return *e.ctx
	}
	if t := e.st.x.trial; t != nil && !t.Context.IsAbsent() {
		v := t.Context
		if it := e.currentItem(); it != nil {
			v = v.With("Map", value.Object(member("Item", it.context())))
		}
		e.ctx = &v
		return v
	}
	b := &e.st.x.Begin
	obj := []value.Member{
		member("Execution", e.executionContext()),
		member("StateMachine", value.Object(
			member("Id", value.String(b.MachineARN)),
			member("Name", value.String(b.MachineName)),
		)),
		member("State", e.stateContext()),
	}
	if it := e.currentItem(); it != nil {
		obj = append(obj, member("Map", value.Object(member("Item", it.context()))))
	}
	// Whoever has the token may answer. People answer human tasks by name, so theirs stays here.
	if e.s.Type == asl.Task && e.sc.Wait != 0 && kindOf(e.s.Resource).service != "human" {
		obj = append(obj, member("Task", value.Object(member("Token", value.String(e.st.taskToken(e.sc.Wait))))))
	}
	v := value.Object(obj...)
	e.ctx = &v
	return v
}

// executionContext is $$.Execution. AWS leaves RedriveCount out where nothing can be redriven.
func (e *env) executionContext() value.Value {
	b := &e.st.x.Begin
	m := []value.Member{
		member("Id", value.String(b.ExecutionARN)),
		member("Input", e.st.x.Input()),
		member("StartTime", clock(b.Started)),
		member("Name", value.String(b.ExecutionName)),
		member("RoleArn", value.String(b.RoleARN)),
	}
	if e.st.x.trial == nil && !b.Sync {
		m = append(m, member("RedriveCount", value.Int(int64(e.st.x.Redrives))))
	}
	if at := e.st.x.Redriven; !at.IsZero() {
		m = append(m, member("RedriveTime", clock(at)))
	}
	return value.Object(m...)
}

// stateContext is $$.State. Only states that can be retried count retries.
func (e *env) stateContext() value.Value {
	m := []value.Member{member("Name", value.String(e.sc.State)), member("EnteredTime", clock(e.sc.EnteredAt))}
	if e.s.Type.Works() {
		m = append(m, member("RetryCount", value.Int(int64(e.sc.Retries))))
	}
	return value.Object(m...)
}

// currentItem is the item that $$.Map.Item shows: the one whose input is being made, or
// that of the innermost iteration around the state.
func (e *env) currentItem() *mapItem {
	if e.item != nil {
		return e.item
	}
	for sc := e.sc; sc != nil; sc = e.st.x.Scopes[sc.Parent] {
		if sc.Kind == Iteration {
			it := e.st.mapItem(e.st.x.Scopes[sc.Parent], sc.Index)
			return &it
		}
	}
	return nil
}

// mapItem is one item of a Map.
type mapItem struct {
	index  int
	key    string // of an object's member
	keyed  bool
	value  value.Value
	source string // of a Distributed Map: where the item was read
}

// mapItem is item i of the Map that a scope has in flight.
func (st *step) mapItem(sc *Scope, i int) mapItem {
	items := st.x.Scopes[sc.Fan.Hold].Items
	if items.Kind() == value.KindObject {
		m := items.Members()[i]
		return mapItem{index: i, key: m.Key, keyed: true, value: m.Value}
	}
	return mapItem{index: i, value: items.At(i)}
}

// input is the input of the iteration when there is no ItemSelector.
func (it mapItem) input() value.Value {
	if it.keyed {
		return value.Object(member("Key", value.String(it.key)), member("Value", it.value))
	}
	return it.value
}

// context is $$.Map.Item.
func (it mapItem) context() value.Value {
	m := []value.Member{member("Index", value.Int(int64(it.index)))}
	if it.keyed {
		m = append(m, member("Key", value.String(it.key)))
	}
	m = append(m, member("Value", it.value))
	if it.source != "" {
		m = append(m, member("Source", value.String(it.source)))
	}
	return value.Object(m...)
}

func member(key string, v value.Value) value.Member { return value.Member{Key: key, Value: v} }

func clock(t time.Time) value.Value { return value.String(t.UTC().Format(timeLayout)) }
