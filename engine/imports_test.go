package engine_test

import (
	"context"
	"strings"
	"testing"

	"statehouse/engine"
	"statehouse/engine/exchange"
	"statehouse/engine/interp"
	"statehouse/engine/ledger"
)

// shop is a template with two machines, of which one starts the other, and an activity.
const shop = `
Resources:
  Pack:
    Type: AWS::StepFunctions::Activity
    Properties: {Name: pack}
  Function:
    Type: AWS::Lambda::Function
  Price:
    Type: AWS::Serverless::StateMachine
    Properties:
      Name: price
      Type: EXPRESS
      Definition: {StartAt: P, States: {P: {Type: Pass, Result: {total: 12.50}, End: true}}}
  Order:
    Type: AWS::Serverless::StateMachine
    Properties:
      Name: order
      AutoPublishAlias: live
      Tags: {team: shop}
      Tracing: {Enabled: true}
      EncryptionConfiguration: {Type: CUSTOMER_MANAGED_KMS_KEY, KmsKeyId: alias/shop, KmsDataKeyReusePeriodSeconds: 600}
      Definition:
        StartAt: Ask
        States:
          Ask:
            Type: Task
            Resource: arn:aws:states:::states:startExecution
            Parameters: {StateMachineArn: !Ref Price}
            ResultPath: null
            Next: Say
          Say: {Type: Pass, Result: {function: !GetAtt Function.Arn}, End: true}
`

func readShop(t *testing.T, h *house) engine.FinishImport {
	t.Helper()
	found, err := h.ReadImport([]exchange.File{{Name: "shop.yaml", Data: []byte(shop)}})
	if err != nil || len(found.Machines) != 2 {
		t.Fatalf("%+v, %v", found, err)
	}
	return engine.FinishImport{Machines: found.Machines, Activities: found.Activities}
}

func TestImportRuns(t *testing.T) {
	bubble(t, nil, func(t *testing.T, h *house) {
		f := readShop(t, h)
		f.Publish, f.Values = true, map[string]string{"Function.Arn": "arn:aws:lambda:us-east-1:1:function:f"}
		f.Machines[0].Name = "price-2" // what refers to it follows
		done, err := h.FinishImport(t.Context(), f)
		if err != nil || len(done) != 2 || done[0].Name != "price-2" || done[1].ARN != h.Names().Machine("order") {
			t.Fatalf("%+v, %v", done, err)
		}
		arn := h.start(done[1].ARN+":live", `{}`)
		x := h.wait(arn)
		if x.Status != interp.Succeeded || x.Output.JSON() != `{"function":"arn:aws:lambda:us-east-1:1:function:f"}` || x.Version != 1 {
			t.Errorf("%s %s %s", x.Status, x.Output, x.Alias)
		}
		child, _, err := h.Executions(t.Context(), ledger.ExecutionQuery{MachineARN: done[0].ARN})
		if err != nil || len(child) != 1 || child[0].Type != "EXPRESS" {
			t.Errorf("children: %+v, %v", child, err)
		}
		if a, err := h.Activity(t.Context(), h.Names().Activity("pack")); err != nil || a.Name != "pack" {
			t.Errorf("activity: %+v, %v", a, err)
		}
		m, err := h.StateMachine(t.Context(), done[1].ARN)
		tags, _ := h.TagsOf(t.Context(), done[1].ARN)
		if err != nil || m.Tracing != `{"enabled":true}` || len(tags) != 1 || tags[0] != (ledger.Tag{Key: "team", Value: "shop"}) {
			t.Errorf("settings: %+v, %v, %v", m, tags, err)
		}
	})
}

func TestImportRefuses(t *testing.T) {
	bubble(t, nil, func(t *testing.T, h *house) {
		_, err := h.ReadImport([]exchange.File{{Name: "x.json", Data: []byte("{\n  \"Resources\": {,}\n}")}})
		if f := wantCode(t, err, engine.InvalidImport); !strings.HasPrefix(f.Message, "x.json:2:17: ") {
			t.Errorf("message %q", f.Message)
		}
		f := readShop(t, h)
		_, err = h.FinishImport(t.Context(), f)
		bad := wantCode(t, err, engine.UnfilledPlaceholders)
		if len(bad.Fields) != 1 || bad.Fields[0] != (engine.FieldError{Pointer: "Order:Function.Arn", Message: "This value is needed in Say (/States/Say/Result/function)"}) {
			t.Errorf("fields %+v", bad.Fields)
		}
		f.Values = map[string]string{"Order:Function.Arn": "x"}
		h.machine("order", hello)
		_, err = h.FinishImport(t.Context(), f)
		if bad := wantCode(t, err, engine.WorkflowExists); !strings.Contains(bad.Message, "'order'") {
			t.Errorf("message %q", bad.Message)
		}
		if _, err := h.Workflow(t.Context(), "price"); err == nil {
			t.Error("half of a refused import was stored")
		}
		h.machine("price", hello) // Standard, and will not become Express
		f.Replace = true
		_, err = h.FinishImport(t.Context(), f)
		_ = wantCode(t, err, engine.WorkflowExists)
		f.Machines[0].Name = "order"
		_, err = h.FinishImport(t.Context(), f)
		_ = wantCode(t, err, engine.WorkflowExists)
		f.Machines[0].Name, f.Machines[0].Definition, f.Publish = "fresh", broken, true
		_, err = h.FinishImport(t.Context(), f)
		if bad := wantCode(t, err, "InvalidDefinition"); !strings.HasPrefix(bad.Message, "fresh: ") {
			t.Errorf("message %q", bad.Message)
		}
	})
}

