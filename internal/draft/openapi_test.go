package draft

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

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
		{"nothing", "", "reading the OpenAPI document x.yaml: "},
		{"no OpenAPI", "a: b\n", "reading the OpenAPI document x.yaml: "},
		{"no YAML", "openapi: [3\n", "reading the OpenAPI document x.yaml: "},
		{"Swagger", "swagger: \"2.0\"\ninfo: {title: x, version: \"1\"}\npaths: {}\n", "it is of version 2.0; want OpenAPI 3"},
		{"no paths", head, "it has no paths"},
		{"nothing to write", head + "paths:\n  /x/{id}:\n    get: {responses: {\"200\": {description: one}}}\n", "no path with a parameter, such as /items/{id}, has both"},
		{
			"a reference to nothing",
			head + "paths:\n  /x/{id}:\n    get: {responses: {\"200\": {$ref: \"#/components/responses/None\"}}}\n    put: {responses: {\"200\": {description: done}}}\n",
			"reading the OpenAPI document x.yaml: ",
		},
		{
			"a schema that refers to nothing",
			head + "paths:\n  /x/{id}:\n    get: {responses: {\"200\": {description: one, content: {application/json: {schema: {$ref: \"#/components/schemas/None\"}}}}}}\n" +
				"    put: {responses: {\"200\": {description: done}}}\n",
			"reading the OpenAPI document x.yaml: ",
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
