package reports

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/occbench/occbench/internal/rundir"
)

// fact is a name and a value.
type fact struct{ Name, Value string }

// contention lists the declared load, and what came of it.
func contention(run Run) []fact {
	var all []fact
	if m := run.Manifest; m != nil {
		c := m.Contention
		all = append(all,
			fact{"scenario", orUnknown(m.Scenario)},
			fact{"load", model(c)},
			fact{"length", length(time.Duration(c.Duration)) + " after " + length(time.Duration(c.Warmup)) + " of warm-up"},
			fact{"cards", cards(c.Cards) + " of " + orUnknown(m.Date) + " tagged " + orUnknown(m.Tag)},
			fact{"pick, walk", orUnknown(c.Pick) + ", " + orUnknown(c.Walk)},
			fact{"think, pause", orUnknown(c.Think) + ", " + orUnknown(c.Pause)},
			fact{"retries", fmt.Sprintf("%d moves a turn within %s, backoff %s", c.Attempts, length(time.Duration(c.Budget)), orUnknown(c.Backoff))},
			fact{"timeout", length(time.Duration(c.Timeout))})
	}
	if n := run.Numbers; n != nil && n.Attempts > 0 {
		all = append(all, fact{"measured", pace(n)})
	}
	return all
}

// provenance lists where the run comes from.
func provenance(run Run) []fact {
	var all []fact
	if run.Directory != "" {
		all = append(all, fact{"run", clean(run.Directory)})
	}
	m := run.Manifest
	if m == nil {
		return all
	}
	all = append(all,
		fact{"target", target(m)},
		fact{"started", moment8601(m.Start)},
		fact{"ended", moment8601(m.End)},
		fact{"made with", fmt.Sprintf("occbench %s, k6 %s", orUnknown(m.ToolVersion), orUnknown(m.K6Version))},
		fact{"random seed", strconv.FormatUint(m.RandSeed, 10)})
	if m.Dialect != "" {
		all = append(all, fact{"dialect", clean(m.Dialect)})
	}
	return all
}

// moment8601 writes a time in UTC; the zero time is unknown.
func moment8601(t time.Time) string {
	if t.IsZero() {
		return "unknown"
	}
	return t.UTC().Format("2006-01-02 15:04:05 UTC")
}

// repeat is the command that makes the same load again.
func repeat(m *rundir.Manifest) string {
	c := m.Contention
	words := []string{"occbench", "validate"}
	flag := func(name, text string) {
		if text != "" {
			words = append(words, "--"+name, quoted(clean(text)))
		}
	}
	if m.Fault != "" || m.Store != "" {
		flag("store", m.Store)
		flag("fault", m.Fault)
	} else {
		flag("target", m.Target.String())
	}
	flag("tag", m.Tag)
	flag("operators", positive(c.Operators))
	flag("duration", length(time.Duration(c.Duration)))
	flag("warmup", length(time.Duration(c.Warmup)))
	flag("cards", positive(c.Cards))
	flag("think", c.Think)
	flag("pause", c.Pause)
	flag("pick", c.Pick)
	flag("walk", c.Walk)
	flag("attempts", positive(c.Attempts))
	flag("budget", length(time.Duration(c.Budget)))
	flag("backoff", c.Backoff)
	flag("timeout", length(time.Duration(c.Timeout)))
	flag("rand-seed", strconv.FormatUint(m.RandSeed, 10))
	return strings.Join(words, " ")
}

func positive(n int) string {
	if n <= 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// quoted makes a word safe to paste into a POSIX shell.
func quoted(s string) string {
	safe := func(r rune) bool {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("-_./:,=@", r)
	}
	if s != "" && strings.IndexFunc(s, func(r rune) bool { return !safe(r) }) < 0 {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
