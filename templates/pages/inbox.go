package pages

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"statehouse/engine"
	"statehouse/engine/asl"
	"statehouse/engine/ledger"
	"statehouse/engine/value"
	"statehouse/templates/form"
	"statehouse/templates/layout"
	"statehouse/templates/ui"
)

// InboxView is the inbox in three panes: views, list, task.
type InboxView struct {
	Views       []InboxViewLink
	Need        string // "3 need you"
	Query, View string
	Sort        ui.Chip
	Sorts       []ui.Chip
	Rows        []InboxRow
	Pages       ui.Pages
	Nothing     string // why the list is empty
	StarterHref string // where a workflow begins that asks somebody, when nobody was asked yet
	NothingText string
	Task        *TaskView // nil: none is open
	List        string    // address of the list without a task
	ListTitle   string
}

// InboxViewLink leads to one view of the inbox.
type InboxViewLink struct {
	Label, Href string
	Count       int64
	Current     bool
}

// InboxRow is one task of the list.
type InboxRow struct {
	ID, Title, Href, Fields, Workflow string
	Due                               ui.Badge
	Age                               ui.Time
	Current                           bool
}

// InboxFilter is what the inbox is asked for.
type InboxFilter struct {
	View  ledger.TaskView
	Sort  ledger.TaskSort
	Query string
	Token string
}

func (q InboxFilter) pairs() []string {
	view, sort := string(q.View), string(q.Sort)
	if q.View == ledger.OpenTasks {
		view = ""
	}
	if q.Sort == ledger.SortDue {
		sort = ""
	}
	return []string{"view", view, "q", q.Query, "sort", sort}
}

var inboxSorts = []struct {
	sort  ledger.TaskSort
	label string
}{{ledger.SortDue, "Due first"}, {ledger.SortNewest, "Newest first"}, {ledger.SortPriority, "Most urgent first"}}

// NewInboxView prepares the inbox. task is the open one, nil when none is.
func NewInboxView(now time.Time, q InboxFilter, counts ledger.TaskCounts, list []ledger.HumanTask, next string, task *TaskView) InboxView {
	v := InboxView{Query: q.Query, View: string(q.View), Task: task, List: href("/inbox", q.pairs()...), Need: need(counts.Open)}
	for _, one := range []struct {
		view  ledger.TaskView
		label string
		count int64
	}{{ledger.OpenTasks, "Needs you", counts.Open}, {ledger.OverdueTasks, "Overdue", counts.Overdue}, {ledger.DecidedTasks, "Decided", counts.Decided}} {
		to := InboxFilter{View: one.view, Sort: q.Sort, Query: q.Query}
		current := one.view == q.View
		v.Views = append(v.Views, InboxViewLink{Label: one.label, Count: one.count, Current: current, Href: href("/inbox", to.pairs()...)})
		if current {
			v.ListTitle = one.label
		}
	}
	for _, s := range inboxSorts {
		to := InboxFilter{View: q.View, Sort: s.sort, Query: q.Query}
		chip := ui.Chip{Label: s.label, Href: href("/inbox", to.pairs()...), Current: s.sort == q.Sort}
		v.Sorts = append(v.Sorts, chip)
		if chip.Current {
			v.Sort = chip
		}
	}
	for _, t := range list {
		v.Rows = append(v.Rows, inboxRow(now, q, t, task))
	}
	if q.Token != "" {
		v.Pages.First = v.List
	}
	if next != "" {
		v.Pages.Next = href("/inbox", append(q.pairs(), "page", next)...)
	}
	v.nothing(q)
	if q.View == ledger.OpenTasks && q.Query == "" && counts == (ledger.TaskCounts{}) {
		v.StarterHref = "/workflows/new?starter=approval"
	}
	return v
}

func (v *InboxView) nothing(q InboxFilter) {
	switch {
	case q.Query != "":
		v.Nothing, v.NothingText = "No task matches", "Nothing here is called “"+q.Query+"”. Try a part of the title or the workflow."
	case q.View == ledger.OverdueTasks:
		v.Nothing, v.NothingText = "Nothing is overdue", "Tasks come here when their due time has passed."
	case q.View == ledger.DecidedTasks:
		v.Nothing, v.NothingText = "Nothing decided yet", "Your decisions stay here, with who decided and when."
	default:
		v.Nothing, v.NothingText = "Nothing needs you", "When a workflow comes to a human step, its question waits here for an answer."
	}
}

func need(open int64) string {
	switch open {
	case 0:
		return ""
	case 1:
		return "1 needs you"
	}
	return strconv.FormatInt(open, 10) + " need you"
}

