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

	group   string // heading in the manual; empty: that of the row before
	example string // a value for the manual, where there is no default
	list    bool   // the file holds a list under the plural of the name
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
		{name: "target", group: "The target", example: "http://127.0.0.1:8080", env: "URL", noPre: true, usage: "base `URL` of the move API, or bundled: occbench's own demo server, which validate starts without a target too", parse: parseTarget},
		{name: "allow-host", list: true, example: "[shop.example.org]", noPre: true, usage: "a `HOST` other than this machine that may be loaded (repeatable)", parse: hosts(func(s *Settings) *[]string { return &s.AllowHosts })},
		{name: "date", env: "DATE", preset: "tomorrow", usage: "`DATE` of the board: YYYY-MM-DD, today or tomorrow (UTC)", parse: dateParser(now)},
		{name: "tag", preset: "load", usage: "only cards with occbench:`TAG` in their notes are ever moved", parse: parseTag},
		{name: "auth", example: "bearer:env=API_TOKEN", noPre: true, usage: "`HOW` requests are authenticated: sigv4[:service=S,region=R,profile=P], bearer:env=VARIABLE, header:NAME=env:VARIABLE, none; secrets stand in variables, never here", parse: parseAuth},
		{name: "timeout", preset: "10s", usage: "`TIME` after which a request has no answer", parse: duration(func(s *Settings) *time.Duration { return &s.Timeout }, time.Millisecond, "10s")},
		{name: "update-limit", preset: "1MiB", usage: "`SIZE` that the answer to an update may have; a larger one is malformed", parse: size(func(s *Settings) *int64 { return &s.UpdateLimit })},
		{name: "list-limit", preset: "64MiB", usage: "`SIZE` that the answer to a read may have, the board's among them; a larger one is malformed", parse: size(func(s *Settings) *int64 { return &s.ListLimit })},

		{name: "operators", group: "The load", preset: "20", usage: "`N` operators of the closed model, each patient enough to wait for every answer", parse: count(func(s *Settings) *int { return &s.Operators }, 100_000)},
		{name: "rate", example: "40/s", noPre: true, usage: "open model instead of --operators: `RATE` at which turns begin, such as 40/s", parse: parseRate},
		{name: "ramp", example: "10/s..80/s", noPre: true, usage: "open model whose rate grows or falls evenly over the run: `RATE..RATE`, such as 10/s..80/s", parse: parseRamp},
		{name: "max-operators", preset: "auto", usage: "`N` turns of the open model that may be under way at once, or auto: from the rate and the length of a turn", parse: parseMaxOperators},
		{name: "duration", preset: "60s", usage: "`TIME` the load lasts, warm-up included", parse: duration(func(s *Settings) *time.Duration { return &s.Duration }, time.Second, "60s")},
		{name: "warmup", preset: "2s", usage: "`TIME` at the start that is shown but not judged, or auto: until MSER-5 sees no trend, 30 % of the run at most", parse: parseWarmup},
		{name: "cards", preset: "auto", usage: "`N` cards in play, or auto: as many as give 3-5 % conflicts", parse: parseCards},
		{name: "think", preset: "250ms", usage: "`TIME` between reading and moving: 250ms, uniform:a-b, exp:m, lognormal:median,p95", parse: delay(thinkField)},
		{name: "pause", preset: "250ms", usage: "`TIME` between turns, as --think", parse: delay(pauseField)},
		{name: "pick", preset: "uniform", usage: "`MODEL` of which card is picked: uniform, first, own, zipf:THETA, hotspot:X/Y", parse: parsePick},
		{name: "refresh", example: "2s", noPre: true, usage: "`TIME` for which a board stays on an operator's screen; without it every turn reads its own", parse: parseRefresh},
		{name: "double-moves", preset: "0", usage: "`SHARE` of the turns whose move is clicked twice, 0 to 1", parse: parseShare},
		{name: "races", preset: "auto", usage: "`RACES` beside the load, in which operators of their own send the same version at the same instant: auto (at most 2 points of conflicts more), off, or N/s[xK] of K operators, such as 2/sx8", parse: parseRaces},
		{name: "walk", preset: "cycle", usage: "`WALK` of a card: cycle (never used up) or forward (three moves and done)", parse: parseWalk},
		{name: "backoff", preset: "full", usage: "`POLICY` between refetch and retry: none, exponential, equal, full, decorrelated", parse: oneOf(func(s *Settings) *string { return &s.Backoff }, "none", "exponential", "equal", "full", "decorrelated")},
		{name: "attempts", preset: "3", usage: "`N` attempts a turn may take, the first included; 1 is no recovery", parse: count(func(s *Settings) *int { return &s.Attempts }, 200)},
		{name: "budget", preset: "2s", usage: "`TIME` a turn may take to recover", parse: duration(func(s *Settings) *time.Duration { return &s.Budget }, time.Millisecond, "2s")},
		{name: "rand-seed", example: "42", noPre: true, usage: "`N` that fixes picks and think times; without it a new one is drawn and recorded", parse: parseSeed},
		{name: "shared-board", preset: "false", toggle: true, usage: "others may move our cards too: their versions are counted, not findings", parse: parseBool(func(s *Settings) *bool { return &s.SharedBoard })},

		{name: "browser", group: "The status board", example: "2", noPre: true, usage: "`N` people at the status board in real browsers, beside the operators", parse: count(func(s *Settings) *int { return &s.Browser }, 50)},
		{name: "scenario", example: "board", noPre: true, usage: "`SCENARIO`: move (operators of the API) or board (and people in browsers)", parse: oneOf(func(s *Settings) *string { return &s.Scenario }, MoveScenario, BoardScenario)},
		{name: "board-url", example: "https://shop.example.org/board", noPre: true, usage: "`URL` of the page that people open; without it the target's own", parse: parseBoardURL},

		{name: "out", group: "The result", preset: "load_test_results", usage: "`FOLDER` of the run directories", parse: textNotEmpty(func(s *Settings) *string { return &s.Out })},
		{name: "format", preset: "text", usage: "`FORMAT` of the result on stdout: text or json", parse: oneOf(func(s *Settings) *string { return &s.Format }, "text", "json")},

		{name: "store", group: "The bundled server", preset: "sqlite", usage: "`STORE` of the bundled server: sqlite or postgres", parse: oneOf(func(s *Settings) *string { return &s.Store }, "sqlite", "postgres")},
		{name: "database-url", example: "shop.db", noPre: true, usage: "`URL` of the store: a SQLite file, or postgres://…", parse: text(func(s *Settings) *string { return &s.DatabaseURL })},
		{name: "addr", preset: "127.0.0.1:8080", usage: "`ADDRESS` to listen on", parse: parseAddr},
		{name: "served-host", list: true, example: "[shop.test]", noPre: true, usage: "a `HOST` under which the bundled server answers, besides the names and the address of its machine (repeatable)", parse: hosts(func(s *Settings) *[]string { return &s.ServedHosts })},
		{name: "metrics", preset: "auto", usage: "`WHERE` the bundled server publishes its metrics: cloudwatch, emf (lines on stdout), none, or auto: the local CloudWatch where there is one", parse: oneOf(func(s *Settings) *string { return &s.Metrics }, "auto", "cloudwatch", "emf", "none")},
		{name: "cloudwatch", example: "127.0.0.1:0", noPre: true, usage: "start a local CloudWatch endpoint on `ADDRESS` of this machine, such as 127.0.0.1:0", parse: parseLoopback},

		{name: "aws-region", group: "CloudWatch", example: "eu-central-1", env: "AWS_REGION", noPre: true, usage: "AWS `REGION` of the metrics and alarms", parse: text(func(s *Settings) *string { return &s.CloudWatch.Region })},
		{name: "aws-profile", example: "staging", env: "AWS_PROFILE", noPre: true, usage: "`PROFILE` of the AWS configuration files", parse: text(func(s *Settings) *string { return &s.CloudWatch.Profile })},
		{name: "aws-endpoint", example: "http://127.0.0.1:4566", env: "AWS_ENDPOINT_URL_CLOUDWATCH", noPre: true, usage: "`URL` of CloudWatch instead of the region's", parse: parseEndpoint(func(s *Settings) *string { return &s.CloudWatch.Endpoint })},
		{name: "namespace", preset: "EdgarAutoShop/MoveAPI", usage: "`NAMESPACE` of the move API's metrics", parse: textNotEmpty(func(s *Settings) *string { return &s.CloudWatch.Namespace })},
		{name: "stage", preset: "prod", usage: "`STAGE`, the value of the metrics' dimension Environment", parse: textNotEmpty(func(s *Settings) *string { return &s.CloudWatch.Stage })},
		{name: "function", example: "move-appointment", env: "FN", noPre: true, usage: "`NAME` of the Lambda function that is the target: its AWS/Lambda metrics are pulled too", parse: text(func(s *Settings) *string { return &s.CloudWatch.Function })},
		{name: "alias", group: "Releases", preset: "live", usage: "`ALIAS` of the Lambda function that its callers call", parse: textNotEmpty(func(s *Settings) *string { return &s.Release.Alias })},
		{name: "lambda-endpoint", example: "http://127.0.0.1:4566", env: "AWS_ENDPOINT_URL_LAMBDA", noPre: true, usage: "`URL` of Lambda instead of the region's", parse: parseEndpoint(func(s *Settings) *string { return &s.Release.Endpoint })},
		{name: "preview", example: "preview", noPre: true, usage: "a second `ALIAS`, with a function URL of its own, at which a new version is validated before callers get it", parse: textNotEmpty(func(s *Settings) *string { return &s.Release.Preview })},
		{name: "canary", example: "10%", noPre: true, usage: "`SHARE` of the traffic that a new version gets for a first validation; without it all at once", parse: parseCanary},
		{name: "expect-build", example: "1.5.0", noPre: true, usage: "`VERSION` that the new build's health call answers; without it the image's tag", parse: textNotEmpty(func(s *Settings) *string { return &s.Release.ExpectBuild })},
		{name: "accept-inconclusive", preset: "false", toggle: true, usage: "keep a release whose validation could not decide; one that was broken off is rolled back all the same", parse: parseBool(func(s *Settings) *bool { return &s.Release.AcceptInconclusive })},
		{name: "releases", preset: "releases", usage: "`FOLDER` of the release files, the way back of `occbench rollback`", parse: textNotEmpty(func(s *Settings) *string { return &s.Release.Dir })},
		{name: "update-timeout", preset: "5m", usage: "`TIME` for the platform to take new code", parse: duration(func(s *Settings) *time.Duration { return &s.Release.UpdateTimeout }, time.Second, "5m")},

		{name: "fault", group: "The bundled server", example: "lost-update:0.1", noPre: true, usage: "break the bundled server on purpose: `NAME[:RATE][,NAME...]`", parse: text(func(s *Settings) *string { return &s.Fault })},
	}
}

// find returns a row by its flag name; a list has its plural as well.
func find(now func() time.Time, name string) (*setting, bool) {
	rows := table(now)
	for i := range rows {
		if rows[i].name == name || rows[i].list && rows[i].name+"s" == name {
			return &rows[i], true
		}
	}
	return nil, false
}

// suggestion returns "; did you mean …?" for a key that is nearly a known one.
func suggestion(key string) string {
	var names []string
	for _, s := range table(time.Now) {
		names = append(names, strings.ReplaceAll(s.name, "-", "_"))
	}
	if near := Nearest(key, names); near != "" {
		return "; did you mean " + near + "?"
	}
	return ""
}

// Nearest returns the name that a mistyped word probably stands for; "" when
// none is within two letters.
func Nearest(word string, names []string) string {
	best, least := "", 3
	for _, name := range names {
		if d := distance(word, name); d < least && d < len(word) {
			best, least = name, d
		}
	}
	return best
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
