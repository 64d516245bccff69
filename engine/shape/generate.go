//go:build ignore

// Generate makes services.zip from a botocore wheel: the newest model of each service,
// without anything that says nothing about responses.
package main

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"os"
	"slices"
	"strings"
)

// model is what is read of a service-2.json.
type model struct {
	Metadata   struct{ ServiceID string }
	Operations map[string]struct{ Output *ref }
	Shapes     map[string]struct {
		Type          string
		Members       map[string]ref
		Required      []string
		Enum          []string
		Member, Value *ref
		Min, Max      *float64
		Document      bool
		EventStream   bool
	}
}

type ref struct{ Shape string }

// node is a shape as the table has it; numbers are places in service.Shapes.
type node struct {
	Type     string         `json:"t,omitempty"`
	Members  map[string]int `json:"m,omitempty"`
	Required []string       `json:"r,omitempty"`
	Of       *int           `json:"o,omitempty"`
	Enum     []string       `json:"e,omitempty"`
	Min      *float64       `json:"a,omitempty"`
	Max      *float64       `json:"z,omitempty"`
}

type service struct {
	Operations map[string]int `json:"o"` // by the lower-case name; -1: answers nothing
	Shapes     []*node        `json:"s"`
}

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 {
		log.Fatal("usage: go run generate.go botocore-VERSION-py3-none-any.whl")
	}
	wheel, err := zip.OpenReader(os.Args[1])
	check(err)
	defer wheel.Close()

	newest := map[string]*zip.File{}
	for _, f := range wheel.File {
		p := strings.Split(f.Name, "/")
		if len(p) != 5 || p[1] != "data" || !strings.HasPrefix(p[4], "service-2.json") {
			continue
		}
		if old := newest[p[2]]; old == nil || old.Name < f.Name {
			newest[p[2]] = f
		}
	}
	out := &bytes.Buffer{}
	archive := zip.NewWriter(out)
	archive.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) {
		return flate.NewWriter(w, flate.BestCompression)
	})
	names := map[string]string{} // what a resource ARN calls a service: its file
	for _, name := range sorted(newest) {
		m := read(newest[name])
		id := strings.ToLower(strings.NewReplacer(" ", "", "-", "").Replace(m.Metadata.ServiceID))
		names[id], names[name] = name, name
		write(archive, name, compact(m))
	}
	write(archive, "names", names)
	check(archive.Close())
	check(os.WriteFile("services.zip", out.Bytes(), 0o644))
	fmt.Printf("%d services, %d bytes\n", len(newest), out.Len())
}

func read(f *zip.File) model {
	r, err := f.Open()
	check(err)
	defer r.Close()
	var in io.Reader = r
	if strings.HasSuffix(f.Name, ".gz") {
		in, err = gzip.NewReader(r)
		check(err)
	}
	var m model
	check(json.NewDecoder(in).Decode(&m))
	return m
}

// compact keeps the shapes that responses are made of.
func compact(m model) service {
	s := service{Operations: map[string]int{}}
	place := map[string]int{}
	var add func(name string) int
	add = func(name string) int {
		if i, ok := place[name]; ok {
			return i
		}
		i := len(s.Shapes)
		place[name] = i
		n := &node{}
		s.Shapes = append(s.Shapes, n)
		in := m.Shapes[name]
		n.Min, n.Max, n.Enum = in.Min, in.Max, in.Enum
		switch {
		case in.Document, in.EventStream:
			n.Type = "any"
		case in.Type == "structure":
			n.Required = in.Required
			n.Members = map[string]int{}
			for _, member := range sorted(in.Members) {
				n.Members[member] = add(in.Members[member].Shape)
			}
		case in.Type == "list":
			n.Type = "list"
			n.Of = new(add(in.Member.Shape))
		case in.Type == "map":
			n.Type = "map"
			n.Of = new(add(in.Value.Shape))
		default:
			n.Type = in.Type
		}
		return i
	}
	for _, name := range sorted(m.Operations) {
		s.Operations[strings.ToLower(name)] = -1
		if o := m.Operations[name].Output; o != nil {
			s.Operations[strings.ToLower(name)] = add(o.Shape)
		}
	}
	return s
}

func write(archive *zip.Writer, name string, v any) {
	w, err := archive.Create(name)
	check(err)
	text, err := json.Marshal(v)
	check(err)
	_, err = w.Write(text)
	check(err)
}

func sorted[V any](m map[string]V) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
