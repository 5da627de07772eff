package layout

import (
	"go/ast"
	"go/types"
	"slices"
	"testing"

	"golang.org/x/tools/go/packages"
)

// cutters take a text apart or ask what is in it.
var cutters = []string{
	"Contains", "ContainsAny", "ContainsFunc", "ContainsRune", "Cut", "CutPrefix", "CutSuffix", "EqualFold", "Fields", "HasPrefix", "HasSuffix", "Index", "IndexByte",
	"LastIndex", "Replace", "ReplaceAll", "Split", "SplitN", "SplitSeq", "TrimPrefix", "TrimSuffix", "MatchString", "FindString", "FindStringSubmatch", "ReplaceAllString",
}

// What decides reads the code and the values of a reason; what shows one takes its
// text as it is. No call takes the text of a reason apart where it gets it.
func TestReasonsAreNotTakenApart(t *testing.T) {
	mode := packages.NeedName | packages.NeedFiles | packages.NeedSyntax | packages.NeedTypes | packages.NeedTypesInfo | packages.NeedImports
	roots, err := packages.Load(&packages.Config{Mode: mode}, module+"/reports/...", module+"/internal/gate/...", module+"/internal/live", module+"/internal/compare",
		module+"/internal/trend", module+"/internal/evidence", module+"/internal/pipeline")
	if err != nil {
		t.Fatal(err)
	}
	calls := 0
	for _, p := range roots {
		for _, f := range p.Syntax {
			ast.Inspect(f, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok || !cuts(p.TypesInfo, call) {
					return true
				}
				calls++
				for _, arg := range call.Args {
					if holdsReason(p.TypesInfo, arg) {
						t.Errorf("%s takes a reason apart", p.Fset.Position(call.Pos()))
					}
				}
				return true
			})
		}
	}
	if calls == 0 {
		t.Error("no call was looked at")
	}
}

// cuts reports whether a call is one of package strings or of a regular expression
// that takes a text apart.
func cuts(info *types.Info, call *ast.CallExpr) bool {
	s, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || !slices.Contains(cutters, s.Sel.Name) {
		return false
	}
	of := info.Uses[s.Sel]
	return of != nil && of.Pkg() != nil && (of.Pkg().Path() == "strings" || of.Pkg().Path() == "regexp")
}

// holdsReason reports whether an expression has a part that is a reason.
func holdsReason(info *types.Info, e ast.Expr) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		if x, ok := n.(ast.Expr); ok {
			if of := info.TypeOf(x); of != nil && types.TypeString(types.Unalias(of), nil) == module+"/internal/reason.Reason" {
				found = true
			}
		}
		return true
	})
	return found
}
