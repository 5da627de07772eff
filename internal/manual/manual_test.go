package manual

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/pflag"

	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/goldentest"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/settings"
)

func TestPages(t *testing.T) {
	schema, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	goldentest.CompareFile(t, "../../docs/configuration.md", Page())
	goldentest.CompareFile(t, "../../docs/occbench.schema.json", string(schema))
}

// The tables that stand within pages of their own are those of the table of fields.
func TestTablesWithinPages(t *testing.T) {
	for name, part := range map[string]struct{ begin, end, want string }{
		"xk6-occ/index.d.ts":  {"interface OperatorOptions {\n", "  }\n", Options()},
		"scenarios/README.md": {"| name | default | meaning |\n|---|---|---|\n", "| `OCC_HISTORY`", Parameters()},
	} {
		goldentest.ComparePart(t, filepath.Join("../..", name), part.begin, part.end, part.want)
	}
}

// needs are settings that cannot take effect without another.
var needs = map[string]string{"max_operators": "rate: 40/s\n", "board_url": "browser: 2\n"}

// Every key is explained, has a value to start from, and that value is taken.
func TestEveryKeyIsDocumented(t *testing.T) {
	for _, k := range settings.Keys() {
		t.Run(k.Name, func(t *testing.T) {
			value := k.Default
			if value == "" {
				value = k.Example
			}
			if k.Usage == "" || k.Group == "" || value == "" {
				t.Fatalf("usage, group, or both default and example are missing: %+v", k)
			}
			if k.Shape.Kind == run.List && !strings.HasPrefix(value, "[") {
				t.Errorf("%s is no list", value)
			}
			if _, err := load(t, needs[k.Name]+k.Name+": "+value+"\n"); err != nil {
				t.Errorf("what the manual shows is refused: %v", err)
			}
		})
	}
	for _, g := range gate.Rules() {
		if g.Question == "" {
			t.Errorf("gate %s is not explained", g.Name)
		}
	}
}

// load reads a settings file, with nothing in the environment.
func load(t *testing.T, file string) (*settings.Settings, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "occbench.yaml")
	if err := os.WriteFile(path, []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return time.Date(2026, 3, 31, 23, 30, 0, 0, time.UTC) }
	l := settings.NewLoader(now, func(string) (string, bool) { return "", false })
	fs := pflag.NewFlagSet("test", pflag.ContinueOnError)
	l.Bind(fs, settings.Flags()...)
	if err := fs.Parse([]string{"--config", path}); err != nil {
		t.Fatal(err)
	}
	return l.Load()
}

// listTexts returns the effective values without their sources.
func listTexts(t *testing.T, file string) map[string]string {
	t.Helper()
	s, err := load(t, file)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, v := range s.Effective() {
		all[v.Key] = v.Text
	}
	return all
}

var settingLine = regexp.MustCompile(`(?m)^#([a-z].*)$`)

// The sample changes nothing, as it is written and with every default in it.
func TestSampleIsTheDefaults(t *testing.T) {
	want := listTexts(t, "")
	if diff := cmp.Diff(want, listTexts(t, Sample())); diff != "" {
		t.Errorf("as it is written (-want +got)\n%s", diff)
	}
	var all bytes.Buffer
	examples := map[string]bool{}
	for _, k := range settings.Keys() {
		examples[k.Name] = k.Default == ""
	}
	for _, m := range settingLine.FindAllStringSubmatch(Sample(), -1) {
		name, value, _ := strings.Cut(m[1], ":")
		known, ok := examples[name]
		if ok && !known && !(name == "operators" || name == "pause" || name == "max_operators") {
			all.WriteString(m[1] + "\n")
		}
		if ok && strings.TrimSpace(value) == "" {
			t.Errorf("%s has no value", name)
		}
	}
	if n := strings.Count(all.String(), "\n"); n < 15 {
		t.Fatalf("only %d defaults in the sample", n)
	}
	if diff := cmp.Diff(want, listTexts(t, all.String())); diff != "" {
		t.Errorf("with the defaults in it (-want +got)\n%s", diff)
	}
}

// The gates of the sample, without their #, are the default policy, apart from
// those that are examples of being switched off.
func TestSampleGates(t *testing.T) {
	_, policy, _ := strings.Cut(Sample(), "#confidence")
	policy = regexp.MustCompile(`(?m)^#( ?[ a-z])`).ReplaceAllString("#confidence"+policy, "$1")
	var file []string
	for _, line := range strings.Split(policy, "\n") {
		if regexp.MustCompile(`^( {2})?[a-z_0-9]+: ?[^ ]*$`).MatchString(line) {
			file = append(file, line)
		}
	}
	s, err := load(t, strings.Join(file, "\n"))
	if err != nil {
		t.Fatalf("%v\n%s", err, strings.Join(file, "\n"))
	}
	if s.Gates.Confidence != gate.Default().Confidence || len(s.Gates.Gate) != len(gate.Names()) {
		t.Fatalf("%+v", s.Gates)
	}
	want, got := gate.Default(), gate.Default()
	for name, g := range s.Gates.Gate {
		if g.Limit == nil {
			continue
		}
		if err := got.SetLimit(name, *g.Limit); err != nil {
			t.Error(err)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestSchemaIsSorted(t *testing.T) {
	a, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	var doc any
	if err := json.Unmarshal(a, &doc); err != nil {
		t.Fatal(err)
	}
	b, err := json.MarshalIndent(doc, "", "  ")
	if err != nil || string(b)+"\n" != string(a) {
		t.Errorf("encoding it again gives other bytes, %v", err)
	}
}
