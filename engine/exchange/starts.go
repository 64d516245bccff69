package exchange

import "strings"

// starts notes what starts state machines in AWS and does not here: rules, schedules and
// pipes of a template.
func (t *template) starts() {
	for _, m := range t.root.get("Resources").members {
		kind, _ := m.val.get("Type").plain()
		p := m.val.get("Properties")
		var targets []*node
		switch kind {
		case "AWS::Events::Rule":
			if list := p.get("Targets"); list.is(array) {
				for _, one := range list.items {
					targets = append(targets, one.get("Arn"))
				}
			}
		case "AWS::Scheduler::Schedule":
			targets = append(targets, p.get("Target").get("Arn"))
		case "AWS::Pipes::Pipe":
			targets = append(targets, p.get("Target"))
		}
		for _, target := range targets {
			id := t.logical(target)
			if other, _ := t.root.get("Resources").get(id).get("Type").plain(); strings.HasSuffix(other, "::StateMachine") {
				t.r.started(m.at, m.key, id, t.when(kind, p))
			}
		}
	}
}

// when is how a rule, a schedule or an event of SAM says that it starts something.
func (t *template) when(kind string, p *node) string {
	for _, key := range []string{"ScheduleExpression", "Schedule"} {
		if n := p.get(key); n != nil {
			return "the schedule " + t.eval(n).guess()
		}
	}
	switch kind {
	case "Api", "HttpApi":
		method, _ := p.get("Method").plain()
		path, _ := p.get("Path").plain()
		return strings.TrimSpace("a call of its API, " + strings.ToUpper(method) + " " + path)
	case "EventBridgeRule", "CloudWatchEvent", "AWS::Events::Rule":
		return "events of a pattern"
	case "AWS::Pipes::Pipe":
		return "a pipe"
	}
	return "events of the kind " + kind
}

// started notes one of them.
func (r *reader) started(at Place, what, machine, when string) {
	r.note(at, "%s starts %s in AWS (%s): here nothing does, call StartExecution instead", what, machine, when)
}

// events notes what SAM lets start a machine.
func (t *template) events(id string, n *node) {
	for _, e := range objectOf(n).members {
		kind, _ := e.val.get("Type").plain()
		t.r.started(e.at, e.key, id, t.when(kind, e.val.get("Properties")))
	}
}

// starts notes what starts the machines of a module.
func (m *module) starts() {
	for _, address := range m.order {
		switch m.resources[address].labels[0] {
		case "aws_cloudwatch_event_target", "aws_scheduler_schedule", "aws_pipes_pipe":
			for _, b := range m.made(m.resources[address]) {
				m.startedBy(b)
			}
		}
	}
}

// startedBy notes what one of them starts, when it is a machine.
func (m *module) startedBy(b *block) {
	var target source
	when := ""
	switch b.labels[0] {
	case "aws_cloudwatch_event_target":
		target, when = b.attr("arn"), "a rule"
	case "aws_scheduler_schedule":
		if inner := m.block(b, "target"); inner != nil {
			target, when = inner.attr("arn"), "the schedule "+m.value(b.attr("schedule_expression")).guess()
		}
	case "aws_pipes_pipe":
		target, when = b.attr("target"), "a pipe"
	}
	if target.missing() {
		return
	}
	arn, ok := m.value(target).given()
	if machine, is := strings.CutPrefix(arn, m.r.known.Names.Machine("")); ok && is {
		m.r.started(b.at, m.addressOf(b), machine, when)
	}
}
