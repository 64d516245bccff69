package pages

import "statehouse/templates/ui"

// SettingsView is what this server is and how it keeps its word.
type SettingsView struct {
	Account, Region, Address, DataDir, Version string
	User                                       string
	Time                                       string // what its clock does, "" for the wall's
	Durability                                 []Fact
	Ready                                      ui.Badge
	Reasons                                    []string
	Themes                                     []Option
}

// Fact is one line of a list of facts.
type Fact struct {
	Label, Value string
	Mono         bool    // in the code's letters
	Time         ui.Time // instead of Value
}

// Themes are the choices of appearance.
func Themes(chosen string) []Option {
	return []Option{
		{Value: "", Label: "As the system", Chosen: chosen == ""},
		{Value: "light", Label: "Light", Chosen: chosen == "light"},
		{Value: "dark", Label: "Dark", Chosen: chosen == "dark"},
	}
}

// ErrorView is a page that says what went wrong and what to do.
type ErrorView struct {
	Place, Title, Text string
	Icon               string
	Href, Action       string // the way on
	ID                 string // of the request, for the log
}
