package schema

import (
	"bytes"
	"encoding/json"
)

// ID is where the schema is found.
const ID = "https://raw.githubusercontent.com/occbench/occbench/main/docs/api-file.schema.json"

type object = map[string]any

// JSON returns the JSON Schema of API files, of draft 7, which editors know.
func JSON() []byte {
	defs := object{}
	for i := range Objects {
		defs[Objects[i].Name] = Objects[i].schema()
	}
	for name, one := range scalars {
		defs[name] = one
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(object{
		"$schema":     "http://json-schema.org/draft-07/schema#",
		"$id":         ID,
		"title":       "API file of occbench",
		"$ref":        "#/definitions/file",
		"definitions": defs,
	})
	if err != nil {
		panic(err) // texts and maps always encode
	}
	return b.Bytes()
}

func (o *Object) schema() object {
	properties := object{}
	for _, k := range o.All() {
		properties[k.Name] = object{"allOf": []object{newRef(k.Is)}, "description": k.Text}
	}
	s := object{"type": "object", "additionalProperties": false, "properties": properties}
	if len(o.Need) > 0 {
		s["required"] = o.Need
	}
	if o.Call {
		var one []object
		for _, method := range Methods {
			one = append(one, object{"required": []string{method}})
		}
		s["oneOf"] = one
	}
	if o.Name == "file" {
		s["anyOf"] = []object{{"required": []string{"list"}}, {"required": []string{"read"}}}
	}
	switch o.Name {
	case "states":
		return object{"anyOf": []object{s, {"type": "array", "items": newRef("text"), "minItems": 2}}}
	case "condition":
		return object{"anyOf": []object{s, newRef("statuses")}}
	case "removal":
		return object{"anyOf": []object{s, {"type": "string", "pattern": "^(/|none$)"}}}
	}
	return s
}

func newRef(name string) object { return object{"$ref": "#/definitions/" + name} }

func oneOrMore(name string) object {
	return object{"anyOf": []object{newRef(name), {"type": "array", "items": newRef(name), "minItems": 1}}}
}

func newMapOf(name string) object {
	return object{"type": "object", "additionalProperties": newRef(name)}
}

const placePattern = `^(\$|header:.|re:/.*/)`

// scalars are the values that are no objects of their own.
var scalars = object{
	"version":         object{"enum": []any{1, "1"}},
	"kind":            object{"enum": []string{"counting", "opaque"}},
	"metrics":         object{"enum": []string{"cloudwatch"}},
	"class":           object{"enum": []string{"conflict", "busy", "rejected"}},
	"text":            object{"type": []string{"string", "number", "boolean"}},
	"texts":           oneOrMore("text"),
	"template":        object{"type": "string", "minLength": 1},
	"path":            object{"type": "string", "pattern": "^/"},
	"auth":            object{"type": "string", "pattern": `^(none|basic|bearer(:env=.+)?|sigv4(:(service|region)=.+)?)$`},
	"duration":        object{"type": "string", "pattern": `^[0-9.]+(ms|s|m|h)`},
	"headers":         newMapOf("template"),
	"named templates": newMapOf("template"),
	"named texts":     newMapOf("texts"),
	"named places":    newMapOf("places"),
	"walks":           object{"type": "object", "additionalProperties": newMapOf("texts")},
	"extras":          newMapOf("extra"),
	"equalities":      object{"type": "object", "minProperties": 1, "additionalProperties": newRef("text")},
	"place":           object{"type": "string", "pattern": placePattern},
	"pair":            object{"type": "array", "items": newRef("place"), "minItems": 2},
	"places": object{"anyOf": []object{
		newRef("place"),
		{"type": "array", "minItems": 1, "items": object{"anyOf": []object{newRef("place"), newRef("pair")}}},
	}},
	"places or none": object{"anyOf": []object{newRef("places"), {"const": "none"}}},
	"status": object{"anyOf": []object{
		{"type": "integer", "minimum": 100, "maximum": 599}, {"type": "string", "pattern": "^[1-5]([0-9][0-9]|xx)$"},
	}},
	"statuses":   oneOrMore("status"),
	"conflicts":  oneOrMore("conflict"),
	"seed calls": oneOrMore("seed call"),
}
