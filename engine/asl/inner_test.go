package asl_test

import (
	"testing"

	"statehouse/engine/asl"
)

func TestInnerIsAMachineOfItsOwn(t *testing.T) {
	t.Parallel()
	text := `{"QueryLanguage":"JSONata","StartAt":"a/b","States":{"a/b":{"Type":"Parallel","End":true,"Branches":[
		{"StartAt":"M","States":{"M":{"Type":"Map","End":true,"ItemProcessor":{
			"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"I","States":{"I":{"Type":"Wait","Seconds":1.0,"End":true}}}}}}]}}}`
	m, diagnostics := asl.Parse(text)
	if m == nil {
		t.Fatal(diagnostics)
	}
	path := m.Root.States["a/b"].Branches[0].States["M"].Processor.Path
	got, err := m.Inner(path)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"StartAt":"I","States":{"I":{"Type":"Wait","Seconds":1.0,"End":true}},"QueryLanguage":"JSONata"}`
	if got != want {
		t.Errorf("Inner(%s) = %s\nwant %s", path, got, want)
	}
	if inner, diagnostics := asl.Parse(got); inner == nil {
		t.Errorf("it does not parse: %v", diagnostics)
	}
	if _, err := m.Inner("/States/gone/ItemProcessor"); err == nil {
		t.Error("a block that is not there was found")
	}
}
