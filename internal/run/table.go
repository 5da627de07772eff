package run

import (
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/occbench/occbench/internal/noun"
	"github.com/occbench/occbench/internal/workload"
)

// Fields returns the table in the order of the manual. The clock says which day
// tomorrow is.
func Fields(now func() time.Time) []Field {
	return append(subjectFields(now), lastingFields()...)
}

// lastingFields are the fields that do not depend on the day. Each operator of a run asks
// for them, so they are made once.
var lastingFields = sync.OnceValue(func() []Field {
	return slices.Concat(loadFields(), browserFields(), serverFields())
})

func subjectFields(now func() time.Time) []Field {
	return []Field{
		newField(func(s *Spec) *string { return &s.Target }, newTargetCodec(), Field{
			Name: "target", Section: "The target", Env: "URL", K6: "URL", Option: "url", Manifest: "target",
			Example: "http://127.0.0.1:8080",
			Script:  "base URL of the API",
			Without: "`http://127.0.0.1:8080`",
			Usage:   "base `URL` of the API, or bundled: occbench's own demo server, which validate starts without a target too",
			Free:    true, Repeat: isForeign}),
		newField(func(s *Spec) *string { return &s.API }, NewCheckedCodec(checkAPI), Field{
			Name: "api", Section: "The target", Manifest: "api", Omit: true, Default: DefaultAPI,
			Script: "what the target speaks: the name of an API file that comes with occbench, or a file",
			Usage:  "what the target speaks: `NAME` of an API file that comes with occbench, or a file",
			Terse:  true, Compared: comparedAPI}),
		newDerivedField("api_sha256", func(s *Spec) any { return &s.APIHash }),
		newField(func(s *Spec) *string { return &s.Date }, newDayCodec(now), Field{
			Name: "date", Section: "The target", Env: "DATE", K6: "DATE", Manifest: "date", Default: "tomorrow",
			Script:  "day of the records, `YYYY-MM-DD`",
			Without: "tomorrow, UTC",
			Usage:   "`DATE` of the records, where the API has dates: YYYY-MM-DD, today or tomorrow (UTC)",
			Free:    true, Repeat: returnFalse}),
		newField(func(s *Spec) *string { return &s.Tag }, NewCheckedCodec(checkTag), Field{
			Name: "tag", Section: "The target", Manifest: "tag", Default: "load",
			Script: "only records of this tag are updated",
			Usage:  "only records of this `TAG` are ever updated",
			Free:   true}),
		newField(func(s *Spec) *string { return &s.Auth }, NewTextCodec(), Field{
			Name: "auth", Section: "The target", Manifest: "auth", Omit: true, Example: "bearer:env=API_TOKEN",
			Script: "where the secret is that requests are authenticated with: `sigv4[:service=S,region=R,profile=P]`, " +
				"`bearer:env=VARIABLE` or `header:NAME=env:VARIABLE`; the secret itself stays in k6's own environment and is never an `-e`",
			Without: "`none`",
			Usage: "`HOW` requests are authenticated: sigv4[:service=S,region=R,profile=P], bearer:env=VARIABLE, " +
				"header:NAME=env:VARIABLE, none; secrets stand in variables, never here",
			Free: true, Repeat: isForeign}),
		newField(func(s *Spec) *time.Duration { return &s.Timeout }, NewDurationCodec(time.Millisecond, "10s"), Field{
			Name: "timeout", Section: "The target", Default: "10s", Usage: "`TIME` after which a request has no answer"}),
		newField(func(s *Spec) *int64 { return &s.UpdateLimit }, newSizeCodec(), Field{
			Name: "update-limit", Section: "The target", Default: "1MiB", Manifest: "contention.update_limit_bytes", Omit: true,
			Usage: "`SIZE` that the answer to an update may have; a larger one is malformed",
			Free:  true, Terse: true}),
		newField(func(s *Spec) *int64 { return &s.ListLimit }, newSizeCodec(), Field{
			Name: "list-limit", Section: "The target", Default: "64MiB", Manifest: "contention.list_limit_bytes", Omit: true,
			Usage: "`SIZE` that the answer to a read may have, a list of records among them; a larger one is malformed",
			Free:  true, Terse: true}),
	}
}

