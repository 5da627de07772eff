// Package layout holds which package may import which. It is a test alone: an edge that must not exist fails it.
package layout

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"
)

const module = "github.com/occbench/occbench"

// k6Importers are the only packages that may reach k6.
var k6Importers = []string{"", "/xk6-occ", "/cmd/occbench"}

// forbidden maps a package to the import paths it must never reach, and why.
var forbidden = []struct {
	name, from, to, why string
}{
	{"judge and accused", "/internal/check", module + "/reference-server", "the checker must not share code with the server it judges"},
	{"judge and player", "/internal/check", module + "/internal/operator", "the checker must not share code with the traffic it judges"},
	{"pure history", "/internal/history", "net", "a recording is read without a network"},
	{"pure check", "/internal/check", "net", "a recording is judged without a network"},
	{"pure public check", "/check", "net", "a recording is judged without a network"},
	{"pure run", "/internal/run", "net", "what was declared is read without a network"},
	{"pure measure", "/internal/measure", "net", "a recording is measured without a network"},
	{"pure stats", "/internal/stats", "net", "statistics need no network"},
	{"pure telemetry", "/internal/telemetry", "net", "reconciling needs no network"},
	{"pure validity", "/internal/validity", "net", "what numbers rest on is decided without a network"},
	{"pure gate", "/internal/gate", "net", "a verdict is decided without a network"},
}

// awsImporters are the only packages that import the AWS SDK: what it costs to
// follow its versions stays in these.
var awsImporters = []string{"/internal/auth", "/internal/awsapi", "/internal/apicheck", "/internal/blobs",
	"/internal/cloudwatch", "/internal/release/lambda"}

// rooms could be modules of their own: each imports nothing of the rest.
var rooms = []string{"/reference-server/cwlocal"}

// floors are the floors of the architecture, from the ground up: a package imports only from floors below its own or from the same.
// A package that is not listed stands on the floor of its parent. docs/architecture.md shows them as a table.
var floors = [][]string{
	{
		"/apis",
		"/ci",
		"/deploy",
		"/internal/amount",
		"/internal/api",
		"/internal/awsapi",
		"/internal/axetest",
		"/internal/draft",
		"/internal/exit",
		"/internal/limit",
		"/internal/nearest",
		"/internal/need",
		"/internal/gate/name",
		"/internal/goldentest",
		"/internal/history",
		"/internal/history/historytest",
		"/internal/itemtest",
		"/internal/loopback",
		"/internal/noun",
		"/internal/pgtest",
		"/internal/reason",
		"/internal/sanitize",
		"/internal/shell",
		"/internal/sigcheck",
		"/internal/stall",
		"/internal/stats",
		"/internal/wait",
		"/internal/workload",
		"/scenarios",
	},
	{
		"/internal/auth",
		"/internal/blobs",
		"/internal/check",
		"/internal/clocks",
		"/internal/client",
		"/internal/ednimport",
		"/internal/generator",
		"/internal/measure",
		"/internal/plan",
		"/internal/predict",
		"/internal/run",
		"/internal/telemetry",
		"/internal/ux",
		"/internal/validity",
		"/reference-server",
	},
	{
		"/internal/apicheck",
		"/check",
		"/internal/cloudwatch",
		"/internal/conformance",
		"/internal/gate",
		"/internal/operator",
		"/internal/probe",
		"/internal/release",
		"/internal/settings",
		"/seed",
	},
	{
		"",
		"/internal/bundle",
		"/internal/doctor",
		"/internal/evidence",
		"/internal/k6run",
		"/internal/live",
		"/internal/manual",
		"/internal/merge",
		"/internal/selftest",
		"/internal/watch",
		"/xk6-occ",
	},
	{
		"/internal/compare",
		"/internal/k6import",
		"/internal/study",
		"/internal/trend",
		"/reports",
	},
	{
		"/cmd/occbench",
		"/internal/cli",
		"/internal/pipeline",
	},
}

// load returns the packages of the module by their import paths.
func load(t *testing.T) map[string]*packages.Package {
	t.Helper()
	mode := packages.NeedName | packages.NeedFiles | packages.NeedImports | packages.NeedDeps
	roots, err := packages.Load(&packages.Config{Mode: mode}, module+"/...")
	if err != nil {
		t.Fatal(err)
	}
	if packages.PrintErrors(roots) > 0 {
		t.Fatal("the module does not load")
	}
	byPath := map[string]*packages.Package{}
	for _, p := range roots {
		if len(p.GoFiles) > 0 { // docs and this package hold tests alone
			byPath[p.PkgPath] = p
		}
	}
	return byPath
}

