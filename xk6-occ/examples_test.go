package occ_test

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/history/historytest"
	"github.com/occbench/occbench/internal/k6run"
)

// Every example runs against the reference server, as it stands.
func TestExamples(t *testing.T) {
	examples, err := filepath.Glob("examples/*.js")
	if err != nil || len(examples) < 3 {
		t.Fatalf("examples %v, error %v", examples, err)
	}
	for _, example := range examples {
		t.Run(filepath.Base(example), func(t *testing.T) {
			url, attempts := reference(t, 12)
			o := options(t, url, nil)
			o.Script, o.Spec.Think, o.Spec.Pause = example, nil, nil
			result := runK6(t, context.Background(), o)
			if result.State != k6run.Complete || result.Exit != 0 || result.Reason != "" || len(result.Messages) > 0 {
				t.Errorf("result %+v", result)
			}
			ops := historytest.Load(t, o.Traces.History)
			if moves := int64(count(ops, isMove)); moves == 0 || moves != attempts() {
				t.Errorf("the history has %d attempts, the server counted %d", moves, attempts())
			}
			checkOrder(t, ops)
		})
	}
}

// A stock k6 with the extension, built by xk6, runs the scenario as a user of
// k6 would.
func TestStockK6(t *testing.T) {
	k6, err := filepath.Abs("../build/k6")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(k6); err != nil {
		t.Skip("there is no build/k6; make xk6 builds it")
	}
	url, attempts := reference(t, 12)
	o := options(t, url, nil)
	o.Program, o.Script = k6, "../scenarios/update.js"
	result := runK6(t, context.Background(), o)
	if result.State != k6run.Complete || result.ScriptErrors > 0 {
		t.Errorf("result %+v", result)
	}
	ops := historytest.Load(t, o.Traces.History)
	if moves := int64(count(ops, isMove)); moves == 0 || moves != attempts() {
		t.Errorf("the history has %d attempts, the server counted %d", moves, attempts())
	}
	checkOrder(t, ops)
}

// The declarations name exactly what a script can import.
func TestDeclarations(t *testing.T) {
	data, err := os.ReadFile("index.d.ts")
	if err != nil {
		t.Fatal(err)
	}
	var declared []string
	for _, match := range regexp.MustCompile(`(?m)^  export (?:function|class) (\w+)`).FindAllSubmatch(data, -1) {
		declared = append(declared, string(match[1]))
	}
	s := newServer(t, 8)
	o := options(t, s.URL, []byte(`
		import * as occ from 'k6/x/occ';
		export const options = { scenarios: { one: { executor: 'shared-iterations', vus: 1, iterations: 1 } } };
		const operator = new occ.Operator();
		export default function () {}
		export function handleSummary() {
			return { [__ENV.OCC_SUMMARY]: JSON.stringify({ exports: Object.keys(occ), methods: Object.keys(operator) }) };
		}`))
	if result := runK6(t, context.Background(), o); result.State != k6run.Complete {
		t.Fatalf("result %+v", result)
	}
	var got struct{ Exports, Methods []string }
	readJSON(t, o.Traces.Summary, &got)
	slices.Sort(declared)
	got.Exports = slices.DeleteFunc(got.Exports, func(name string) bool { return name == "default" })
	slices.Sort(got.Exports)
	if diff := cmp.Diff(declared, got.Exports); diff != "" {
		t.Errorf("exports (-declared +real)\n%s", diff)
	}
	for _, method := range got.Methods {
		if !regexp.MustCompile(`(?m)^    ` + method + `\(`).Match(data) {
			t.Errorf("method %s is not declared", method)
		}
	}
}
