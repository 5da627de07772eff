package schema

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"github.com/occbench/occbench/apis"
	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/goldentest"
)

const published = "../../../docs/api-file.schema.json"

func TestPublished(t *testing.T) {
	goldentest.CompareFile(t, published, string(JSON()))
}

const (
	page      = "../../../docs/api-files.md"
	pageBegin = "<!-- keys: written by go test ./internal/api/schema -update -->\n"
	pageEnd   = "<!-- end of keys -->"
)

// TestPage holds that the page has the table of the keys, and a section for each file.
func TestPage(t *testing.T) {
	head, tail := goldentest.ComparePart(t, page, pageBegin, pageEnd, Table())
	_, example, _ := strings.Cut(head, "```yaml\n")
	example, _, _ = strings.Cut(example, "```")
	if _, err := api.Compile(page, []byte(example)); err != nil {
		t.Errorf("the example: %v", err)
	}
	for _, name := range api.Names() {
		if !strings.Contains(tail, "\n### "+name+"\n") {
			t.Errorf("%s has no section about %s", page, name)
		}
	}
}

func compiled(t *testing.T) *jsonschema.Schema {
	t.Helper()
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(JSON()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource(ID, document); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile(ID)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func validate(t *testing.T, s *jsonschema.Schema, text []byte) error {
	t.Helper()
	var v any
	if err := yaml.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	return s.Validate(plain(v))
}

// plain returns a value of YAML as JSON has it: texts as keys of objects.
func plain(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name := range v {
			v[name] = plain(v[name])
		}
	case map[any]any:
		all := map[string]any{}
		for name, value := range v {
			all[name.(string)] = plain(value)
		}
		return all
	case []any:
		for i := range v {
			v[i] = plain(v[i])
		}
	}
	return v
}

// TestFiles holds that every API file of the repository is right by the schema.
func TestFiles(t *testing.T) {
	s := compiled(t)
	for _, name := range api.Names() {
		text, err := apis.Files.ReadFile(name + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		if err := validate(t, s, text); err != nil {
			t.Errorf("%s: %#v", name, err)
		}
	}
	drafts, err := filepath.Glob("../../draft/testdata/*.draft.yaml")
	if err != nil || len(drafts) == 0 {
		t.Fatalf("no drafts: %v", err)
	}
	for _, file := range append(drafts, "../../draft/skeleton.yaml") {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := validate(t, s, text); err != nil {
			t.Errorf("%s: %#v", file, err)
		}
	}
}

// full has every object of a file.
const full = `api: 1
name: x
words: {record: item}
token: opaque
states: {names: [a, b]}
health: {get: /h}
list: {get: "/x?tag={tag}", items: "$[*]", record: {id: $.id, token: $.v, state: $.s}}
read: {get: "/x/{id}", ok: {status: 200}, token: $.v}
update: {put: "/x/{id}", body: '{token} {to} {marker}', applied: {token: $.v}, conflict: [{status: 412}], refused: {code: $.c}}
seed: {once: [{post: /k}], each: [{post: /x, id: $.id}], delete: {delete: "/x/{id}"}, done: [{delete: /k}]}
extra: {more: {get: /more}}
`

// TestKeys holds that the loader knows the keys of the schema, and no others.
func TestKeys(t *testing.T) {
	if _, err := api.Compile("x.yaml", []byte(full)); err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]*Object{
		"api: 1":                       &Objects[0],
		"words: {record: item":         objectNamed("words"),
		"health: {get: /h":             objectNamed("health"),
		"states: {names: [a, b]":       objectNamed("states"),
		"items: \"$[*]\"":              objectNamed("list"),
		"record: {id: $.id":            objectNamed("record"),
		"read: {get: \"/x/{id}\"":      objectNamed("read"),
		"ok: {status: 200":             objectNamed("condition"),
		"update: {put: \"/x/{id}\"":    objectNamed("update"),
		"applied: {token: $.v":         objectNamed("applied"),
		"conflict: [{status: 412":      objectNamed("conflict"),
		"refused: {code: $.c":          objectNamed("refused"),
		"seed: {once: [{post: /k}]":    objectNamed("seed"),
		"once: [{post: /k":             objectNamed("seed call"),
		"each: [{post: /x":             objectNamed("seed call"),
		"done: [{delete: /k":           objectNamed("seed call"),
		"delete: {delete: \"/x/{id}\"": objectNamed("removal"),
		"more: {get: /more":            objectNamed("extra"),
	} {
		between := ", "
		if want.Name == "file" {
			between = "\n"
		}
		if strings.Count(full, file) != 1 {
			t.Fatalf("%q stands %d times", file, strings.Count(full, file))
		}
		_, err := api.Compile("x.yaml", []byte(strings.Replace(full, file, file+between+"zzzzzzzz: 1", 1)))
		if err == nil {
			t.Errorf("%s: zzzzzzzz is no key", want.Name)
			continue
		}
		_, list, _ := strings.Cut(err.Error(), "want one of ")
		have := map[string]bool{}
		for name := range strings.SplitSeq(list, ", ") {
			have[name] = true
		}
		wanted := map[string]bool{}
		for _, k := range want.All() {
			wanted[k.Name] = true
		}
		if diff := cmp.Diff(wanted, have); diff != "" {
			t.Errorf("%s: keys of the schema and of the loader differ (-schema +loader):\n%s\n%v", want.Name, diff, err)
		}
	}
}

func objectNamed(name string) *Object {
	for i := range Objects {
		if Objects[i].Name == name {
			return &Objects[i]
		}
	}
	panic("there is no object " + name)
}

// TestRefuses holds that the schema catches what an editor should show.
func TestRefuses(t *testing.T) {
	s := compiled(t)
	if err := validate(t, s, []byte(full)); err != nil {
		t.Fatalf("%#v", err)
	}
	for _, change := range [][2]string{
		{"token: opaque", "token: etag"}, {"read: {get", "read: {gat"}, {"conflict: [", "conflicts: ["}, {"status: 412", "status: 41"},
		{"name: x\n", ""}, {"token: $.v}\nupdate", "token: v}\nupdate"}, {"put: \"/x/{id}\"", "put: \"/x/{id}\", post: /x"}, {"put: \"/x/{id}\"", "put: x"},
		{"api: 1", "api: 2"}, {"[a, b]}", "[]}"},
	} {
		text := strings.Replace(full, change[0], change[1], 1)
		if text == full {
			t.Fatalf("%q changes nothing", change[0])
		}
		if validate(t, s, []byte(text)) == nil {
			t.Errorf("%s instead of %s is right by the schema", change[1], change[0])
		}
	}
}
