package pages

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"statehouse/engine/access"
	"statehouse/engine/ledger"
	"statehouse/templates/ui"
)

// AccessKeysView is the list of the keys that programs sign their calls with.
type AccessKeysView struct {
	Verified string // where signatures are verified, in a sentence; "" nowhere
	New      *NewKeyView
	Rows     []AccessKeyRow
	Form     AccessKeyForm
}

// AccessKeyRow is one key.
type AccessKeyRow struct {
	ID, Name, Roles   string
	Created, LastUsed ui.Time
	State             ui.Badge
	Revoked           ui.Time // zero while it is good
	Good              bool
	Revoke            ui.Question
}

// NewKeyView is a key that was made just now, with its secret. It is shown this once.
type NewKeyView struct {
	ID, Name, Secret string
	Lines            string // for a shell: what every client of AWS reads
}

// AccessKeyForm makes a key.
type AccessKeyForm struct {
	Name           string
	Roles          []RoleChoice
	Problem, Field string // what is wrong, and with which field
}

// RoleChoice is a role with what it may do.
type RoleChoice struct {
	Value, Label, May string
	Chosen            bool
}

// AccessKeysHref is the address of the page.
const AccessKeysHref = "/settings/access-keys"

var roleWords = []RoleChoice{
	{Value: string(access.Viewer), Label: "Viewer", May: "sees workflows, executions and their data"},
	{Value: string(access.Approver), Label: "Approver", May: "decides human tasks, too"},
	{Value: string(access.Operator), Label: "Operator", May: "starts, stops and redrives executions, works on activities"},
	{Value: string(access.Designer), Label: "Designer", May: "writes and publishes workflows, and through them reaches networks and secrets"},
	{Value: string(access.Admin), Label: "Admin", May: "may do everything"},
}

// NewAccessKeyForm is the form with what was filled in.
func NewAccessKeyForm(name string, chosen []string) AccessKeyForm {
	f := AccessKeyForm{Name: name, Roles: slices.Clone(roleWords)}
	for i := range f.Roles {
		f.Roles[i].Chosen = slices.Contains(chosen, f.Roles[i].Value)
	}
	return f
}

// NewAccessKeysView prepares the keys for their page: good ones first.
func NewAccessKeysView(now time.Time, keys []ledger.AccessKey, verified []string) AccessKeysView {
	v := AccessKeysView{Form: NewAccessKeyForm("", []string{string(access.Operator)})}
	if len(verified) > 0 {
		v.Verified = strings.Join(verified, " and ")
	}
	for _, good := range []bool{true, false} {
		for _, k := range keys {
			if k.Good() == good {
				v.Rows = append(v.Rows, accessKeyRow(now, k))
			}
		}
	}
	return v
}

func accessKeyRow(now time.Time, k ledger.AccessKey) AccessKeyRow {
	r := AccessKeyRow{
		ID: k.ID, Name: k.Name, Created: ui.Ago(now, k.Created), LastUsed: ui.Time{Words: "never"},
		State: ui.Badge{Class: "succeeded", Icon: "check", Label: "Good"}, Good: k.Good(),
		Revoke: ui.Question{
			ID: "revoke-" + k.ID, Title: "Revoke the key of " + k.Name + "?",
			Text:   "Calls that are signed with " + k.ID + " are refused from this moment on. It cannot be taken back; a program that still needs one gets a new key.",
			Action: AccessKeysHref + "/" + url.PathEscape(k.ID) + "/revoke", Yes: "Revoke key", No: "Keep it",
		},
	}
	var names []string
	for _, w := range roleWords {
		if slices.Contains(k.Roles, access.Role(w.Value)) {
			names = append(names, w.Label)
		}
	}
	r.Roles = strings.Join(names, ", ")
	if !k.LastUsed.IsZero() {
		r.LastUsed = ui.Ago(now, k.LastUsed)
	}
	if !r.Good {
		r.State, r.Revoked = ui.Badge{Class: "cancelled", Icon: "ban", Label: "Revoked"}, ui.Ago(now, k.Revoked)
	}
	return r
}
