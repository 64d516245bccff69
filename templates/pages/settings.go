package pages

import (
	"strings"

	"statehouse/templates/ui"
)

// SettingsView is what this server is and how it keeps its word.
type SettingsView struct {
	Account, Region, Address, DataDir, Version string
	User                                       string
	Time                                       string // what its clock does, "" for the wall's
	Durability                                 []Fact
	Ready                                      ui.Badge
	Reasons                                    []string
	Themes                                     []Option
	Signatures                                 string // who may call the AWS API, in words
}

// Signatures says who may call the AWS API; verified are the addresses where signatures are
// verified.
func Signatures(verified []string) string {
	if len(verified) == 0 {
		return "Programs may call the AWS API with any key: this server answers on this machine only."
	}
	return "Programs that call the AWS API " + strings.Join(verified, " or ") + " sign with a key that was made here."
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
