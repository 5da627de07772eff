package manual

import (
	"encoding/json"
	"strconv"

	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/settings"
)

// object is a JSON object; encoding sorts its keys, so equal tables give equal
// bytes.
type object = map[string]any

// Schema returns the JSON schema (draft 2020-12) of occbench.yaml.
func Schema() ([]byte, error) {
	properties := object{"gates": gatesSchema(), "confidence": confidenceSchema(), "tolerate": tolerateSchema()}
	for _, k := range settings.Keys() {
		properties[k.Name] = keySchema(k)
	}
	text, err := json.MarshalIndent(object{
		"$schema":              "https://json-schema.org/draft/2020-12/schema",
		"$id":                  schemaURL,
		"title":                "occbench.yaml",
		"description":          "Settings of occbench.",
		"type":                 "object",
		"additionalProperties": false,
		"properties":           properties,
	}, "", "  ")
	return append(text, '\n'), err
}

func keySchema(k settings.Key) object {
	schema := shapeSchema(k.Shape)
	schema["description"] = describeKey(k) + " (--" + k.Flag + ", $" + k.Env + ")"
	if k.Default != "" {
		schema["default"] = parseTyped(k.Shape, k.Default)
	} else if k.Example != "" && k.Shape.Kind != run.List {
		schema["examples"] = []any{parseTyped(k.Shape, k.Example)}
	}
	return schema
}

// durationPattern matches what time.ParseDuration takes, without a sign.
const durationPattern = `^((\d+(\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h))+$`

func shapeSchema(s run.Shape) object {
	switch s.Kind {
	case run.Boolean:
		return object{"type": "boolean"}
	case run.Choice:
		return object{"enum": s.Words}
	case run.List:
		return object{"type": "array", "items": object{"type": "string"}}
	case run.Integer, run.Number:
		schema := object{"type": string(s.Kind), "minimum": s.Least}
		if s.Most > 0 {
			schema["maximum"] = s.Most
		}
		return allowWords(schema, s)
	case run.Duration:
		return allowWords(object{"type": "string", "pattern": durationPattern}, s)
	case run.Date:
		return allowWords(object{"type": "string", "pattern": `^\d{4}-\d{2}-\d{2}$`}, s)
	}
	// A notation of its own may look like a number: a rate of 40.
	return object{"type": []string{"string", "number"}}
}

// allowWords adds to a schema the words, and the zero, that a setting accepts
// besides its kind.
func allowWords(schema object, s run.Shape) object {
	var any []object
	if len(s.Words) > 0 {
		any = append(any, object{"enum": s.Words})
	}
	if s.Zero {
		any = append(any, object{"const": 0})
	}
	if len(any) == 0 {
		return schema
	}
	return object{"anyOf": append([]object{schema}, any...)}
}

// parseTyped returns a value with the type that YAML would give it.
func parseTyped(s run.Shape, text string) any {
	switch s.Kind {
	case run.Integer, run.Number:
		if n, err := strconv.ParseFloat(text, 64); err == nil {
			return n
		}
	case run.Boolean:
		return text == "true"
	}
	return text
}

func gatesSchema() object {
	properties := object{}
	for _, g := range gate.Rules() {
		properties[g.Name] = gateSchema(g)
	}
	return object{
		"type": "object", "additionalProperties": false, "properties": properties,
		"description": "What a release must keep: a gate maps to its limit, or to off.",
	}
}

func gateSchema(g gate.Rule) object {
	// YAML 1.1 reads off as false.
	off := object{"enum": []any{"off", false}}
	if !g.HasLimit() {
		off["description"] = g.Question
		return off
	}
	limit := object{"type": "number", "exclusiveMinimum": 0}
	if g.Unit == gate.Ratio {
		limit["exclusiveMaximum"] = 1
	}
	return object{"description": g.Question, "default": g.Preset, "anyOf": []object{limit, off}}
}

func confidenceSchema() object {
	return object{
		"description": "One-sided confidence of every bound.", "default": gate.Default().Confidence,
		"type": "number", "minimum": 0.5, "exclusiveMaximum": 1,
	}
}

func tolerateSchema() object {
	return object{
		"description": "Anomalies that are reported and fail nothing.",
		"type":        "array", "items": object{"enum": listInvariants()},
	}
}
