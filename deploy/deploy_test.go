package deploy

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/scenarios"
)

// object is a document of Kubernetes.
type object map[string]any

func (o object) kind() string { return o["kind"].(string) }

// objects returns the documents of a file.
func objects(t *testing.T, text string) []object {
	t.Helper()
	var all []object
	for decoder := yaml.NewDecoder(strings.NewReader(text)); ; {
		var o object
		err := decoder.Decode(&o)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, o)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// schemaOf returns the schema of a version in a file of custom resource definitions,
// made strict: a field that it does not know is a mistake.
func schemaOf(t *testing.T, path, version string) *jsonschema.Schema {
	t.Helper()
	for _, o := range objects(t, read(t, path)) {
		versions, _ := o["spec"].(object)
		for _, v := range versions["versions"].([]any) {
			if v := v.(object); v["name"] == version {
				schema := v["schema"].(object)["openAPIV3Schema"]
				forbidOthers(schema)
				return compile(t, schema)
			}
		}
	}
	t.Fatalf("%s has no version %s", path, version)
	return nil
}

// forbidOthers does in a schema what fieldValidation=Strict does in an API server.
func forbidOthers(schema any) {
	switch s := schema.(type) {
	case object:
		_, fields := s["properties"].(object)
		if fields && s["additionalProperties"] == nil && s["x-kubernetes-preserve-unknown-fields"] != true {
			s["additionalProperties"] = false
		}
		if s["x-kubernetes-int-or-string"] == true {
			delete(s, "type")
		}
		for _, below := range s {
			forbidOthers(below)
		}
	case []any:
		for _, below := range s {
			forbidOthers(below)
		}
	}
}

func compile(t *testing.T, schema any) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	if err := c.AddResource("crd.json", asJSON(t, schema)); err != nil {
		t.Fatal(err)
	}
	compiled, err := c.Compile("crd.json")
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}

// asJSON returns a value as decoding its JSON would.
func asJSON(t *testing.T, v any) any {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	back, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return back
}

// module returns the folder of a module of the Go proxy, for the definitions in it.
func module(t *testing.T, path string) string {
	t.Helper()
	if testing.Short() {
		t.Skip("downloads " + path)
	}
	out, err := exec.Command("go", "mod", "download", "-json", path).Output()
	var said struct{ Dir, Error string }
	if unread := json.Unmarshal(out, &said); unread != nil || said.Dir == "" {
		t.Skipf("%s cannot be had: %v %s", path, err, said.Error)
	}
	return said.Dir
}

// Every object of which the definition can be had is one of that definition, and a
// misspelt field is refused.
func TestSchemas(t *testing.T) {
	for _, tt := range []struct {
		file, kind, version, misspelt string
		definition                    func(t *testing.T) string
	}{
		{"k6-operator.yaml", "TestRun", "v1alpha1", "parallelism", func(*testing.T) string { return "testdata/k6-operator/k6.io_testruns.yaml" }},
		{"argo-rollouts.yaml", "AnalysisTemplate", "v1alpha1", "consecutiveErrorLimit", func(t *testing.T) string {
			return filepath.Join(module(t, "github.com/argoproj/argo-rollouts@v1.8.3"), "manifests/crds/analysis-template-crd.yaml")
		}},
		{"flagger.yaml", "Canary", "v1beta1", "stepWeight", func(t *testing.T) string {
			return filepath.Join(module(t, "github.com/fluxcd/flagger@v1.41.0"), "artifacts/flagger/crd.yaml")
		}},
	} {
		t.Run(tt.kind, func(t *testing.T) {
			schema := schemaOf(t, tt.definition(t), tt.version)
			text := read(t, tt.file)
			if err := validate(t, schema, text, tt.kind); err != nil {
				t.Errorf("%s: %v", tt.file, err)
			}
			wrong := strings.ReplaceAll(text, tt.misspelt+":", tt.misspelt+"s:")
			if err := validate(t, schema, wrong, tt.kind); err == nil || !strings.Contains(err.Error(), tt.misspelt+"s") {
				t.Errorf("%ss is accepted: %v", tt.misspelt, err)
			}
		})
	}
}

func validate(t *testing.T, schema *jsonschema.Schema, text, kind string) error {
	t.Helper()
	found := 0
	for _, o := range objects(t, text) {
		if o.kind() == kind {
			found++
			if err := schema.Validate(asJSON(t, o)); err != nil {
				return err
			}
		}
	}
	if found != 1 {
		t.Errorf("%d objects of the kind %s", found, kind)
	}
	return nil
}

// The ConfigMap holds the scenario of this version, and the steps of the script are
// those of the file.
func TestK6Operator(t *testing.T) {
	steps := map[string]int{}
	for _, o := range objects(t, read(t, "k6-operator.yaml")) {
		steps[o["metadata"].(object)["labels"].(object)["occbench/step"].(string)]++
		if o.kind() == "ConfigMap" {
			if diff := cmp.Diff(string(scenarios.Update), o["data"].(object)["update.js"]); diff != "" {
				t.Errorf("(-scenarios/update.js +k6-operator.yaml)\n%s", diff)
			}
		}
	}
	if diff := cmp.Diff(map[string]int{"prepare": 2, "seed": 1, "load": 1, "verdict": 1}, steps); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	for _, m := range regexp.MustCompile(`(?m)^apply (\w+)$`).FindAllStringSubmatch(read(t, "k6-operator.sh"), -1) {
		delete(steps, m[1])
	}
	if len(steps) > 0 {
		t.Errorf("the script does not apply %v", steps)
	}
}

// What users have stands where the sample stood, and nowhere is the sample left.
func TestFiles(t *testing.T) {
	api := "api: 1\nname: items\n\nread: {get: \"/items/{id}\"}\n"
	schema := schemaOf(t, "testdata/k6-operator/k6.io_testruns.yaml", "v1alpha1")
	for name, tt := range map[string]struct {
		o    Options
		has  []string
		left string
	}{
		"nothing": {Options{}, []string{sampleTarget, sampleImage, "OCC_API, value: appointments"}, "api.yaml"},
		"a name":  {Options{API: "etag", Target: "https://a.b/c?x=\"&y"}, []string{`"https://a.b/c?x=\"`, "--api, etag", "OCC_API, value: etag", `--allow-host, "a.b"`}, sampleHost},
		"a file":  {Options{API: "./items.yaml", APIFile: []byte(api), Image: "r/occ:v1"}, []string{"--api, /test/api.yaml", "OCC_API, value: /test/api.yaml", "r/occ:v1"}, sampleImage},
	} {
		t.Run(name, func(t *testing.T) {
			made, err := Files(tt.o)
			if err != nil {
				t.Fatal(err)
			}
			text := string(made[0].Data)
			for _, part := range tt.has {
				if !strings.Contains(text, part) {
					t.Errorf("it lacks %q", part)
				}
			}
			if strings.Contains(text, tt.left) {
				t.Errorf("it holds %q", tt.left)
			}
			if err := validate(t, schema, text, "TestRun"); err != nil {
				t.Error(err)
			}
			for _, o := range objects(t, text) {
				if o.kind() == "ConfigMap" && tt.o.APIFile != nil && o["data"].(object)["api.yaml"] != api {
					t.Errorf("the API file is %q", o["data"].(object)["api.yaml"])
				}
			}
		})
	}
	if _, err := Files(Options{Target: "http://u:hush@h"}); exit.CodeOf(err) != exit.BadUsage || strings.Contains(err.Error(), "hush") {
		t.Error(err)
	}
}
