package pages

import (
	"strconv"
	"strings"

	"statehouse/engine/ledger"
	"statehouse/templates/ui"
)

// RunView is the form that starts an execution: of the draft, of what is published, of a version or by an alias.
type RunView struct {
	Bar         WorkflowBar
	Title       string
	Action      string
	Input, Name string
	Problem     string
	Groups      []RunGroup
	Choice      bool // there is more than one thing to run
}

// RunGroup are choices of one kind; Label is empty for those without a heading.
type RunGroup struct {
	Label   string
	Options []Option
}

// Target is what an execution is started by. The zero one is the draft.
type Target struct {
	Published bool
	Version   int64
	Alias     string
}

// TargetFrom reads what an address or a form says: "published", "version-3", "alias-live"; other words are the draft.
func TargetFrom(text string) Target {
	if text == "published" {
		return Target{Published: true}
	}
	if alias, ok := strings.CutPrefix(text, "alias-"); ok {
		return Target{Alias: alias}
	}
	if number, ok := strings.CutPrefix(text, "version-"); ok {
		if n, err := strconv.ParseInt(number, 10, 64); err == nil && n > 0 {
			return Target{Version: n}
		}
	}
	return Target{}
}

// String is what TargetFrom reads.
func (t Target) String() string {
	switch {
	case t.Alias != "":
		return "alias-" + t.Alias
	case t.Version != 0:
		return "version-" + strconv.FormatInt(t.Version, 10)
	case t.Published:
		return "published"
	}
	return ""
}

// Qualifier follows the machine's name in an ARN, "" for the machine itself.
func (t Target) Qualifier() string {
	if t.Version != 0 {
		return strconv.FormatInt(t.Version, 10)
	}
	return t.Alias
}

// NewRunView prepares the form; over the canvas (drawn) the draft may change while it is open.
func NewRunView(w ledger.Workflow, drawn bool, input string, versions []ledger.Machine, aliases []ledger.Alias, chosen Target) RunView {
	v := RunView{Bar: NewWorkflowBar(w, ""), Title: ui.Title(w.Name), Action: WorkflowHref(w.Name) + "/run", Input: input}
	option := func(t Target, label string) Option {
		return Option{Value: t.String(), Label: label, Chosen: t == chosen}
	}
	var now []Option
	switch {
	case w.Machine == nil:
		now = []Option{option(Target{}, "The draft")}
	case drawn:
		now = []Option{option(Target{}, "What is drawn here, published first if it changed"), option(Target{Published: true}, "What is published")}
	case w.Draft != nil && w.Draft.Text != w.Machine.Definition:
		now = []Option{option(Target{}, "The draft, which is published first"), option(Target{Published: true}, "What is published")}
	default:
		now = []Option{option(Target{}, "What is published")}
	}
	v.Groups = append([]RunGroup{{Options: now}}, targetGroups(versions, aliases, chosen)...)
	v.Choice = len(now) > 1 || len(v.Groups) > 1
	return v
}

// targetGroups are the aliases and versions as choices.
func targetGroups(versions []ledger.Machine, aliases []ledger.Alias, chosen Target) []RunGroup {
	var out []RunGroup
	if len(aliases) > 0 {
		g := RunGroup{Label: "Aliases"}
		for _, a := range aliases {
			t := Target{Alias: a.Name}
			g.Options = append(g.Options, Option{Value: t.String(), Label: a.Name + " – " + routeWords(a.Routes), Chosen: t == chosen})
		}
		out = append(out, g)
	}
	if len(versions) > 0 {
		g := RunGroup{Label: "Versions"}
		for _, o := range versionOptions(versions, chosenVersion(chosen)) {
			o.Value = "version-" + o.Value
			g.Options = append(g.Options, o)
		}
		out = append(out, g)
	}
	return out
}

func chosenVersion(t Target) string {
	if t.Version == 0 {
		return ""
	}
	return strconv.FormatInt(t.Version, 10)
}

// routeWords are the versions of an alias in a few words: "90% version 2, 10% version 3".
func routeWords(routes []ledger.Route) string {
	if len(routes) == 1 {
		return versionWord(routes[0].Version)
	}
	words := make([]string, len(routes))
	for i, r := range routes {
		words[i] = share100(r.Weight) + " " + versionWord(r.Version)
	}
	return strings.Join(words, ", ")
}
