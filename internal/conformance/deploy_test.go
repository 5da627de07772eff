package conformance

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/occbench/occbench/deploy"
	"github.com/occbench/occbench/internal/api"
)

// TestDeploy gives the TestRun that `occbench init --ci k6-operator` writes to a real API
// server that knows the operator's own definition, field for field.
func TestDeploy(t *testing.T) {
	program(t, "run")
	folder, _ := kubernetes.have(t)
	url := kubernetes.start(t, folder)
	definition := documents(t, root+"/deploy/testdata/k6-operator/k6.io_testruns.yaml")[0]
	if status, said := post(t, url+"/apis/apiextensions.k8s.io/v1/customresourcedefinitions", definition); status != http.StatusCreated {
		t.Fatalf("the definition is answered with %d: %s", status, said)
	}
	runs := url + "/apis/k6.io/v1alpha1/namespaces/default/testruns?fieldValidation=Strict"
	awaitKind(t, runs)
	items, err := api.Source("etag")
	if err != nil {
		t.Fatal(err)
	}
	for i, o := range []deploy.Options{{}, {API: "./etag.yaml", APIFile: items, Target: "https://shop.example.org/api", Image: "r.example.org/occ:v1"}} {
		made, err := deploy.Files(o)
		if err != nil {
			t.Fatal(err)
		}
		for _, change := range []struct{ old, new, want string }{
			{"", "", ""},
			{"  parallelism:", "  paralelism:", `unknown field "spec.paralelism"`},
			{"    volumeMounts:", "    volumeMount:", `unknown field "spec.runner.volumeMount"`},
			{"parallelism: 4", "parallelism: four", "spec.parallelism"},
		} {
			text := strings.ReplaceAll(string(made[0].Data), "occbench-run", fmt.Sprintf("run-%d", i))
			if from := strings.Index(text, "kind: TestRun"); change.old != "" {
				text = text[:from] + strings.Replace(text[from:], change.old, change.new, 1)
			}
			status, said := post(t, runs, testRun(t, text))
			if change.want == "" && status != http.StatusCreated {
				t.Errorf("it is answered with %d: %s", status, said)
			}
			if change.want != "" && (status < 400 || !strings.Contains(said, change.want)) {
				t.Errorf("%s is answered with %d, want %q: %s", change.new, status, change.want, said)
			}
		}
	}
}

// documents returns the documents of a file of YAML.
func documents(t *testing.T, path string) (all []map[string]any) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for decoder := yaml.NewDecoder(bytes.NewReader(text)); ; {
		var one map[string]any
		err := decoder.Decode(&one)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, one)
	}
}

func testRun(t *testing.T, text string) map[string]any {
	t.Helper()
	path := t.TempDir() + "/run.yaml"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, one := range documents(t, path) {
		if one["kind"] == "TestRun" {
			return one
		}
	}
	t.Fatal("there is no TestRun")
	return nil
}

// post returns the answer without the quoting of its texts.
func post(t *testing.T, url string, object any) (status int, said string) {
	t.Helper()
	body, err := json.Marshal(object)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.Post(url, "application/json", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(answer.Body)
	if err := errors.Join(err, answer.Body.Close()); err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, strings.ReplaceAll(string(text), `\"`, `"`)
}

// awaitKind waits until the server serves a kind that it was just told.
func awaitKind(t *testing.T, url string) {
	t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		answer, err := http.Get(url)
		if err == nil && answer.Body.Close() == nil && answer.StatusCode == http.StatusOK {
			return
		}
	}
	t.Fatalf("%s is not served within a minute", url)
}
