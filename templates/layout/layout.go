// Package layout is the frame of every page: the head, the rail, and the bar with the page's place.
package layout

// Room is a part of the house that the rail leads to.
type Room string

// The rooms that exist.
const (
	Workflows  Room = "workflows"
	Executions Room = "executions"
	Inbox      Room = "inbox"
	Settings   Room = "settings"
)

// Frame is what a page needs besides its own view.
type Frame struct {
	Title   string // of the document; the product's name is added
	Room    Room
	Theme   string // "light", "dark", or "" to follow the system
	Open    int64  // human tasks that wait for a decision
	Sprite  string
	Favicon string
	Styles  []string // addresses of style sheets, in order
	Scripts []string // addresses of modules
	MainID  string   // "main" when empty
	Class   string   // of <main>
	Trouble []string // why the server cannot do its work at the moment, in sentences
}

func (f Frame) mainID() string {
	if f.MainID == "" {
		return "main"
	}
	return f.MainID
}

func (f Frame) documentTitle() string {
	if f.Title == "" {
		return "Statehouse"
	}
	return f.Title + " · Statehouse"
}

type railItem struct {
	room  Room
	href  string
	icon  string
	label string
}

var rail = []railItem{
	{Workflows, "/workflows", "workflow", "Workflows"},
	{Executions, "/executions", "play", "Executions"},
	{Inbox, "/inbox", "inbox", "Inbox"},
}

var settingsItem = railItem{Settings, "/settings", "settings", "Settings"}

// Place is where a page stands: its name, and the place above it.
type Place struct {
	Name         string
	Short        string // the name in a narrow window, when it is another
	Code         bool   // the name is an id, shown in the code's letters
	Parent, Back string // Back alone shows in narrow windows only
}

func (p Place) backTo() string {
	if p.Parent == "" {
		return p.Name
	}
	return p.Parent
}

// themeWord and themeIcon show the choice of theme as the switch does.
func (f Frame) themeWord() string {
	switch f.Theme {
	case "light":
		return "Light"
	case "dark":
		return "Dark"
	}
	return "Auto"
}

func (f Frame) themeIcon() string {
	switch f.Theme {
	case "light":
		return "sun"
	case "dark":
		return "moon"
	}
	return "sun-moon"
}
