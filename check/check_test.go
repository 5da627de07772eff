package check_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/check"
)

func TestErrors(t *testing.T) {
	for _, c := range []struct {
		name string
		op   check.Operation
		want string
	}{
		{"no kind", check.Operation{Outcome: check.Seen}, `operation 0: kind ""`},
		{"no outcome", check.Operation{Kind: check.Read}, `operation 0: outcome ""`},
		{"an update without a token", check.Operation{Kind: check.Update, Record: "a", Operator: 1, Outcome: check.Conflict},
			`operation 0: update of record "a": an update names its record and the token it expects`},
		{"a read without a token", check.Operation{Kind: check.Read, Record: "a", Operator: 1, Outcome: check.Seen},
			`operation 0: read of record "a": a record that was seen comes with its token`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := check.History([]check.Operation{c.op}, check.Options{}); err == nil || !strings.HasPrefix(err.Error(), c.want) {
				t.Errorf("error %v, want %s", err, c.want)
			}
		})
	}
}

// TestFileAndHistoryAgree writes a history and judges it both ways.
func TestFileAndHistoryAgree(t *testing.T) {
	ops := []check.Operation{
		{Kind: check.Read, Record: "a", Operator: 1, Start: 1, End: 2, Outcome: check.Seen, Token: "1"},
		{Kind: check.Update, Record: "a", Operator: 1, Start: 3, End: 5, Outcome: check.Applied, Expected: "1", Token: "2"},
		{Kind: check.Update, Record: "a", Operator: 2, Start: 4, End: 6, Outcome: check.Applied, Expected: "1", Token: "2"},
	}
	options := check.Options{Unaudited: true}
	path := filepath.Join(t.TempDir(), "history.csv")
	var text strings.Builder
	if err := check.Write(&text, ops); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	one, err := check.History(ops, options)
	if err != nil {
		t.Fatal(err)
	}
	two, err := check.File(path, options)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(one, two); diff != "" || !one.Judged || len(one.Anomalies) != 1 {
		t.Errorf("%d anomalies (-history +file):\n%s", len(one.Anomalies), diff)
	}
	if audited, err := check.History(ops, check.Options{}); err != nil || audited.Judged {
		t.Errorf("without audits: judged %v, %v", audited.Judged, err)
	}
	if _, err := check.History(ops, check.Options{API: "nothing.yaml"}); err == nil {
		t.Error("an API file that is not there is no error")
	}
}