// A draft keeps its type until it is published, and a replaced workflow its input.
func TestImportAsDrafts(t *testing.T) {
	bubble(t, nil, func(t *testing.T, h *house) {
		f := readShop(t, h)
		f.Values = map[string]string{"Function.Arn": "one"}
		if _, err := h.FinishImport(t.Context(), f); err != nil {
			t.Fatal(err)
		}
		if _, _, err := h.SaveDraft(t.Context(), "price", f.Machines[0].Definition, `{"n":1}`, 1); err != nil {
			t.Fatal(err)
		}
		if m, err := h.Publish(t.Context(), "price"); err != nil || m.Type != engine.Express {
			t.Errorf("published %s, %v", m.Type, err)
		}
		f.Replace, f.Values = true, map[string]string{"Function.Arn": "two"}
		done, err := h.FinishImport(t.Context(), f)
		if err != nil || !done[0].Replaced || done[0].ARN != "" {
			t.Fatalf("%+v, %v", done, err)
		}
		d, err := h.Draft(t.Context(), "price")
		if err != nil || d.Input != `{"n":1}` || d.Revision != 3 {
			t.Errorf("draft %+v, %v", d, err)
		}
		d, err = h.Draft(t.Context(), "order")
		if err != nil || !strings.Contains(d.Text, `"function": "two"`) {
			t.Errorf("draft %+v, %v", d, err)
		}
	})
}

// What is exported is imported as it was, with all its settings, on another server.
func TestExportIsImported(t *testing.T) {
	bubble(t, nil, func(t *testing.T, h *house) {
		f := readShop(t, h)
		f.Publish, f.Values = true, map[string]string{"Function.Arn": "one"}
		if _, err := h.FinishImport(t.Context(), f); err != nil {
			t.Fatal(err)
		}
		want := workflowOf(t, h, "order")
		if !strings.Contains(want, `"kmsKeyId":"alias/shop"`) {
			t.Errorf("imported without its key: %s", want)
		}
		for _, format := range []exchange.Format{exchange.CloudFormation, exchange.SAM, exchange.Terraform} {
			file, err := h.Export(t.Context(), "order", format)
			if err != nil || file.Name != "order"+format.Ending() {
				t.Fatalf("%s: %s, %v", format, file.Name, err)
			}
			if err := h.DeleteWorkflow(t.Context(), "order"); err != nil {
				t.Fatal(err)
			}
			found, err := h.ReadImport([]exchange.File{{Name: file.Name, Data: file.Data}})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := h.FinishImport(t.Context(), engine.FinishImport{Machines: found.Machines, Publish: true}); err != nil {
				t.Fatalf("%s: %v\n%s", format, err, file.Data)
			}
			if got := workflowOf(t, h, "order"); got != want {
				t.Errorf("%s:\n%s\nwant\n%s", format, got, want)
			}
		}
		_, err := h.Export(t.Context(), "order", "docx")
		_ = wantCode(t, err, "ValidationException")
		_, err = h.Export(t.Context(), "nothing", exchange.YAML)
		_ = wantCode(t, err, engine.DraftNotFound)
		if _, _, err := h.SaveDraft(t.Context(), "order", "{ not JSON", "{}", 1); err != nil {
			t.Fatal(err)
		}
		_, err = h.Export(t.Context(), "order", exchange.YAML)
		_ = wantCode(t, err, "InvalidDefinition")
		file, err := h.Export(t.Context(), "order", "")
		if err != nil || string(file.Data) != "{ not JSON\n" {
			t.Errorf("as JSON: %q, %v", file.Data, err)
		}
	})
}

// workflowOf is all that an export says about a workflow, as text.
func workflowOf(t *testing.T, h *house, name string) string {
	t.Helper()
	m, err := h.StateMachine(context.Background(), h.Names().Machine(name))
	if err != nil {
		t.Fatal(err)
	}
	tags, err := h.TagsOf(context.Background(), m.ARN)
	if err != nil {
		t.Fatal(err)
	}
	aliases, _, err := h.Aliases(context.Background(), m.ARN, ledger.Page{Limit: 10})
	if err != nil || len(aliases) != 1 || len(tags) != 1 {
		t.Fatalf("aliases %+v, tags %+v, %v", aliases, tags, err)
	}
	return strings.Join([]string{m.Type, m.Definition, m.RoleARN, m.Logging, m.Tracing, m.Encryption, tags[0].Key, tags[0].Value, aliases[0].Name}, "\n")
}
