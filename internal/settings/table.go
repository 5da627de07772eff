package settings

import (
	"strings"
	"time"
)

// setting is one row of the table.
type setting struct {
	name   string // as a flag
	env    string // the variable; empty: OCCBENCH_<NAME>
	preset string // the default, parsed like any other value
	noPre  bool   // the zero value is the default
	usage  string
	parse  parser
	toggle bool // a flag without a value means true
}

// variable returns the name of the environment variable.
func (s *setting) variable() string {
	if s.env != "" {
		return s.env
	}
	return "OCCBENCH_" + strings.ToUpper(strings.ReplaceAll(s.name, "-", "_"))
}

// Gate limits are set in the file alone: a policy belongs under version
// control, not on a command line that nobody sees again.
func table(now func() time.Time) []setting {
	return []setting{
		{name: "target", env: "URL", noPre: true, usage: "base `URL` of the move API; without it the bundled server is started", parse: parseTarget},
		{name: "allow-host", noPre: true, usage: "a `HOST` other than this machine that may be loaded (repeatable)", parse: parseHosts},
		{name: "date", env: "DATE", preset: "tomorrow", usage: "`DATE` of the board: YYYY-MM-DD, today or tomorrow (UTC)", parse: dateParser(now)},
		{name: "tag", preset: "load", usage: "only cards with occbench:`TAG` in their notes are ever moved", parse: parseTag},
		{name: "timeout", preset: "10s", usage: "`TIME` after which a request has no answer", parse: duration(func(s *Settings) *time.Duration { return &s.Timeout }, time.Millisecond, "10s")},

		{name: "operators", preset: "20", usage: "`N` operators of the closed model, each patient enough to wait for every answer", parse: count(func(s *Settings) *int { return &s.Operators }, 100_000)},
		{name: "rate", noPre: true, usage: "open model instead of --operators: `RATE` at which turns begin, such as 40/s", parse: parseRate},
		{name: "ramp", noPre: true, usage: "open model whose rate grows or falls evenly over the run: `RATE..RATE`, such as 10/s..80/s", parse: parseRamp},
		{name: "max-operators", preset: "auto", usage: "`N` turns of the open model that may be under way at once, or auto: from the rate and the length of a turn", parse: parseMaxOperators},
		{name: "duration", preset: "60s", usage: "`TIME` the load lasts, warm-up included", parse: duration(func(s *Settings) *time.Duration { return &s.Duration }, 100*time.Millisecond, "60s")},
		{name: "warmup", preset: "2s", usage: "`TIME` at the start that is shown but not judged, or auto: until MSER-5 sees no trend, 30 % of the run at most", parse: parseWarmup},
		{name: "cards", preset: "auto", usage: "`N` cards in play, or auto: as many as give 3-5 % conflicts", parse: parseCards},
		{name: "think", preset: "250ms", usage: "`TIME` between reading and moving: 250ms, uniform:a-b, exp:m, lognormal:median,p95", parse: delay(thinkField)},
		{name: "pause", preset: "250ms", usage: "`TIME` between turns, as --think", parse: delay(pauseField)},
		{name: "pick", preset: "uniform", usage: "`MODEL` of which card is picked: uniform, first, own, zipf:THETA, hotspot:X/Y", parse: parsePick},
		{name: "refresh", noPre: true, usage: "`TIME` for which a board stays on an operator's screen; without it every turn reads its own", parse: parseRefresh},
		{name: "double-moves", preset: "0", usage: "`SHARE` of the turns whose move is clicked twice, 0 to 1", parse: parseShare},
		{name: "walk", preset: "cycle", usage: "`WALK` of a card: cycle (never used up) or forward (three moves and done)", parse: parseWalk},
		{name: "backoff", preset: "full", usage: "`POLICY` between refetch and retry: none, exponential, equal, full, decorrelated", parse: oneOf(func(s *Settings) *string { return &s.Backoff }, "none", "exponential", "equal", "full", "decorrelated")},
		{name: "attempts", preset: "3", usage: "`N` attempts a turn may take, the first included; 1 is no recovery", parse: count(func(s *Settings) *int { return &s.Attempts }, 200)},
		{name: "budget", preset: "2s", usage: "`TIME` a turn may take to recover", parse: duration(func(s *Settings) *time.Duration { return &s.Budget }, time.Millisecond, "2s")},
		{name: "rand-seed", noPre: true, usage: "`N` that fixes picks and think times; without it a new one is drawn and recorded", parse: parseSeed},
		{name: "shared-board", preset: "false", toggle: true, usage: "others may move our cards too: their versions are counted, not findings", parse: parseBool(func(s *Settings) *bool { return &s.SharedBoard })},

		{name: "out", preset: "load_test_results", usage: "`FOLDER` of the run directories", parse: text(func(s *Settings) *string { return &s.Out })},
		{name: "format", preset: "text", usage: "`FORMAT` of the result on stdout: text or json", parse: oneOf(func(s *Settings) *string { return &s.Format }, "text", "json")},

		{name: "store", preset: "sqlite", usage: "`STORE` of the bundled server: sqlite or postgres", parse: oneOf(func(s *Settings) *string { return &s.Store }, "sqlite", "postgres")},
		{name: "database-url", noPre: true, usage: "`URL` of the store: a SQLite file, or postgres://…", parse: text(func(s *Settings) *string { return &s.DatabaseURL })},
		{name: "addr", preset: "127.0.0.1:8080", usage: "`ADDRESS` to listen on", parse: text(func(s *Settings) *string { return &s.Addr })},
		{name: "fault", noPre: true, usage: "break the bundled server on purpose: `NAME[:RATE][,NAME…]`", parse: text(func(s *Settings) *string { return &s.Fault })},
	}
}

// find returns a row by its flag name; allow_hosts is the file's plural of
// --allow-host.
func find(now func() time.Time, name string) (*setting, bool) {
	if name == "allow-hosts" {
		name = "allow-host"
	}
	rows := table(now)
	for i := range rows {
		if rows[i].name == name {
			return &rows[i], true
		}
	}
	return nil, false
}

// suggestion returns "; did you mean …?" for a key that is nearly a known one.
func suggestion(key string) string {
	best, least := "", 3
	for _, s := range table(time.Now) {
		name := strings.ReplaceAll(s.name, "-", "_")
		if d := distance(key, name); d < least {
			best, least = name, d
		}
	}
	if best == "" {
		return ""
	}
	return "; did you mean " + best + "?"
}

// distance is the Levenshtein distance of two short words.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		last := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := last
			if a[i] != b[j] {
				cost++
			}
			last = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
