package reports

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/occbench/occbench/internal/rundir"
	"github.com/occbench/occbench/internal/shop"
)

// command is a command line in the making.
type command struct{ words []string }

// flag adds a flag; one without a text is left out.
func (c *command) flag(name, text string) {
	if text != "" {
		c.words = append(c.words, "--"+name, quoted(clean(text)))
	}
}

// size adds a size that is declared and not the default.
func (c *command) size(name string, bytes, preset int64) {
	if bytes > 0 && bytes != preset {
		c.flag(name, shop.Size(bytes))
	}
}

// toggle adds a flag that has no value.
func (c *command) toggle(name string, on bool) {
	if on {
		c.words = append(c.words, "--"+name)
	}
}

// Repeat is the command that makes the load of a run again. What one load model
// has and the other has not is left out: occbench refuses what could not take
// effect.
func Repeat(m *rundir.Manifest) string {
	c := command{words: []string{"occbench", "validate"}}
	c.subject(m)
	c.model(m.Contention)
	c.length(m)
	c.contention(m.Contention)
	c.flag("races", declaredRaces(m.Races).String())
	c.flag("timeout", length(time.Duration(m.Contention.Timeout)))
	c.size("update-limit", m.Contention.UpdateLimit, shop.DefaultUpdateLimit)
	c.size("list-limit", m.Contention.ListLimit, shop.DefaultListLimit)
	c.flag("rand-seed", strconv.FormatUint(m.RandSeed, 10))
	return strings.Join(c.words, " ")
}

func (c *command) subject(m *rundir.Manifest) {
	if m.Fault != "" || m.Store != "" {
		c.flag("store", m.Store)
		c.flag("fault", m.Fault)
	} else {
		c.flag("target", m.Target.String())
		c.flag("auth", m.Auth)
	}
	c.flag("tag", m.Tag)
	c.toggle("shared-board", m.SharedBoard)
	if m.Browser != nil {
		c.flag("browser", positive(m.Browser.People))
		c.flag("board-url", m.Browser.Board)
	}
}

func (c *command) model(load rundir.Contention) {
	perSecond := func(rate float64) string { return strconv.FormatFloat(rate, 'f', -1, 64) + "/s" }
	switch {
	case load.RatePerSecond <= 0:
		c.flag("operators", positive(load.Operators))
		c.flag("pause", load.Pause)
		return
	case load.RampTo > 0:
		c.flag("ramp", perSecond(load.RatePerSecond)+".."+perSecond(load.RampTo))
	default:
		c.flag("rate", perSecond(load.RatePerSecond))
	}
	c.flag("max-operators", positive(load.MaxOperators))
}

func (c *command) length(m *rundir.Manifest) {
	until := "duration"
	if m.UntilDecided {
		c.toggle("until-decided", true)
		until = "max-duration"
	}
	c.flag(until, length(time.Duration(m.Contention.Duration)))
	warmup := m.Contention.WarmupRule
	if warmup == "" {
		warmup = length(time.Duration(m.Contention.Warmup))
	}
	c.flag("warmup", warmup)
}

func (c *command) contention(load rundir.Contention) {
	c.flag("cards", positive(load.Cards))
	c.flag("think", load.Think)
	c.flag("pick", load.Pick)
	c.flag("walk", load.Walk)
	if load.Refresh > 0 {
		c.flag("refresh", length(time.Duration(load.Refresh)))
	}
	if load.DoubleMoves > 0 {
		c.flag("double-moves", fmt.Sprint(load.DoubleMoves))
	}
	c.flag("attempts", positive(load.Attempts))
	if load.Attempts != 1 { // else nothing is recovered from
		c.flag("budget", length(time.Duration(load.Budget)))
		c.flag("backoff", load.Backoff)
	}
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