func loadFields() []Field {
	all := []Field{
		newField(func(s *Spec) *int { return &s.Operators }, NewCountCodec(100_000), Field{
			Name: "operators", Default: "20", Omit: true,
			Script: "closed model: operators in all",
			Usage:  "`N` operators of the closed model, each patient enough to wait for every answer"}),
		newField(func(s *Spec) *float64 { return &s.Rate }, newRateCodec(), Field{
			Name: "rate", Example: "40/s", Manifest: "contention.rate_per_second", Omit: true,
			Script:  "open model: turns begun per second, such as `40` or `0.5`, at first when there is a ramp; excludes operators",
			Without: "closed model",
			Usage:   "open model instead of --operators: `RATE` at which turns begin, such as 40/s",
			Repeat:  func(s *Spec) bool { return s.RampTo == 0 }}),
		{Name: "ramp", Example: "10/s..80/s", K6: "-", Manifest: "-", Shape: Shape{Kind: Text}, set: parseRamp, write: writeRamp,
			Free:  true,
			Usage: "open model whose rate grows or falls evenly over the run: `RATE..RATE`, such as 10/s..80/s"},
		newField(func(s *Spec) *float64 { return &s.RampTo }, newRateCodec(), Field{
			Name: "ramp-to", Manifest: "contention.ramp_to_per_second", Omit: true, Derived: true,
			Script:  "open model: turns begun per second at the end",
			Without: "the rate is constant"}),
		newField(func(s *Spec) *int { return &s.MaxOperators }, newCountOrAutoCodec(100_000), Field{
			Name: "max-operators", Default: automatic, Omit: true, Free: true,
			Script:  "open model: turns under way at once, one VU each",
			Without: "from the rate and the length of a turn",
			Usage:   "`N` turns of the open model that may be under way at once, or auto: from the rate and the length of a turn"}),
		newField(func(s *Spec) *time.Duration { return &s.Duration }, NewDurationCodec(time.Second, "60s"), Field{
			Name: "duration", Default: "60s", Usage: "`TIME` the load lasts, warm-up included", Free: true,
			Script: "how long they play",
			Repeat: func(s *Spec) bool { return !s.UntilDecided }}),
		newField(func(s *Spec) *bool { return &s.UntilDecided }, NewSwitchCodec(), Field{
			Name: "until-decided", Default: "false", Toggle: true, K6: "-", Manifest: "until_decided", Omit: true, Free: true,
			Usage: "end the load as soon as every gate is decided"}),
		newField(func(s *Spec) *time.Duration { return &s.MaxDuration }, NewDurationCodec(time.Second, "10m"), Field{
			Name: "max-duration", Default: "10m", K6: "-", Omit: true, Free: true,
			Usage:  "`TIME` after which --until-decided gives up",
			Repeat: func(s *Spec) bool { return s.UntilDecided }}),
		newField(func(s *Spec) *bool { return &s.FailFast }, NewSwitchCodec(), Field{
			Name: "fail-fast", Default: "false", Toggle: true, K6: "-", Manifest: "fail_fast", Omit: true, Free: true,
			Usage: "end the load as soon as an anomaly is proven"}),
		warmupField(),
		newDerivedField("contention.warmup_rule", func(s *Spec) any { return (*autoWord)(&s.WarmupAuto) }),
		newField(func(s *Spec) *int { return &s.Records }, newCountOrAutoCodec(1_000_000), Field{
			Name: "records", Default: automatic, Unset: "0", Near: 0.05, K6: "OCC_RECORD_COUNT", Option: "recordCount",
			Script:  "how many of the tagged records are in play, those that can still be updated first and by id; 0: all",
			Without: "all",
			Usage:   "`N` records in play, or auto: as many as give 3-5 % conflicts"}),
		newField(func(s *Spec) *workload.Delay { return &s.Think }, newDelayCodec(), Field{
			Name: "think", Default: "250ms", Usage: "`TIME` between reading and updating: 250ms, uniform:a-b, exp:m, lognormal:median,p95",
			Script: "time between read and update: `250ms`, `uniform:100ms-400ms`, `exp:250ms`, `lognormal:250ms,900ms` (median, p95)"}),
		newField(func(s *Spec) *workload.Delay { return &s.Pause }, newDelayCodec(), Field{
			Name: "pause", Default: "250ms", Usage: "`TIME` between turns, as --think",
			Script: "closed model: time between turns, in the same forms",
			Repeat: func(s *Spec) bool { return !s.IsOpen() }}),
		newField(func(s *Spec) *workload.Pick { return &s.Pick }, newNotationCodec(workload.ParsePick, Shape{Kind: Text}), Field{
			Name: "pick", Default: "uniform", Usage: "`MODEL` of which record is picked: uniform, first, own, zipf:THETA, hotspot:X/Y",
			Script: "which record: `uniform`, `first`, `own`, `zipf:0.99`, `hotspot:20/80`"}),
		newField(func(s *Spec) *time.Duration { return &s.Refresh }, newRefreshCodec(), Field{
			Name: "refresh", Example: "2s", Omit: true, Unset: "0s",
			Script:  "how long a list stays on the operator's screen before it is polled again",
			Without: "every turn reads its own",
			Usage:   "`TIME` for which a list stays on an operator's screen; without it every turn reads its own",
			Tell:    tellRefresh}),
		newField(func(s *Spec) *float64 { return &s.DoubleUpdates }, newShareCodec(), Field{
			Name: "double-updates", Default: "0", Omit: true,
			Script: "share of the turns, 0 to 1, whose first update is sent twice within 50 ms, with the same token",
			Usage:  "`SHARE` of the turns whose update is sent twice, as by a second click, 0 to 1",
			Tell:   tellDoubleUpdates}),
		newField(func(s *Spec) *workload.Races { return &s.Races }, newNotationCodec(workload.ParseRaces, Shape{Kind: Text}), Field{
			Name: "races", Default: automatic, Manifest: "-",
			Script: "races beside the load, on 4 records of their own: `auto` (2 points of conflicts more at most), `off`, " +
				"or `N/s[xK]` of K operators such as `0.5/sx8`; with fewer than 4 records beside those of the load, `auto` plays on " +
				"what there is",
			Usage: "`RACES` beside the load, in which operators of their own send the same token at the same instant: " +
				"auto (at most 2 points of conflicts more), off, or N/s[xK] of K operators, such as 2/sx8"}),
		newDerivedField("races.rate_per_second", func(s *Spec) any { return &s.Races.Rate }),
		newDerivedField("races.auto", func(s *Spec) any { return &s.Races.Auto }),
		newDerivedField("races.crew", func(s *Spec) any { return &s.Races.Crew }),
		newField(func(s *Spec) *int { return &s.FirstRacer }, NewCountCodec(1<<30), Field{
			Name: "race-first", Option: "-", Manifest: "races.first_operator", Omit: true, Derived: true, Free: true,
			Script:  "operator number of the first in a race",
			Without: "`50001`"}),
		newDerivedField("races.records", func(s *Spec) any { n := s.Races.Records(); return &n }),
		newField(func(s *Spec) *workload.Walk { return &s.Walk }, newWalkCodec(), Field{
			Name: "walk", Default: "cycle", Usage: "`WALK` of a record, by its name in the API file; cycle never uses one up",
			Script: "where to: `cycle` never uses a record up; the others are those of the API file"}),
		newField(func(s *Spec) *workload.Backoff { return &s.Backoff }, newBackoffCodec(), Field{
			Name: "backoff", Default: "full",
			Script: "wait before reading again: `none`, `exponential`, `equal`, `full`, `decorrelated`",
			Usage:  "`POLICY` between refetch and retry: none, exponential, equal, full, decorrelated",
			Repeat: hasRetries}),
		newField(func(s *Spec) *int { return &s.Attempts }, NewCountCodec(200), Field{
			Name: "attempts", Default: "3", Usage: "`N` attempts a turn may take, the first included; 1 is no recovery",
			Script: "updates a turn may send, the first included; 1: no recovery"}),
		newField(func(s *Spec) *time.Duration { return &s.Budget }, NewDurationCodec(time.Millisecond, "2s"), Field{
			Name: "budget", Default: "2s", Usage: "`TIME` a turn may take to recover",
			Script: "how long after its first conflict a turn may go on",
			Repeat: hasRetries}),
		newField(func(s *Spec) *uint64 { return &s.RandSeed }, newSeedCodec(), Field{
			Name: "rand-seed", Example: "42", Option: "seed", Manifest: "rand_seed", Free: true,
			Script:  "with an operator's number it fixes every pick and time",
			Without: "drawn per process; with `OCC_DIR` it follows from the id of the run",
			Usage:   "`N` that fixes picks and think times; without it a new one is drawn and recorded"}),
		newField(func(s *Spec) *bool { return &s.SharedRecords }, NewSwitchCodec(), Field{
			Name: "shared-records", Default: "false", Toggle: true, K6: "-", Manifest: "shared_records",
			Usage:    "others may update our records too: their versions are counted, not anomalies",
			Compared: func(s *Spec) string { return fmt.Sprint(s.SharedRecords) }}),
		newField(func(s *Spec) *int { return &s.Generators }, newGeneratorsCodec(), Field{
			Name: "generators", Default: "1", Option: "-", Manifest: "generators", Omit: true, Terse: true, Free: true,
			Script:  "k6 processes that make the load together, each a segment of it",
			Without: "as many as `--execution-segment-sequence` has",
			Usage:   "`N` k6 processes on this machine that make the load together; the load is the same, and so is the verdict"}),
	}
	for i := range all {
		all[i].Section = "The load"
	}
	return all
}