func inboxRow(now time.Time, q InboxFilter, t ledger.HumanTask, task *TaskView) InboxRow {
	r := InboxRow{
		ID: t.ID, Title: t.Title, Href: href(TaskHref(t.ID), q.pairs()...), Workflow: ui.Title(t.MachineName),
		Age: ui.Ago(now, t.Created), Current: task != nil && task.ID == t.ID, Due: dueOf(now, t),
	}
	if t.Closed != nil {
		r.Age = ui.Ago(now, *t.Closed)
	}
	var fields []string
	for i, s := range t.Summary {
		if i == 3 {
			break
		}
		fields = append(fields, summaryWord(s))
	}
	r.Fields = strings.Join(fields, " · ")
	return r
}

// isLong tells whether a value of a summary takes a row of its own.
func isLong(value string) bool { return utf8.RuneCountInString(value) > 40 }

// summaryWord is a summary item in a row: a bare number needs its label, "3 lines" speaks for itself.
func summaryWord(s ledger.SummaryItem) string {
	if s.Value != "" && strings.Trim(s.Value, "0123456789.,-") == "" {
		return s.Label + " " + s.Value
	}
	return s.Value
}

// dueOf is the badge of a task: its deadline while it is open, its outcome after.
func dueOf(now time.Time, t ledger.HumanTask) ui.Badge {
	switch {
	case t.Status == ledger.TaskDecided:
		return outcomeBadge(t.Outcome)
	case t.Status == ledger.TaskCancelled:
		return ui.Badge{Class: "cancelled", Icon: "ban", Label: "Withdrawn"}
	case t.Due != nil:
		return ui.Due(now, *t.Due)
	}
	return ui.Badge{}
}

func outcomeBadge(outcome string) ui.Badge {
	switch toneOf(outcome) {
	case "approve":
		return ui.Badge{Class: "succeeded", Icon: "check", Label: outcome}
	case "reject":
		return ui.Badge{Class: "failed", Icon: "x", Label: outcome}
	}
	return ui.Badge{Class: "idle", Icon: "arrow-right", Label: outcome}
}

// toneOf tells the two outcomes that have a colour from all others.
func toneOf(outcome string) string {
	switch strings.ToLower(outcome) {
	case "approve", "approved", "accept", "yes", "confirm":
		return "approve"
	case "reject", "rejected", "decline", "no", "deny":
		return "reject"
	}
	return ""
}

// TaskView is one human task: what is asked, the form, the outcomes, and where the execution stands.
type TaskView struct {
	ID, Title, Workflow, Description string // Description is safe HTML
	AskedAt                          ui.Time
	For                              string
	Due                              ui.Badge
	DueAt                            ui.Time
	Urgent                           string
	Summary                          []ledger.SummaryItem
	Form                             *form.Form
	Comment                          string
	CommentError                     string
	Outcomes                         []OutcomeView
	Action                           string
	RunHref                          string
	Path                             []PathStep
	Done                             string // "2 of 5 steps done"

	Open     bool
	Withdrew bool
	Decided  ui.Badge
	DecidedP string // who
	Closed   ui.Time
	Answers  []ledger.SummaryItem
	Problem  string // why a decision was not taken
}

// OutcomeView is one button that decides.
type OutcomeView struct {
	Name, Class, Icon string
}

// PathStep is one step of the way so far, or still ahead.
type PathStep struct {
	Name, Icon, Tone, Word string
	Later                  bool
}

// NewTaskView prepares a task. steps are what its execution has done so far; machine is its definition, nil
// when it is not known.
func NewTaskView(now time.Time, t ledger.HumanTask, steps []Step, machine *asl.Machine, runHref string) TaskView {
	v := TaskView{
		ID: t.ID, Title: t.Title, Workflow: ui.Title(t.MachineName), Description: Markdown(t.Description),
		AskedAt: ui.Ago(now, t.Created), Summary: t.Summary, Action: TaskHref(t.ID) + "/decide", RunHref: runHref,
		Due: dueOf(now, t), Open: t.Status == ledger.TaskOpen, Withdrew: t.Status == ledger.TaskCancelled,
		Form: form.New(t.Form, t.UISchema), For: people(t),
	}
	if t.Due != nil {
		v.DueAt = ui.At(now, *t.Due)
	}
	if t.Priority >= 75 {
		v.Urgent = "urgent"
	}
	for _, name := range t.Outcomes {
		v.Outcomes = append(v.Outcomes, outcomeView(name))
	}
	v.Form.Fill(t.Defaults, now.Location())
	if t.Closed != nil {
		v.Closed = ui.At(now, *t.Closed)
	}
	if t.Status == ledger.TaskDecided {
		v.Decided, v.DecidedP, v.Comment = outcomeBadge(t.Outcome), t.DecidedBy, t.Comment
		v.Answers = answers(t)
	}
	v.path(t, steps, machine)
	return v
}

