package layout

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"first.statehouse"
	"github.com/goccy/go-graphviz"
)

// The protocol of the worker: frames of a length (four bytes, big-endian) and that much JSON.

// maxFrame is the longest frame that is read: far more than any picture.
const maxFrame = 64 << 20

type request struct {
	DOT string `json:"dot"`
}

type reply struct {
	SVG   string `json:"svg,omitempty"`
	Error string `json:"error,omitempty"`
}

func init() {
	if err := first.Restore(); err != nil {
		panic("layout: " + err.Error())
	}
}

func writeFrame(w io.Writer, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	frame := binary.BigEndian.AppendUint32(nil, uint32(len(body))) //nolint:gosec // bodies are far below 4 GiB
	_, err = w.Write(append(frame, body...))
	return err
}

func readFrame(r io.Reader, v any) error {
	var size [4]byte
	if _, err := io.ReadFull(r, size[:]); err != nil {
		return err
	}
	n := binary.BigEndian.Uint32(size[:])
	if n > maxFrame {
		return fmt.Errorf("frame of %d bytes", n)
	}
	body := make([]byte, n)
	if _, err := io.ReadFull(r, body); err != nil {
		return err
	}
	return json.Unmarshal(body, v)
}

// WorkerMain draws one graph after the other until its input ends. It is what the worker process
// does instead of everything else.
func WorkerMain(in io.Reader, out io.Writer) error {
	ctx := context.Background()
	g, err := graphviz.New(ctx)
	if err != nil {
		return fmt.Errorf("start graphviz: %w", err)
	}
	defer g.Close() //nolint:errcheck // the process ends
	r := bufio.NewReader(in)
	for {
		var q request
		err := readFrame(r, &q)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read request: %w", err)
		}
		var a reply
		if a.SVG, err = draw(ctx, g, q.DOT); err != nil {
			a = reply{Error: err.Error()}
		}
		if err := writeFrame(out, a); err != nil {
			return fmt.Errorf("write reply: %w", err)
		}
	}
}

// draw lets Graphviz lay out one graph.
func draw(ctx context.Context, g *graphviz.Graphviz, dot string) (string, error) {
	graph, err := graphviz.ParseBytes([]byte(dot))
	if err != nil {
		return "", fmt.Errorf("read graph: %w", err)
	}
	defer graph.Close() //nolint:errcheck // its memory goes with the process at the latest
	var out bytes.Buffer
	if err := g.Render(ctx, graph, graphviz.SVG, &out); err != nil {
		return "", fmt.Errorf("draw graph: %w", err)
	}
	return out.String(), nil
}