func browserFields() []Field {
	all := []Field{
		newField(func(s *Spec) *int { return &s.Browser }, NewCountCodec(50), Field{
			Name: "browser", Example: "2", K6: "OCC_BROWSERS", Option: "-", Manifest: "browser.people", Omit: true,
			Usage: "`N` people at the status board in real browsers, beside the operators",
			What:  "people in browsers"}),
		newField(func(s *Spec) *int { return &s.FirstDesk }, NewCountCodec(1<<30), Field{
			Name: "first-desk", K6: "OCC_DESK_FIRST", Option: "-", Manifest: "browser.first_operator", Omit: true, Derived: true,
			Free: true}),
		newField(func(s *Spec) *string { return &s.Scenario }, NewChoiceCodec(UpdateScenario, BrowserScenario), Field{
			Name: "scenario", Example: "browser", K6: "-", Manifest: "scenario",
			Usage:  "`SCENARIO`: update (operators of the API) or browser (and people in browsers)",
			Repeat: returnFalse}),
		newField(func(s *Spec) *string { return &s.BoardURL }, NewCheckedCodec(checkBoardURL), Field{
			Name: "board-url", Example: "https://shop.example.org/board", Option: "-", Manifest: "browser.board", Omit: true, Free: true,
			Usage: "`URL` of the page that people open; without it the target's own"}),
	}
	for i := range all {
		all[i].Section = "The status board"
	}
	return all
}

