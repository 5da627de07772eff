package draft

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/goldentest"
)

// TestFromOpenAPI holds that every draft compiles as it is: TODO is a comment, or a
// text to replace.
func TestFromOpenAPI(t *testing.T) {
	for _, name := range []string{"etag.openapi.yaml", "version.openapi.json", "silent.openapi.yaml"} {
		t.Run(name, func(t *testing.T) {
			document, err := os.ReadFile(filepath.Join("testdata", name))
			if err != nil {
				t.Fatal(err)
			}
			got, err := FromOpenAPI(name, document)
			if err != nil {
				t.Fatal(err)
			}
			golden := filepath.Join("testdata", strings.TrimSuffix(name, filepath.Ext(name))+".draft.yaml")
			goldentest.CompareFile(t, golden, string(got))
			if _, err := api.Compile(golden, got); err != nil {
				t.Errorf("%v\n%s", err, got)
			}
		})
	}
}

func TestFromOpenAPIRefuses(t *testing.T) {
	const head = "openapi: 3.0.0\ninfo: {title: x, version: \"1\"}\n"
	tests := []struct{ name, text, want string }{
		{"nothing", "", "it names no version"},
		{"no OpenAPI", "a: b\n", "it names no version"},
		{"a list", "[openapi]\n", "it names no version"},
		{"no YAML", "openapi: [3\n", "reading the OpenAPI document x.yaml: "},
		{"Swagger", "swagger: \"2.0\"\ninfo: {title: x, version: \"1\"}\npaths: {}\n", "it is of version 2.0; want OpenAPI 3"},
		{"no paths", head, "it has no paths"},
		{"nothing to write", head + "paths:\n  /x/{id}:\n    get: {responses: {\"200\": {description: one}}}\n", "no path with a parameter, such as /items/{id}, has both"},
		{"another file", head + "paths:\n  /x/{id}: {$ref: \"x.yaml#/a\"}\n", `it refers to another document, "x.yaml#/a"; want one document`},
		{"a parameter inside a segment", head + "paths:\n  /x{id}: {get: {}, put: {}}\n", "no path with a parameter"},
		{"another host", head + "paths:\n  /x/{id}: {$ref: \"http://127.0.0.1:1/x.yaml\"}\n", "it refers to another document"},
		{"a reference out of a member", head + "paths:\n  /x/{id}: {get: {}, put: {requestBody: {$ref: \"y.json\"}}}\n", "it refers to another document"},
		{"paths of a wrong kind", head + "paths: [a]\n", "it has no paths"},
		{"paths of null", head + "paths:\n", "it has no paths"},
		{"half of JSON", `{"openapi": "3.0.0", "paths": {`, "reading the OpenAPI document x.yaml: "},
		{
			"a reference to nothing",
			head + "paths:\n  /x/{id}:\n    get: {responses: {\"200\": {$ref: \"#/components/responses/None\"}}}\n    put: {responses: {\"200\": {description: done}}}\n",
			`component "#/components/responses/None" does not exist`,
		},
		{
			"a schema that refers to nothing",
			head + "paths:\n  /x/{id}:\n    get: {responses: {\"200\": {description: one, content: {application/json: {schema: {$ref: \"#/components/schemas/None\"}}}}}}\n" +
				"    put: {responses: {\"200\": {description: done}}}\n",
			`component "#/components/schemas/None" does not exist`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := FromOpenAPI("x.yaml", []byte(tt.text))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("error %v, want one with %q\n%s", err, tt.want, got)
			}
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("more than one line: %v", err)
			}
			t.Log(err)
		})
	}
}

