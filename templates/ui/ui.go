// Package ui holds the small parts of pages: icons, badges, times, dialogs. They take plain values, decide
// nothing and know no domain words beyond the names of states.
package ui

import (
	"context"
	"strings"
)

type spriteKey struct{}

// WithSprite tells the icons below where their sprite is.
func WithSprite(ctx context.Context, path string) context.Context {
	return context.WithValue(ctx, spriteKey{}, path)
}

func iconHref(ctx context.Context, name string) string {
	path, _ := ctx.Value(spriteKey{}).(string)
	return path + "#" + name
}

// Title is a name as people read it: AWS allows no spaces in names, so a hyphen stands for one.
func Title(name string) string {
	return strings.ReplaceAll(name, "-", " ")
}

// Badge is a state in colour, icon and word.
type Badge struct {
	Class string // "running": the part after "badge-"
	Icon  string
	Label string
}

// Chip is one filter of a list.
type Chip struct {
	Label, Href string
	Current     bool
}

// Pages are the ways on from one page of a list; empty where there is none.
type Pages struct {
	First, Next string
}

// Question is what a Confirm dialog asks.
type Question struct {
	ID, Title, Text, Action, Yes, No string
	Instead                          string // address that a script goes to instead of Action, "" for none
}