func serverFields() []Field {
	all := []Field{
		newField(func(s *Spec) *string { return &s.Store }, NewChoiceCodec("sqlite", "postgres"), Field{
			Name: "store", Default: "sqlite", K6: "-", Manifest: "store", Omit: true,
			Usage: "`STORE` of the bundled server: sqlite or postgres"}),
		newField(func(s *Spec) *string { return &s.Fault }, NewTextCodec(), Field{
			Name: "fault", Example: "lost-update:0.1", K6: "-", Manifest: "fault", Omit: true, Free: true,
			Usage: "break the bundled server on purpose: `NAME[:RATE][,NAME...]`"}),
	}
	for i := range all {
		all[i].Section = "The bundled server"
	}
	return all
}

// warmupField sets two fields of Spec: the time, and whether MSER-5 finds it.
func warmupField() Field {
	times := NewDurationCodec(0, "2s, or auto")
	shape := times.Shape
	shape.Words = []string{automatic}
	return Field{
		Name: "warmup", What: "warm-up", Default: "2s", Shape: shape,
		Script:  "the first part, recorded but not measured",
		Without: "`2s`; a tenth of the duration where that would leave nothing",
		Usage:   "`TIME` at the start that is shown but not judged, or auto: until MSER-5 sees no trend, 30 % of the run at most",
		set: func(s *Spec, text string) (err error) {
			if s.WarmupAuto = text == automatic; s.WarmupAuto {
				s.Warmup = 0
				return nil
			}
			s.Warmup, err = times.Parse(text)
			return err
		},
		write: func(s *Spec) string {
			if s.WarmupAuto {
				return automatic
			}
			return times.Write(s.Warmup)
		},
		at: func(s *Spec) any { return &s.Warmup },
	}
}

func newWalkCodec() Codec[workload.Walk] {
	return newNotationCodec(workload.ParseWalk, Shape{Kind: Choice, Words: []string{workload.Cycle.String(), workload.Forward.String()}})
}

func newRefreshCodec() Codec[time.Duration] {
	c := NewDurationCodec(10*time.Millisecond, "2s")
	parse := c.Parse
	c.Parse = func(text string) (time.Duration, error) {
		if text == "0" || text == "0s" {
			return 0, fmt.Errorf("a list cannot be held for no time; without a refresh every turn reads its own")
		}
		return parse(text)
	}
	return c
}

func tellRefresh(s *Spec, w noun.Words) string {
	if s.Refresh == 0 {
		return ""
	}
	return w.Listing() + "s held for " + FormatDuration(s.Refresh)
}

func tellDoubleUpdates(s *Spec, w noun.Words) string {
	if s.DoubleUpdates == 0 {
		return ""
	}
	return fmt.Sprintf("%.3g %% of the %s sent twice", 100*s.DoubleUpdates, w.Updates())
}

// isForeign reports whether the target is not the bundled server.
func isForeign(s *Spec) bool { return s.Store == "" && s.Fault == "" }

// hasRetries reports whether a conflict is retried.
func hasRetries(s *Spec) bool { return s.Attempts != 1 }

func returnFalse(*Spec) bool { return false }

// mostGenerators bounds the k6 processes of a run.
const mostGenerators = 1000

// newGeneratorsCodec returns the codec of the number of k6 processes that make
// the load. One process is the default and is stored as 0.
func newGeneratorsCodec() Codec[int] {
	c := NewCountCodec(mostGenerators)
	parse := c.Parse
	c.Parse = func(text string) (int, error) {
		n, err := parse(text)
		if n == 1 {
			n = 0
		}
		return n, err
	}
	c.Write = func(n int) string { return strconv.Itoa(max(n, 1)) }
	return c
}
