package logging

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"statehouse/engine/arn"
)

// Level says which events of an execution are logged.
type Level string

// The levels of AWS. The zero Level is Off.
const (
	All   Level = "ALL"
	Error Level = "ERROR"
	Fatal Level = "FATAL"
	Off   Level = "OFF"
)

// Config is a LoggingConfiguration that was understood. The zero one logs nothing.
type Config struct {
	Level Level
	Data  bool   // inputs, outputs, parameters and assigned variables are part of the records
	Group string // name of the log group
}

// On tells whether anything is logged.
func (c Config) On() bool { return c.Level != "" && c.Level != Off && c.Group != "" }

// errDestinations is AWS's sentence for anything but one destination.
var errDestinations = errors.New("Must specify exactly one Log Destination.") //nolint:staticcheck // AWS's words

// Parse reads a LoggingConfiguration as the API has it; "" is that of a machine without one.
// The text of the error is what AWS says after "Invalid Logging Configuration: ".
// Destinations of a configuration whose level is OFF are not looked at, as on AWS.
func Parse(text string) (Config, error) {
	if text == "" {
		return Config{}, nil
	}
	var c struct {
		Level                Level `json:"level"`
		IncludeExecutionData bool  `json:"includeExecutionData"`
		Destinations         []struct {
			Group *struct {
				ARN string `json:"logGroupArn"`
			} `json:"cloudWatchLogsLogGroup"`
		} `json:"destinations"`
	}
	if err := json.Unmarshal([]byte(text), &c); err != nil {
		return Config{}, err
	}
	switch {
	case c.Level == "" || c.Level == Off:
		return Config{}, nil
	case len(c.Destinations) != 1 || c.Destinations[0].Group == nil || c.Destinations[0].Group.ARN == "":
		return Config{}, errDestinations
	}
	group, err := groupOf(c.Destinations[0].Group.ARN)
	if err != nil {
		return Config{}, err
	}
	return Config{Level: c.Level, Data: c.IncludeExecutionData, Group: group}, nil
}

// groupOf is the name of the log group in arn:aws:logs:region:account:log-group:NAME:*.
func groupOf(text string) (string, error) {
	a, err := arn.Parse(text)
	rest, ok := strings.CutPrefix(a.Resource, "log-group:")
	if err != nil || !ok || a.Service != "logs" || a.Region == "" || a.Account == "" {
		return "", fmt.Errorf("Log Group ARN is not valid: '%s'", clip(text)) //nolint:staticcheck // shown as AWS's sentences are
	}
	name, ok := strings.CutSuffix(rest, ":*")
	if !ok {
		return "", errors.New("Log Group ARN must be provided with '*' qualifier.") //nolint:staticcheck // AWS's words
	}
	if err := CheckGroup(name); err != nil {
		return "", fmt.Errorf("Log Group ARN is not valid: '%s'", clip(text)) //nolint:staticcheck // shown as AWS's sentences are
	}
	return name, nil
}

// MaxGroup is how long the name of a log group may be, as on AWS.
const MaxGroup = 512

// CheckGroup refuses what is no name of a log group: 1 to 512 of letters, digits and . - _ / #.
func CheckGroup(name string) error {
	if name == "" || len(name) > MaxGroup {
		return fmt.Errorf("the name of a log group has 1 to %d characters", MaxGroup)
	}
	for _, r := range name {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune(".-_/#", r) {
			return fmt.Errorf("the name of a log group has no %q", r)
		}
	}
	return nil
}

func clip(s string) string {
	if r := []rune(s); len(r) > 256 {
		return string(r[:256]) + "…"
	}
	return s
}
