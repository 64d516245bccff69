package asl

import (
	"fmt"
	"strconv"
	"strings"

	"statehouse/engine/value"
)

// Inner is the definition of a block as a machine of its own: what the children of a
// Distributed Map run, and what DescribeStateMachineForExecution shows of them.
func (m *Machine) Inner(p Path) (string, error) {
	v, err := value.Parse(m.Source)
	if err != nil {
		return "", fmt.Errorf("read the definition: %w", err)
	}
	for key := range strings.SplitSeq(strings.TrimPrefix(string(p), "/"), "/") {
		if i, err := strconv.Atoi(key); err == nil && v.Kind() == value.KindArray {
			v = v.At(i)
		} else {
			v = v.Get(unescape(key))
		}
	}
	if v.Kind() != value.KindObject {
		return "", fmt.Errorf("the definition has no block %s", p)
	}
	v = v.Without("ProcessorConfig")
	if m.Language == JSONata {
		v = v.With("QueryLanguage", value.String(m.Language.String()))
	}
	return v.JSON(), nil
}
