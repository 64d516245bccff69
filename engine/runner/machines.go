package runner

import (
	"errors"
	"sync"

	"statehouse/engine/asl"
)

// machines keeps parsed definitions. The text itself is the key: equal texts share one
// machine, and executions of it share the text.
type machines struct {
	mu     sync.RWMutex
	byText map[string]*asl.Machine
}

// maxMachines bounds the memory; beyond it some definition is parsed again now and then.
const maxMachines = 512

func newMachines() *machines { return &machines{byText: map[string]*asl.Machine{}} }

func (c *machines) get(text string) (*asl.Machine, error) {
	c.mu.RLock()
	m := c.byText[text]
	c.mu.RUnlock()
	if m != nil {
		return m, nil
	}
	m, diagnostics := asl.Parse(text)
	if m == nil {
		return nil, errors.New(asl.MessageOf(diagnostics))
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.byText) >= maxMachines {
		for other := range c.byText {
			delete(c.byText, other)
			break
		}
	}
	c.byText[text] = m
	return m, nil
}
