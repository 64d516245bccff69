package main

import (
	"fmt"
	"strings"

	"statehouse/engine"
	"statehouse/engine/throttle"
	"statehouse/handlers/awsapi"
)

// quotas holds the settings of how much there may be, and how fast it may come.
type quotas struct {
	Quota    map[string]int `placeholder:"NAME=N" help:"Quota other than AWS's: machines, activities, open-executions, open-map-runs, versions, aliases, tags or activity-pollers."`
	Throttle []string       `placeholder:"RATE" help:"Throttle calls of the API: aws for AWS's table, or ACTION=BUCKET/REFILL (calls at once, calls a second). The last one counts. StateTransition holds Standard executions back."`
}

// quotas are those that the flags say.
func (q *quotas) quotas() (engine.Quotas, error) {
	var all engine.Quotas
	fields := map[string]*int{
		"machines": &all.Machines, "activities": &all.Activities, "open-executions": &all.OpenExecutions,
		"open-map-runs": &all.OpenMapRuns, "versions": &all.Versions, "aliases": &all.Aliases, "tags": &all.Tags,
		"activity-pollers": &all.ActivityPollers,
	}
	for name, n := range q.Quota {
		field := fields[name]
		switch {
		case field == nil:
			return engine.Quotas{}, fmt.Errorf("--quota: there is no quota %q; statehouse serve --help lists them", name)
		case n < 1:
			return engine.Quotas{}, fmt.Errorf("--quota %s=%d: it must be at least 1", name, n)
		}
		*field = n
	}
	return all, nil
}

// throttle has the buckets that the flags say: none by default.
func (q *quotas) throttle() (*throttle.Throttle, error) {
	rates := map[string]throttle.Rate{}
	for _, text := range q.Throttle {
		if text == "aws" {
			rates = throttle.AWS()
			continue
		}
		action, text, ok := strings.Cut(text, "=")
		if !ok {
			return nil, fmt.Errorf("--throttle is aws or ACTION=BUCKET/REFILL, such as StartExecution=1300/300, not %q", action)
		}
		rate, err := throttle.ParseRate(text)
		if err != nil {
			return nil, fmt.Errorf("--throttle %s: %w", action, err)
		}
		rates[action] = rate
	}
	actions := awsapi.Actions()
	if _, ok := rates[throttle.StateTransition]; ok {
		actions = append(actions, throttle.StateTransition)
	}
	t, err := throttle.New(actions, throttle.Config{Rates: rates})
	if err != nil {
		return nil, fmt.Errorf("--throttle: %w", err)
	}
	return t, nil
}