// Refuse shows why a decision was not taken, at the fields where there are any.
func (v *TaskView) Refuse(fault *engine.Fault) {
	switch {
	case len(fault.Fields) > 0:
		for _, f := range fault.Fields {
			v.Form.Fail(f.Pointer, f.Message)
		}
	case fault.Field == "comment":
		v.CommentError = fault.Message
	default:
		v.Problem = fault.Message
	}
}

func outcomeView(name string) OutcomeView {
	switch toneOf(name) {
	case "approve":
		return OutcomeView{Name: name, Class: "btn-approve", Icon: "check"}
	case "reject":
		return OutcomeView{Name: name, Class: "btn-danger", Icon: "x"}
	}
	return OutcomeView{Name: name}
}

func people(t ledger.HumanTask) string {
	if t.Assignee != "" {
		return t.Assignee
	}
	return strings.Join(append(append([]string{}, t.CandidateGroups...), t.CandidateUsers...), ", ")
}

// answers is the form as it was filled in.
func answers(t ledger.HumanTask) []ledger.SummaryItem {
	labels := map[string]string{}
	for _, f := range form.New(t.Form, value.Value{}).Fields {
		labels[f.Pointer] = f.Label
	}
	var out []ledger.SummaryItem
	for _, m := range t.Data.Members() {
		label := labels["/"+strings.NewReplacer("~", "~0", "/", "~1").Replace(m.Key)]
		if label == "" {
			label = m.Key
		}
		out = append(out, ledger.SummaryItem{Label: label, Value: plain(m.Value)})
	}
	return out
}

func plain(v value.Value) string {
	switch v.Kind() {
	case value.KindString:
		return v.Text()
	case value.KindBool:
		if v.AsBool() {
			return "yes"
		}
		return "no"
	default:
		return v.JSON()
	}
}

// pathLimit is how many steps of a long way are shown: the last ones.
const pathLimit = 8

func (v *TaskView) path(t ledger.HumanTask, steps []Step, machine *asl.Machine) {
	var done int
	for _, s := range steps {
		if s.Depth > 0 && s.Name != t.StateName {
			continue // what happens inside a Parallel or Map is on the run's own page
		}
		word := stepWords[s.Status]
		p := PathStep{Name: s.Name, Icon: word.Icon, Tone: word.Class, Word: ui.Took(s.Exited.Sub(s.Entered))}
		switch {
		case s.Exited.IsZero() && s.Status == StepWaiting:
			p.Word = "now"
		case s.Exited.IsZero():
			p.Word = "in work"
		default:
			done++
		}
		v.Path = append(v.Path, p)
	}
	total := len(v.Path)
	if len(v.Path) > pathLimit {
		v.Path = v.Path[len(v.Path)-pathLimit:]
	}
	ahead, sure := ahead(machine, t.StateName)
	if !v.Open {
		ahead = nil
	}
	for i, name := range ahead {
		if i == 4 {
			break
		}
		v.Path = append(v.Path, PathStep{Name: name, Icon: "circle", Tone: "idle", Word: "", Later: true})
	}
	v.Done = ui.Count(int64(done), "step") + " done"
	if sure && v.Open && total > 0 {
		v.Done = strconv.Itoa(done) + " of " + ui.Count(int64(total+len(ahead)), "step") + " done"
	}
}

// ahead follows Next from a state as far as nothing has to be chosen. The second result says whether it came
// to the end.
func ahead(machine *asl.Machine, from string) ([]string, bool) {
	if machine == nil || machine.Root == nil {
		return nil, false
	}
	state := machine.Root.States[from]
	var out []string
	for range len(machine.Root.States) {
		if state == nil || state.Type == "Choice" {
			return out, false
		}
		if state.End || state.Next == "" {
			return out, true
		}
		out = append(out, state.Next)
		state = machine.Root.States[state.Next]
	}
	return out, false
}

// inboxPlace is the inbox itself; in a narrow window the bar shows the open task, with a way back.
func inboxPlace(v InboxView) layout.Place {
	if v.Task == nil {
		return layout.Place{Name: "Inbox"}
	}
	return layout.Place{Name: "Inbox", Short: v.Task.Title, Back: v.List}
}
