package shape

import (
	"archive/zip"
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
)

//go:embed services.zip
var packed []byte

// Operation is what one operation of a service answers.
type Operation struct {
	service *service
	output  int // place in service.Shapes, negative: nothing
}

// Of finds an operation, by the names that resource ARNs use: "dynamodb" and "putItem",
// "sfn" and "startExecution". Services are also known by the names that botocore gives
// them ("stepfunctions"). It is nil when the table does not have the operation.
func Of(serviceName, operation string) *Operation {
	file, ok := names()[strings.ToLower(serviceName)]
	if !ok {
		return nil
	}
	s := load(file)
	output, ok := s.Operations[strings.ToLower(operation)]
	if !ok {
		return nil
	}
	return &Operation{service: s, output: output}
}

// service is one file of the archive, as generate.go wrote it.
type service struct {
	Operations map[string]int `json:"o"`
	Shapes     []node         `json:"s"`
}

// node is a shape. Without a Type it is a structure.
type node struct {
	Type     string         `json:"t"`
	Members  map[string]int `json:"m"`
	Required []string       `json:"r"`
	Of       int            `json:"o"` // of a list's elements or a map's values
	Enum     []string       `json:"e"`
	Min      *float64       `json:"a"`
	Max      *float64       `json:"z"`
}

// archive is opened once, when somebody asks for the first service.
var archive = sync.OnceValue(func() *zip.Reader {
	r, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		panic(fmt.Sprintf("unreachable: services.zip is part of the program: %v", err))
	}
	return r
})

var names = sync.OnceValue(func() map[string]string {
	var m map[string]string
	unpack("names", &m)
	return m
})

var loaded sync.Map // file name → func() *service

func load(file string) *service {
	once, ok := loaded.Load(file)
	if !ok {
		once, _ = loaded.LoadOrStore(file, sync.OnceValue(func() *service {
			s := &service{}
			unpack(file, s)
			return s
		}))
	}
	return once.(func() *service)()
}

// unpack reads a file of the archive, which is part of the program and so never broken.
func unpack(file string, into any) {
	f, err := archive().Open(file)
	if err == nil {
		err = json.NewDecoder(f).Decode(into)
	}
	if err != nil {
		panic(fmt.Sprintf("unreachable: services.zip: %v", err))
	}
}
