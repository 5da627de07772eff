package check

import (
	"testing"

	"github.com/occbench/occbench/internal/history"
)

// cores are vocabularies so small that every history of six operations can be
// judged. The first has an operation of each kind, the others are about one topic
// each.
var cores = []struct {
	name    string
	letters []letter
}{
	{"one version", []letter{
		shown(1, "scheduled"), shown(2, "in_progress"), applied(1, "in_progress"), lost(1, "in_progress"), failed(1, "in_progress"),
		stale(1), invalid(1, "completed"),
	}},
	{"a version in between", []letter{
		shown(1, "scheduled"), shown(3, "scheduled"), lost(1, "in_progress"), lost(2, "scheduled"), failed(2, "scheduled"),
		stale(2), invalid(2, "in_progress"),
	}},
	{"states", []letter{
		shown(1, "scheduled"), shown(3, "completed"), lost(1, "in_progress"), lost(1, "no_show"), lost(2, "completed"), applied(2, "scheduled"),
		stale(3), invalid(2, "completed"),
	}},
	{"bodies of 409s", []letter{
		shown(1, "scheduled"), applied(1, "in_progress"), lost(1, "no_show"), told(1, 2, "in_progress"), told(1, 2, "no_show"), told(2, 1, "scheduled"),
		stale(2),
	}},
}

func shown(version int64, status string) letter {
	return newLetter(history.Read, history.Seen, 200, history.None, version, "", status)
}

func applied(expected int64, target string) letter {
	return newLetter(history.Update, history.Applied, 200, expected, expected+1, target, target)
}

func lost(expected int64, target string) letter {
	return newLetter(history.Update, history.NoAnswer, 0, expected, history.None, target, "")
}

func failed(expected int64, target string) letter {
	return newLetter(history.Update, history.ServerError, 500, expected, history.None, target, "")
}

func invalid(expected int64, target string) letter {
	return newLetter(history.Update, history.Rejected, 422, expected, history.None, target, "")
}

func stale(expected int64) letter { return told(expected, history.None, "") }

func told(expected, version int64, status string) letter {
	return newLetter(history.Update, history.Conflict, 409, expected, version, "scheduled", status)
}

// TestExhaustiveCores compares the checker with the oracle on every history of up
// to four operations in few words, and in the long test of up to six.
func TestExhaustiveCores(t *testing.T) {
	most := mostOperations(t, 3, 4, 6)
	for _, core := range cores {
		t.Run(core.name, func(t *testing.T) {
			for n := 1; n <= most; n++ {
				enumerate(t, core.letters, n)
			}
		})
	}
}
