package proof

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/history"
)

// Curl returns the lines of a shell script that plays a finding again by hand,
// in the order in which its operations began: a comment with what was answered
// in the run, then the call. Calls that overlapped in the run end in & and are
// waited for where the run did. by is the API, target the base URL.
//
// A replay finds the record in another version than the run did. The versions are
// therefore those of the run, and the first line says to adjust them.
func Curl(f *check.Anomaly, by *api.API, target string) []string {
	if len(f.Operations) == 0 || f.Opaque() {
		return nil // the tokens are not at hand
	}
	ops := slices.Clone(f.Operations)
	slices.SortStableFunc(ops, func(a, b check.Evidence) int { return cmp.Compare(a.Start, b.Start) })
	lines := []string{"# The versions are those of the run: read the record first and count on from its present one."}
	open := false // a call was sent to the background and not waited for
	for i := range ops {
		e := &ops[i]
		if open && i > 0 && !hasEarlierOverlap(ops[:i], e) {
			lines = append(lines, "wait")
			open = false
		}
		line := formatCall(by, e, target)
		if i+1 < len(ops) && hasOverlap(e, &ops[i+1]) {
			line += " &"
			open = true
		}
		lines = append(lines, fmt.Sprintf("# %s, %s: %s", NameActor(e), describeSource(e), formatLabel(e)), line)
	}
	if open {
		lines = append(lines, "wait")
	}
	return lines
}

// describeSource says where an operation is recorded.
func describeSource(e *check.Evidence) string {
	if e.Line == 0 {
		return "in the probe"
	}
	return fmt.Sprintf("line %d of history.csv", e.Line)
}

func hasEarlierOverlap(ops []check.Evidence, e *check.Evidence) bool {
	return slices.ContainsFunc(ops, func(o check.Evidence) bool { return hasOverlap(&o, e) })
}

// hasOverlap reports whether the first operation was still in progress when
// the second began.
func hasOverlap(first, second *check.Evidence) bool {
	return first.End < first.Start || first.End >= second.Start
}

func formatCall(by *api.API, e *check.Evidence, target string) string {
	line, err := buildCurl(by, e, target)
	if err != nil {
		return "# it cannot be sent by hand: " + err.Error()
	}
	return line
}

func buildCurl(by *api.API, e *check.Evidence, target string) (string, error) {
	v := &api.Vars{ID: e.Record, To: e.Target, Token: []byte(strconv.FormatInt(e.Expected, 10))}
	switch {
	case e.Kind != history.Update && by.Read != nil:
		return by.Read.Curl(target, v, nil)
	case e.Kind != history.Update:
		return by.List.Curl(target, v, nil)
	case e.Expected < 0:
		bare, ok := by.Update.UnconditionalRequest(v)
		if !ok {
			return "", errors.New("this API has no update without a token")
		}
		return withBody(bare, target, v)
	}
	return withBody(&by.Update.Request, target, v)
}

func withBody(r *api.Request, target string, v *api.Vars) (string, error) {
	body, err := r.AppendBody(nil, v)
	if err != nil {
		return "", err
	}
	return r.Curl(target, v, body)
}
