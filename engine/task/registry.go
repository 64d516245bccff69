package task

import (
	"slices"
	"strings"
)

// Registry knows the integrations. It is filled before the engine starts and only read
// afterwards.
type Registry struct {
	byName map[string]entry
}

type entry struct {
	patterns    []string
	integration Integration
}

// NewRegistry is empty.
func NewRegistry() *Registry { return &Registry{byName: map[string]entry{}} }

// Register adds the integration of service:action for the patterns given
// (RequestResponse is the empty string). A later registration replaces an earlier one.
func (g *Registry) Register(service, action string, patterns []string, i Integration) {
	g.byName[service+":"+action] = entry{patterns: patterns, integration: i}
}

// Find tells which integration a resource means, if there is one.
func (g *Registry) Find(r Resource) (Integration, bool) {
	e, ok := g.byName[r.Service+":"+r.Action]
	if !ok || !slices.Contains(e.patterns, r.Pattern) {
		return nil, false
	}
	return e.integration, true
}

// Names lists what is registered, as the end of a resource ARN: "http:invoke".
func (g *Registry) Names() []string {
	var names []string
	for name, e := range g.byName {
		for _, p := range e.patterns {
			if p != "" {
				names = append(names, name+"."+p)
				continue
			}
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// Unknown is the reply to a resource that nobody carries out. AWS answers such a task
// with an error of the service or of IAM; here there is no service to ask, so it fails
// with States.Runtime, which no Retry or Catch for States.ALL swallows, and says what
// there is instead.
func (g *Registry) Unknown(r Resource) Reply {
	what := r.ARN
	if what == "" {
		what = "(none)"
	}
	cause := "The resource '" + what + "' cannot be run here. Known are activities and: " +
		strings.Join(g.Names(), ", ") + "."
	if r.Kind == Lambda {
		cause = "The resource '" + what + "' is a Lambda function, and no function runner is configured. " +
			"Known are activities and: " + strings.Join(g.Names(), ", ") + "."
	}
	return Fail("States.Runtime", cause)
}
