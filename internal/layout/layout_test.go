// Package layout holds the import edges of the module that must never exist.
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
	{"pure run", "/internal/run", "net", "what was declared is read without a network"},
	{"pure measure", "/internal/measure", "net", "a recording is measured without a network"},
	{"pure stats", "/internal/stats", "net", "statistics need no network"},
	{"pure telemetry", "/internal/telemetry", "net", "reconciling needs no network"},
	{"pure validity", "/internal/validity", "net", "what numbers rest on is decided without a network"},
	{"pure gate", "/internal/gate", "net", "a verdict is decided without a network"},
}

// awsImporters are the only packages that import the AWS SDK: what it costs to
// follow its versions stays in these.
var awsImporters = []string{"/internal/auth", "/internal/cloudwatch", "/internal/release/lambda"}

// floors are the floors of the architecture: a package imports only from floors below its own.
var floors = map[string]int{
	"/internal/appointment": 0, "/internal/history": 0, "/internal/stats": 0, "/internal/contention": 0, "/scenarios": 0, "/ci": 0,
	"/internal/workload": 0, "/internal/run": 0, "/internal/auth": 0, "/apis": 0, "/internal/api": 0, "/internal/sigcheck": 0, "/internal/wait": 0, "/internal/stall": 0, "/internal/loopback": 0,
	"/internal/shop": 1, "/internal/check": 1, "/internal/measure": 1, "/internal/telemetry": 1, "/internal/validity": 1, "/internal/ux": 1, "/reference-server": 1,
	"/internal/operator": 2, "/seed": 2, "/internal/rundir": 2, "/internal/probe": 2, "/internal/cloudwatch": 2, "/internal/gate": 2,
	"/xk6-occ": 3, "/internal/k6run": 3, "/internal/compare": 3, "/internal/trend": 3, "/internal/k6import": 3, "/internal/release": 3, "/internal/live": 3,
	"/reports": 4, "/internal/pipeline": 5, "/internal/doctor": 5, "/internal/manual": 5, "/internal/cli": 6, "/cmd/occbench": 7,
}

func load(t *testing.T) map[string]*packages.Package {
	t.Helper()
	mode := packages.NeedName | packages.NeedImports | packages.NeedDeps
	roots, err := packages.Load(&packages.Config{Mode: mode}, module+"/...")
	if err != nil {
		t.Fatal(err)
	}
	if packages.PrintErrors(roots) > 0 {
		t.Fatal("the module does not load")
	}
	byPath := map[string]*packages.Package{}
	for _, p := range roots {
		byPath[p.PkgPath] = p
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
				t.Skipf("%s does not exist", f.from)
			}
			if chain := path(p, f.to, map[string]bool{}); chain != nil {
				t.Errorf("%s\n%s", strings.Join(chain, "\n  imports "), f.why)
			}
		})
	}
}

func TestOnlyTheExtensionAndTheCommandReachK6(t *testing.T) {
	for name, p := range load(t) {
		if slices.Contains(k6Importers, strings.TrimPrefix(name, module)) {
			continue
		}
		if chain := path(p, "go.k6.io/k6/v2/js/modules", map[string]bool{}); chain != nil {
			t.Errorf("k6 is reached by\n%s", strings.Join(chain, "\n  imports "))
		}
	}
}

func TestOnlyFewPackagesImportTheAWSSDK(t *testing.T) {
	for name, p := range load(t) {
		if slices.Contains(awsImporters, strings.TrimPrefix(name, module)) {
			continue
		}
		for dep := range p.Imports {
			if strings.HasPrefix(name, module) && strings.HasPrefix(dep, "github.com/aws/aws-sdk-go-v2") {
				t.Errorf("%s imports %s", name, dep)
			}
		}
	}
}

func TestImportsGoDown(t *testing.T) {
	for name, p := range load(t) {
		floor, ok := floorOf(name)
		if !ok {
			continue
		}
		for dep := range p.Imports {
			if below, ok := floorOf(dep); ok && below > floor {
				t.Errorf("%s (floor %d) imports %s (floor %d)", name, floor, dep, below)
			}
		}
	}
}

// floorOf returns the floor of a package of the module; a sub-package stands on its parent's.
func floorOf(name string) (int, bool) {
	rel := strings.TrimPrefix(name, module)
	for rel != "" && rel != name {
		if floor, ok := floors[rel]; ok {
			return floor, true
		}
		rel = rel[:max(strings.LastIndex(rel, "/"), 0)]
	}
	return 0, false
}
