package manual

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"
)

func compileSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	text, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource(schemaURL, doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile(schemaURL)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// readInstance returns a settings file as an editor's JSON schema sees it.
func readInstance(t *testing.T, file string) any {
	t.Helper()
	doc := map[string]any{}
	if err := yaml.Unmarshal([]byte(file), &doc); err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return value
}

// The schema and the program agree on files that hold one mistake or none.
func TestSchemaAgreesWithTheProgram(t *testing.T) {
	cases := map[string]bool{
		"":                             true,
		Sample():                       true,
		"operators: 20\n":              true,
		"operators: 0\n":               false,
		"operators: 20.5\n":            false,
		"operators: many\n":            false,
		"opertors: 20\n":               false,
		"records: auto\n":              true,
		"records: 50\n":                true,
		"records: all\n":               false,
		"duration: 90s\n":              true,
		"duration: 1h30m\n":            true,
		"duration: 90\n":               false,
		"duration: 0\n":                false,
		"warmup: 0\n":                  true,
		"warmup: auto\n":               true,
		"warmup: soon\n":               false,
		"date: tomorrow\n":             true,
		"date: \"2026-12-31\"\n":       true,
		"date: 31.12.2026\n":           false,
		"rate: 40\n":                   true,
		"rate: 90/min\n":               true,
		"double_updates: 0.05\n":       true,
		"double_updates: 2\n":          false,
		"walk: forward\n":              true,
		"walk: sideways\n":             false,
		"backoff: none\n":              true,
		"backoff: linear\n":            false,
		"shared_records: true\n":       true,
		"shared_records: perhaps\n":    false,
		"allow_hosts: [a.example]\n":   true,
		"allow_hosts: {a: b}\n":        false,
		"config: x.yaml\n":             false,
		"confidence: 0.99\n":           true,
		"confidence: 95\n":             false,
		"tolerate: [OCC-11]\n":         true,
		"tolerate: OCC-11\n":           false,
		"gates: {p95_ms: 250}\n":       true,
		"gates: {p95_ms: soon}\n":      false,
		"gates: {p95_ms: 0}\n":         false,
		"gates: {recovery: off}\n":     true,
		"gates: {error_rate: false}\n": true,
		"gates: [p95_ms]\n":            false,
		"store: postgres\n":            true,
		"store: oracle\n":              false,
	}
	schema := compileSchema(t)
	for file, ok := range cases {
		name, _, _ := strings.Cut(file, "\n")
		t.Run(name, func(t *testing.T) {
			if err := schema.Validate(readInstance(t, file)); (err == nil) != ok {
				t.Errorf("the schema says %v", err)
			}
			if _, err := load(t, file); (err == nil) != ok {
				t.Errorf("the program says %v", err)
			}
		})
	}
}

// What the policy refuses beyond the file's own syntax, the schema knows too.
func TestSchemaKnowsThePolicy(t *testing.T) {
	schema := compileSchema(t)
	for _, file := range []string{
		"tolerate: [OCC-14]\n", "gates: {p59_ms: 250}\n", "gates: {error_rate: 1.5}\n", "gates: {recovery: 0.5}\n",
	} {
		if err := schema.Validate(readInstance(t, file)); err == nil {
			t.Errorf("%s is accepted", file)
		}
	}
}