// TestFromOpenAPITakesFaults holds that a fault in a part that no draft needs changes nothing.
func TestFromOpenAPITakesFaults(t *testing.T) {
	document, err := os.ReadFile(filepath.Join("testdata", "etag.openapi.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	want, err := FromOpenAPI("x.yaml", document)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, old, with string }{
		{"a number for a text", `version: "2"`, "version: 2.0"},
		{"a version of two numbers", "openapi: 3.1.0", "openapi: 3.0"},
		{"an object for a text", "description: stale", "description: {text: stale}"},
		{"required of a property", "title: {type: string}", "title: {type: string, required: true}"},
		{"a bound that is negative", "title: {type: string}", "title: {type: string, maxLength: -1}"},
		{"a header of null", "ETag: {schema: {type: string}}", "ETag: null"},
		{"a schema that holds itself", "shelf: {type: string}", "shelf: {$ref: \"#/components/schemas/Book\"}"},
		{"an alias in its own anchor", "shelf: {type: string}", "shelf: &s {properties: {s: *s, t: {<<: *s}}, <<: *s}"},
		{"references in a circle", "shelf: {type: string}", "shelf: {$ref: \"#/components/schemas/Book/properties/shelf\"}"},
		{"a reference to a file that no draft needs", "428\": {description: no If-Match}", "428\": {$ref: \"x.yaml#/a\"}"},
		{"a reference in an example", "pages: {type: integer, example: 300}", "pages: {type: integer, example: 300, x: {$ref: \"x.yaml\"}}"},
		{"parameters of a wrong kind", "    delete:\n", "    trace: {parameters: {a: b}, requestBody: [], responses: 1}\n    delete:\n"},
		{"a parameter with schema and content", "schema: {type: string}}]\n      requestBody", "schema: {type: string}, content: {text/plain: {}}}]\n      requestBody"},
		{"required as a text", "required: true, schema", "required: \"yes\", schema"},
		{"an alias to nothing new", "title: {type: string}", "title: &t {type: string}\n        again: *t"},
		{"a mapping to another file", "type: object\n", "type: object\n      discriminator: {propertyName: a, mapping: {a: ./b.yaml}}\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if !strings.Contains(string(document), tt.old) {
				t.Fatalf("the document has no %s", tt.old)
			}
			got, err := FromOpenAPI("x.yaml", []byte(strings.ReplaceAll(string(document), tt.old, tt.with)))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestFromOpenAPIKeepsOrder holds that the draft follows the order of a document that is on one line.
func TestFromOpenAPIKeepsOrder(t *testing.T) {
	const document = `{"openapi":"3.1.0","info":{"title":"x \ud83d\ude00"},"components":{"securitySchemes":{"z":{"type":"http","scheme":"basic"},` +
		`"a":{"type":"http","scheme":"bearer"}}},"paths":{"/z/{id}":{"get":{"responses":{"200":{}}},"put":{"requestBody":{"content":{` +
		`"text/json":{"schema":{"required":["z","b","a"],"properties":{"z":{"type":["integer","null"]},"b":{"type":"integer"},"a":{"type":"integer"}}}},` +
		`"application/json":{"schema":{"properties":{"name":{"type":"string"}}}}}},"responses":{"204":{},"200":{}}}},` +
		`"/a/{id}":{"get":{"responses":{"200":{}}},"put":{"responses":{"204":{}}}}}}`
	got, err := FromOpenAPI("x.json", []byte(document))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"auth: basic", `put: "/z/{id}"`, `'{"z":1,"b":1,"a":1,"note":"{marker}"}'`, "status: [204, 200]"} {
		if !strings.Contains(string(got), want) {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
}

// TestFromOpenAPIFollows holds that references, merges and parameters of a path are read, and types of 3.1 and texts of JSON.
func TestFromOpenAPIFollows(t *testing.T) {
	const head = "openapi: 3.1.0\nx: {a/b: {c~d: &e {version: {type: [\"null\", integer]}}}, \"409\": &s {\"409\": {}}}\npaths:\n  /x/{id}:\n    get: {}\n    put: "
	tests := []struct{ name, text, want string }{
		{"a pointer with escapes", head + "{requestBody: {content: {a/json: {schema: {properties: {$ref: {}, version: {$ref: \"#/x/a~1b/c~0d/%76ersion\"}}}}}}}\n", `{"version":{token|int},`},
		{"a merge", head + "{responses: {<<: *s, \"200\": {}}}\n", "conflict: [{status: 409}]"},
		{"an alias", head + "{requestBody: {content: {a/json: {schema: {properties: *e}}}}}\n", `{"version":{token|int},`},
		{"a parameter of the path", head + "{}\n    parameters: [{name: if-match, in: header}]\n", "  headers: {If-Match: \"{token}\"}\n"},
		{"a part", head + "{requestBody: {content: {a/json: {schema: {allOf: [{properties: *e}]}}}}}\n", `{"version":{token|int},`},
		{
			"escapes of JSON in lines with tabs",
			"\ufeff{\n\t\"openapi\":\t\"3.0.0\", \"servers\": [{\"url\": \"http:\\/\\/\\u00e9\\ud83d\\ude00\x7f\"}],\n\t\"paths\": {\"\\/x\\/{id}\": {\"get\": {}, \"put\": {}}}}",
			`# The target: "http://é😀\x7f"`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := FromOpenAPI("x.yaml", []byte(tt.text))
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(string(got), tt.want) {
				t.Errorf("no %s in\n%s", tt.want, got)
			}
		})
	}
}

// TestFromOpenAPIEnds holds that few lines that stand for very many members are not read without end.
func TestFromOpenAPIEnds(t *testing.T) {
	wide := strings.TrimSuffix(strings.Repeat("*a, ", 2000), ", ")
	for _, schema := range []string{"&a {allOf: [" + wide + "]}", "&a {properties: &p {<<: *p, b: {allOf: [" + wide + "]}}}"} {
		document := "openapi: 3.0.0\npaths: {\"/x/{id}\": {get: {}, put: {requestBody: {content: {a/json: {schema: " + schema + "}}}}}}\n"
		if _, err := FromOpenAPI("x.yaml", []byte(document)); err != nil {
			t.Error(err)
		}
	}
}

// FuzzFromOpenAPI holds that no document makes it panic.
func FuzzFromOpenAPI(f *testing.F) {
	seeds, err := filepath.Glob("testdata/*.openapi.*")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range seeds {
		document, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(document)
	}
	f.Add([]byte(`{"openapi":"3.0","paths":{"/x/{id}":{"$ref":"#/paths/~1x~1%7bid%7d/get"}}}`))
	f.Add([]byte("openapi: 3.1.0\npaths: &p {/x/{id}: {get: *p, put: {<<: *p}}}\n"))
	f.Fuzz(func(_ *testing.T, document []byte) {
		_, _ = FromOpenAPI("x.yaml", document)
	})
}
