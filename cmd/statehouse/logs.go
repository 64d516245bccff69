package main

import (
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"statehouse/engine"
	"statehouse/engine/logfile"
)

// logs holds the settings of what machines log of their executions.
type logs struct {
	LogDestination string   `default:"files" enum:"files,stdout,both" help:"Where executions are logged whose machines say so: log groups in files, standard output, or both."`
	LogRetention   lifetime `default:"30d" help:"How long log streams are kept, like 30d or 12h; 0: for ever."`
	LogMaxBytes    int64    `default:"10737418240" help:"When all log streams are larger than this the oldest go; 0: no limit."`
}

// lifetime is a duration that may be given in days.
type lifetime time.Duration

// UnmarshalText reads 30d, 12h, 90m or 0.
func (l *lifetime) UnmarshalText(text []byte) error {
	s := string(text)
	if days, ok := strings.CutSuffix(s, "d"); ok {
		n, err := strconv.ParseUint(days, 10, 16)
		if err != nil {
			return fmt.Errorf("%q is no number of days", s)
		}
		*l = lifetime(time.Duration(n) * 24 * time.Hour)
		return nil
	}
	d, err := time.ParseDuration(s)
	if err != nil || d < 0 {
		return fmt.Errorf("%q is no time like 30d or 12h", s)
	}
	*l = lifetime(d)
	return nil
}

func (l *logs) check() error {
	if l.LogMaxBytes < 0 {
		return fmt.Errorf("--log-max-bytes must not be less than 0, but is %d", l.LogMaxBytes)
	}
	return nil
}

// open opens the log groups, which are there to be read wherever records go.
func (l *logs) open(data string, clock func() time.Time, stdout io.Writer, log *slog.Logger) (engine.Logs, func() error, error) {
	groups, err := logfile.Open(logfile.Config{
		Dir: filepath.Join(data, "logs"), Retention: time.Duration(l.LogRetention), Bytes: l.LogMaxBytes, Clock: clock, Log: log,
	})
	if err != nil {
		return engine.Logs{}, nil, err
	}
	to := engine.Logs{Groups: groups, Files: l.LogDestination != "stdout"}
	if l.LogDestination != "files" {
		to.Out = stdout
	}
	return to, groups.Close, nil
}
