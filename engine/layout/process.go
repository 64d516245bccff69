package layout

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os/exec"
	"time"
)

// process is a running worker.
type process struct {
	cmd   *exec.Cmd
	in    io.WriteCloser
	out   *bufio.Reader
	drawn int // pictures so far
}

// start runs the command as a worker. The worker's complaints go to the log.
func start(command []string, log *slog.Logger) (*process, error) {
	cmd := exec.Command(command[0], command[1:]...) //nolint:gosec,noctx // our own binary; kill ends it
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("start worker: %w", err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start worker: %w", err)
	}
	cmd.Stderr = complaints{log}
	cmd.WaitDelay = time.Second
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start worker: %w", err)
	}
	return &process{cmd: cmd, in: in, out: bufio.NewReader(out)}, nil
}

// ask has one graph drawn. When ctx ends first, the worker is killed: it cannot be interrupted.
func (p *process) ask(ctx context.Context, dot string) (reply, error) {
	stop := context.AfterFunc(ctx, func() {
		p.cmd.Process.Kill() //nolint:errcheck // it may have ended by itself
	})
	defer stop()
	p.drawn++
	if err := writeFrame(p.in, request{DOT: dot}); err != nil {
		return reply{}, errors.Join(ctx.Err(), fmt.Errorf("ask worker: %w", err))
	}
	var a reply
	if err := readFrame(p.out, &a); err != nil {
		return reply{}, errors.Join(ctx.Err(), fmt.Errorf("ask worker: %w", err))
	}
	return a, nil
}

// end stops the worker and waits until it is gone.
func (p *process) end() {
	p.in.Close()         //nolint:errcheck // it is being killed
	p.cmd.Process.Kill() //nolint:errcheck // it may have ended by itself
	p.cmd.Wait()         //nolint:errcheck // killed, as wanted
}

// complaints writes what a worker says on its error output to the log.
type complaints struct{ log *slog.Logger }

func (c complaints) Write(b []byte) (int, error) {
	const most = 500
	c.log.Warn("graphviz worker", "output", string(b[:min(len(b), most)]))
	return len(b), nil
}
