package exchange

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
	"golang.org/x/text/unicode/norm"

	"statehouse/engine/value"
)

// terraformOf is a file of Terraform with one machine. The definition stands in it as JSON,
// letter for letter: jsonencode would sort its keys and change its numbers.
func terraformOf(m Machine) ([]byte, error) {
	f := hclwrite.NewEmptyFile()
	root := f.Body()
	variable := func(name, kind, about, def string, has bool) {
		b := root.AppendNewBlock("variable", []string{name}).Body()
		b.SetAttributeRaw("type", hclwrite.TokensForIdentifier(kind))
		if about != "" {
			b.SetAttributeValue("description", cty.StringVal(about))
		}
		if has {
			b.SetAttributeValue("default", cty.StringVal(def))
		}
		root.AppendNewline()
	}
	variable("role_arn", "string", "What the state machine may do", m.Role, m.Role != "")
	names := variablesOf(m)
	for _, p := range m.Placeholders {
		kind := "string"
		if p.Kind == Number {
			kind = "any"
		}
		variable(names[p.Name], kind, p.About, p.Default, p.HasDefault)
	}
	body := root.AppendNewBlock("resource", []string{"aws_sfn_state_machine", "this"}).Body()
	body.SetAttributeValue("name", cty.StringVal(m.Name))
	body.SetAttributeValue("type", cty.StringVal(or(m.Type, "STANDARD")))
	body.SetAttributeRaw("role_arn", hclwrite.TokensForIdentifier("var.role_arn"))
	if m.Version {
		body.SetAttributeValue("publish", cty.True) // the provider has no place for what is said about a version
	}
	body.SetAttributeRaw("definition", hclwrite.TokensForIdentifier(heredoc(m.Definition, names)))
	if err := settings(body, m); err != nil {
		return nil, err
	}
	for i, a := range m.Aliases {
		root.AppendNewline()
		b := root.AppendNewBlock("resource", []string{"aws_sfn_alias", fmt.Sprintf("alias%d", i+1)}).Body()
		b.SetAttributeValue("name", cty.StringVal(a.Name))
		if a.Description != "" {
			b.SetAttributeValue("description", cty.StringVal(a.Description))
		}
		route := inner(b, "routing_configuration")
		route.SetAttributeRaw("state_machine_version_arn", hclwrite.TokensForIdentifier("aws_sfn_state_machine.this.state_machine_version_arn"))
		route.SetAttributeValue("weight", cty.NumberIntVal(100))
	}
	return hclwrite.Format(f.Bytes()), nil
}

// inner is a new block inside of another one, below a blank line.
func inner(body *hclwrite.Body, kind string) *hclwrite.Body {
	body.AppendNewline()
	return body.AppendNewBlock(kind, nil).Body()
}

// settings writes the log, trace and encryption settings and the tags.
func settings(body *hclwrite.Body, m Machine) error {
	if m.Logging != "" {
		v, err := value.Parse(m.Logging)
		if err != nil {
			return fmt.Errorf("the log settings of %s are no JSON: %w", m.Name, err)
		}
		b := inner(body, "logging_configuration")
		b.SetAttributeValue("level", cty.StringVal(or(v.Get("level").Text(), "OFF")))
		b.SetAttributeValue("include_execution_data", cty.BoolVal(v.Get("includeExecutionData").AsBool()))
		if group := v.Get("destinations").At(0).Get("cloudWatchLogsLogGroup").Get("logGroupArn").Text(); group != "" {
			b.SetAttributeValue("log_destination", cty.StringVal(group))
		}
	}
	if m.Tracing != "" {
		v, err := value.Parse(m.Tracing)
		if err != nil {
			return fmt.Errorf("the trace settings of %s are no JSON: %w", m.Name, err)
		}
		inner(body, "tracing_configuration").SetAttributeValue("enabled", cty.BoolVal(v.Get("enabled").AsBool()))
	}
	if m.Encryption != "" {
		v, err := value.Parse(m.Encryption)
		if err != nil {
			return fmt.Errorf("the encryption settings of %s are no JSON: %w", m.Name, err)
		}
		b := inner(body, "encryption_configuration")
		b.SetAttributeValue("type", cty.StringVal(v.Get("type").Text()))
		if key := v.Get("kmsKeyId").Text(); key != "" {
			b.SetAttributeValue("kms_key_id", cty.StringVal(key))
		}
		if seconds := v.Get("kmsDataKeyReusePeriodSeconds"); seconds.Kind() == value.KindNumber {
			b.SetAttributeRaw("kms_data_key_reuse_period_seconds", hclwrite.TokensForIdentifier(seconds.Literal()))
		}
	}
	if len(m.Tags) > 0 {
		var attributes []hclwrite.ObjectAttrTokens
		for _, t := range m.Tags {
			attributes = append(attributes, hclwrite.ObjectAttrTokens{
				Name: hclwrite.TokensForValue(cty.StringVal(t.Key)), Value: hclwrite.TokensForValue(cty.StringVal(t.Value)),
			})
		}
		body.AppendNewline()
		body.SetAttributeRaw("tags", hclwrite.TokensForObject(attributes))
	}
	return nil
}

var notInVariable = regexp.MustCompile(`[^A-Za-z0-9_-]`)

// variablesOf gives each placeholder a variable, called like it where Terraform allows.
func variablesOf(m Machine) map[string]string {
	used := map[string]bool{"role_arn": true}
	for _, reserved := range []string{"source", "version", "providers", "count", "for_each", "lifecycle", "depends_on", "locals"} {
		used[reserved] = true
	}
	names := map[string]string{}
	for _, p := range m.Placeholders {
		names[p.Name] = unique(used, notInVariable.ReplaceAllString(p.Name, "_"))
	}
	return names
}

// heredoc is a definition as a text of Terraform, in which placeholders are variables.
func heredoc(definition string, names map[string]string) string {
	text := strings.ReplaceAll(indented(definition), "\r", "")
	if v, err := value.Parse(text); err == nil && strings.Count(text, "\n") > maxLines/2 { // more than Read takes
		text = v.JSON()
	}
	if !norm.NFC.IsNormalString(text) { // Terraform composes letters and accents
		text = ascii(text)
	}
	var b strings.Builder
	at := 0
	for _, s := range spots(text) {
		before := strings.TrimRight(text[at:s.start], "$")
		b.WriteString(templateEscape.Replace(before))
		if signs := text[at+len(before) : s.start]; signs != "" { // right before ${ they would escape it
			b.WriteString(`${"` + signs + `"}`)
		}
		if name, ok := names[s.name]; ok {
			b.WriteString("${var." + name + "}")
		} else {
			b.WriteString("$" + text[s.start:s.end])
		}
		at = s.end
	}
	b.WriteString(templateEscape.Replace(text[at:]))
	return "<<JSON\n" + b.String() + "\nJSON"
}

// templateEscape keeps Terraform from taking parts of a text for its own.
var templateEscape = strings.NewReplacer("${", "$${", "%{", "%%{")

// ascii is JSON text with its other letters escaped; they stand in strings only.
func ascii(text string) string {
	var b strings.Builder
	for _, c := range text {
		switch {
		case c < utf8.RuneSelf:
			b.WriteRune(c)
		case c > 0xffff:
			high, low := utf16.EncodeRune(c)
			fmt.Fprintf(&b, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&b, `\u%04x`, c)
		}
	}
	return b.String()
}
