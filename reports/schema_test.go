package reports

import (
	"encoding/xml"
	"io"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/occbench/occbench/internal/need"
	"github.com/occbench/occbench/reports/machine"
)

// The schema's own authors say what a CTRF report is; testdata/schema tells where
// it comes from.
func TestCTRFKeepsItsSchema(t *testing.T) {
	schema, err := jsonschema.NewCompiler().Compile(filepath.Join("testdata", "schema", "ctrf-schema-0.0.json"))
	if err != nil {
		t.Fatal(err)
	}
	for name, run := range listAllRuns(t) {
		doc, err := jsonschema.UnmarshalJSON(strings.NewReader(writeRun(t, Format{Write: machine.CTRF}, run)))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(doc); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := schema.Validate(map[string]any{"results": map[string]any{"tool": map[string]any{}}}); err == nil {
		t.Error("the schema takes anything")
	}
}

// The schema of Jenkins in the hands of libxml2; testdata/schema tells where it
// comes from.
func TestJUnitKeepsItsSchema(t *testing.T) {
	xmllint, err := exec.LookPath("xmllint")
	if err != nil {
		need.Skip(t, "xmllint", err)
	}
	validate := func(text string) (string, error) {
		cmd := exec.Command(xmllint, "--nonet", "--noout", "--schema", filepath.Join("testdata", "schema", "jenkins-junit.xsd"), "-")
		cmd.Stdin = strings.NewReader(text)
		said, err := cmd.CombinedOutput()
		return string(said), err
	}
	for name, run := range listAllRuns(t) {
		if said, err := validate(writeRun(t, Format{Write: machine.JUnit}, run)); err != nil {
			t.Errorf("%s: %v\n%s", name, err, said)
		}
	}
	if _, err := validate("<testsuites><testsuite/></testsuites>"); err == nil {
		t.Error("the schema takes anything")
	}
}

// junitElement is what a later schema of Jenkins, junit-10.xsd, asks of an
// element, where it asks for more.
type junitElement struct {
	children []string
	required []string
	optional []string
}

var junitSchema = map[string]junitElement{
	"testsuites": {children: []string{"testsuite"}, optional: []string{"name", "time", "tests", "failures", "errors"}},
	"testsuite": {children: []string{"testsuite", "properties", "testcase", "system-out", "system-err"}, required: []string{"name", "tests", "failures", "errors"},
		optional: []string{"group", "time", "skipped", "timestamp", "hostname", "id", "package", "file", "log", "url"}},
	"properties": {children: []string{"property"}},
	"property":   {required: []string{"name", "value"}},
	"testcase": {children: []string{"skipped", "error", "failure", "rerunFailure", "rerunError", "flakyFailure", "flakyError", "system-out", "system-err"},
		required: []string{"name"}, optional: []string{"time", "classname", "group"}},
	"failure": {optional: []string{"type", "message"}}, "error": {optional: []string{"type", "message"}}, "skipped": {},
	"system-out": {}, "system-err": {},
}

// surefireTime is a time as that schema writes it.
var surefireTime = regexp.MustCompile(`^(([0-9]{0,3},)*[0-9]{3}|[0-9]{0,3})*(\.[0-9]*)?$`)

func TestJUnitKeepsTheSchemaOfJenkins(t *testing.T) {
	for name, run := range listAllRuns(t) {
		t.Run(name, func(t *testing.T) { keepsJUnit(t, writeRun(t, Format{Write: machine.JUnit}, run)) })
	}
}

func keepsJUnit(t *testing.T, text string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(text))
	open := []string{}
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			rule, known := junitSchema[e.Name.Local]
			switch {
			case !known:
				t.Errorf("<%s>", e.Name.Local)
			case len(open) == 0 && e.Name.Local != "testsuites":
				t.Errorf("the root is <%s>", e.Name.Local)
			case len(open) > 0 && !slices.Contains(junitSchema[open[len(open)-1]].children, e.Name.Local):
				t.Errorf("<%s> within <%s>", e.Name.Local, open[len(open)-1])
			}
			checkAttributes(t, e, rule)
			open = append(open, e.Name.Local)
		case xml.EndElement:
			open = open[:len(open)-1]
		}
	}
}

func checkAttributes(t *testing.T, e xml.StartElement, rule junitElement) {
	t.Helper()
	var names []string
	for _, a := range e.Attr {
		names = append(names, a.Name.Local)
		if !slices.Contains(rule.required, a.Name.Local) && !slices.Contains(rule.optional, a.Name.Local) {
			t.Errorf("<%s %s=%q>", e.Name.Local, a.Name.Local, a.Value)
		}
		if a.Name.Local == "time" && !surefireTime.MatchString(a.Value) {
			t.Errorf("<%s time=%q>", e.Name.Local, a.Value)
		}
	}
	for _, want := range rule.required {
		if !slices.Contains(names, want) {
			t.Errorf("<%s> has no %s", e.Name.Local, want)
		}
	}
}