// path returns a chain of imports from p to a package whose path is to, or nil.
func path(p *packages.Package, to string, seen map[string]bool) []string {
	if p.PkgPath == to {
		return []string{p.PkgPath}
	}
	if seen[p.PkgPath] {
		return nil
	}
	seen[p.PkgPath] = true
	for _, dep := range p.Imports {
		if rest := path(dep, to, seen); rest != nil {
			return append([]string{p.PkgPath}, rest...)
		}
	}
	return nil
}

func TestForbiddenImports(t *testing.T) {
	pkgs := load(t)
	for _, f := range forbidden {
		t.Run(f.name, func(t *testing.T) {
			p := pkgs[module+f.from]
			if p == nil {
				t.Fatalf("the rule is about %s, which does not exist: change the rule with the package", f.from)
			}
			if chain := path(p, f.to, map[string]bool{}); chain != nil {
				t.Errorf("%s\n%s", strings.Join(chain, "\n  imports "), f.why)
			}
		})
	}
}

func TestImportsOfK6AndOfTheAWSSDK(t *testing.T) {
	pkgs := load(t)
	for _, rule := range []struct {
		name    string
		allowed []string
		offends func(*packages.Package) []string
	}{
		{"k6 is reached only by the extension and the command", k6Importers, func(p *packages.Package) []string {
			return path(p, "go.k6.io/k6/v2/js/modules", map[string]bool{})
		}},
		{"few packages import the AWS SDK", awsImporters, func(p *packages.Package) []string {
			for dep := range p.Imports {
				if strings.HasPrefix(dep, "github.com/aws/aws-sdk-go-v2") {
					return []string{p.PkgPath, dep}
				}
			}
			return nil
		}},
	} {
		t.Run(rule.name, func(t *testing.T) {
			for _, allowed := range rule.allowed {
				if pkgs[module+allowed] == nil {
					t.Errorf("the rule allows %s, which does not exist", allowed)
				}
			}
			for name, p := range pkgs {
				if slices.Contains(rule.allowed, strings.TrimPrefix(name, module)) {
					continue
				}
				if chain := rule.offends(p); chain != nil {
					t.Error(strings.Join(chain, "\n  imports "))
				}
			}
		})
	}
}

// TestRooms holds that a room imports nothing of the module but its own sub-packages.
func TestRooms(t *testing.T) {
	pkgs := load(t)
	for _, room := range rooms {
		if pkgs[module+room] == nil {
			t.Errorf("the rule is about %s, which does not exist", room)
		}
		for name, p := range pkgs {
			for dep := range p.Imports {
				if within(name, room) && strings.HasPrefix(dep, module) && !within(dep, room) {
					t.Errorf("%s imports %s", name, dep)
				}
			}
		}
	}
}

// within reports whether the package stands at room or below it.
func within(name, room string) bool {
	return name == module+room || strings.HasPrefix(name, module+room+"/")
}

func TestImportsGoDown(t *testing.T) {
	for name, p := range load(t) {
		floor, ok := floorOf(name)
		if !ok {
			t.Errorf("%s stands on no floor: add it to floors", name)
		}
		for dep := range p.Imports {
			if below, ok := floorOf(dep); ok && below > floor {
				t.Errorf("%s (floor %d) imports %s (floor %d)", name, floor, dep, below)
			}
		}
	}
}

func TestFloorsHoldPackages(t *testing.T) {
	pkgs := load(t)
	for floor, names := range floors {
		for _, name := range names {
			if pkgs[module+name] == nil {
				t.Errorf("floor %d holds %q, which does not exist", floor, name)
			}
		}
	}
}

// floorOf returns the floor of a package of the module: its own, or that of the nearest parent that is listed.
func floorOf(name string) (int, bool) {
	rel, ours := strings.CutPrefix(name, module)
	for ours {
		if floor := slices.IndexFunc(floors, func(names []string) bool { return slices.Contains(names, rel) }); floor >= 0 {
			return floor, true
		}
		cut := strings.LastIndex(rel, "/")
		if cut <= 0 {
			return 0, false
		}
		rel = rel[:cut]
	}
	return 0, false
}
