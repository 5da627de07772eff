package settings

import (
	"time"

	"github.com/occbench/occbench/internal/auth"
	"github.com/occbench/occbench/internal/run"
)

// setting is one row of the table: a field of the declared run, or one of this
// invocation alone.
type setting struct {
	run.Field
	parse func(s *Settings, text string) error
	list  bool // the file holds a list under the plural of the name
}

// field makes a row of a field of Settings and the codec of its values.
func field[V any](at func(*Settings) *V, c run.Codec[V], f run.Field) setting {
	f.Shape = c.Shape
	return setting{Field: f, parse: func(s *Settings, text string) error {
		v, err := c.Parse(text)
		if err == nil {
			*at(s) = v
		}
		return err
	}}
}

// ofSpec makes a row of a field of the declared run.
func ofSpec(f run.Field) setting {
	return setting{Field: f, parse: func(s *Settings, text string) error {
		switch f.Name {
		case "target":
			if s.Bundled = text == bundledTarget; s.Bundled {
				s.Target = ""
				return nil
			}
		case "auth":
			if err := checkAuth(text); err != nil {
				return err
			}
		}
		return f.Set(&s.Spec, text)
	}}
}

// bundledTarget is the target that asks for occbench's own server by name.
const bundledTarget = "bundled"

// checkAuth refuses what is no way to authenticate, and does not repeat it: it may
// be the secret itself.
func checkAuth(text string) error {
	_, err := auth.Parse(text)
	return err
}

// table returns the fields of the declared run with those of the invocation where
// the manual has them. Gate limits are set in the file alone: a policy belongs under
// version control, not on a command line that is gone afterwards.
func table(now func() time.Time) []setting {
	before := map[string][]setting{"date": {hostRow()}, "store": resultRows(), "fault": serverRows()}
	var all []setting
	for _, f := range run.Settings(now) {
		all = append(all, before[f.Name]...)
		all = append(all, ofSpec(f))
	}
	all = append(all, metricRows()...)
	return append(all, releaseRows()...)
}

func hostRow() setting {
	return setting{list: true, parse: hosts(func(s *Settings) *[]string { return &s.AllowHosts }),
		Field: run.Field{Name: "allow-host", Section: "The target",
			Example: "[shop.example.org]", Usage: "a `HOST` other than this machine that may be loaded (repeatable)"}}
}

func resultRows() []setting {
	return []setting{
		field(func(s *Settings) *string { return &s.Out }, run.Notations(run.NotEmpty), run.Field{Name: "out", Section: "The result",
			Default: "load_test_results", Usage: "`FOLDER` of the run directories"}),
		field(func(s *Settings) *string { return &s.Format }, run.Choices("text", "json"), run.Field{Name: "format", Section: "The result",
			Default: "text", Usage: "`FORMAT` of the result on stdout: text or json"}),
	}
}

func serverRows() []setting {
	const section = "The bundled server"
	return []setting{
		field(func(s *Settings) *string { return &s.DatabaseURL }, run.Texts(), run.Field{Name: "database-url", Section: section,
			Example: "shop.db", Usage: "`URL` of the store: a SQLite file, or postgres://…"}),
		field(func(s *Settings) *string { return &s.Addr }, run.Notations(checkAddress), run.Field{Name: "addr", Section: section,
			Default: "127.0.0.1:8080", Usage: "`ADDRESS` to listen on"}),
		{list: true, parse: hosts(func(s *Settings) *[]string { return &s.ServedHosts }),
			Field: run.Field{Name: "served-host", Section: section,
				Example: "[shop.test]", Usage: "a `HOST` under which the bundled server answers, besides the names and the address of its " +
					"machine " +
					"(repeatable)"}},
		field(func(s *Settings) *string { return &s.Metrics }, run.Choices("auto", "cloudwatch", "emf", "none"),
			run.Field{Name: "metrics", Section: section,
				Default: "auto", Usage: "`WHERE` the bundled server publishes its metrics: cloudwatch, emf (lines on stdout), none, or " +
					"auto: the " +
					"local CloudWatch where there is one"}),
		field(func(s *Settings) *string { return &s.LocalAddr }, loopbacks(), run.Field{Name: "cloudwatch", Section: section,
			Example: "127.0.0.1:0", Usage: "start a local CloudWatch endpoint on `ADDRESS` of this machine, such as 127.0.0.1:0"}),
	}
}

// find returns a row by its flag name; a list has its plural as well.
func find(now func() time.Time, name string) (*setting, bool) {
	rows := table(now)
	for i := range rows {
		if rows[i].Name == name || rows[i].list && rows[i].Name+"s" == name {
			return &rows[i], true
		}
	}
	return nil, false
}

// suggestion returns "; did you mean …?" for a key that is nearly a known one.
func suggestion(key string) string {
	var names []string
	for _, s := range table(time.Now) {
		names = append(names, s.Key())
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
