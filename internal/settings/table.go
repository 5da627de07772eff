package settings

import (
	"sync"
	"time"

	"github.com/occbench/occbench/internal/auth"
	"github.com/occbench/occbench/internal/blobs"
	"github.com/occbench/occbench/internal/nearest"
	"github.com/occbench/occbench/internal/run"
)

// setting is one row of the table: a field of the declared run, or one of this
// invocation alone.
type setting struct {
	run.Field
	parse func(s *Settings, text string) error
	list  bool // the file holds a list under the plural of the name
}

// newSetting returns a row of the table: a field of Settings with the codec of
// its values.
func newSetting[V any](at func(*Settings) *V, c run.Codec[V], f run.Field) setting {
	f.Shape = c.Shape
	return setting{Field: f, parse: func(s *Settings, text string) error {
		v, err := c.Parse(text)
		if err == nil {
			*at(s) = v
		}
		return err
	}}
}

// newSpecSetting returns the row of a field of the declared run.
func newSpecSetting(f run.Field) setting {
	return setting{Field: f, parse: func(s *Settings, text string) error {
		switch f.Name {
		case "target":
			if s.Bundled = text == BundledTarget; s.Bundled {
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

// BundledTarget is the target that asks for occbench's own server by name.
const BundledTarget = "bundled"

// checkAuth refuses what is no way to authenticate, and does not repeat it: it may
// be the secret itself.
func checkAuth(text string) error {
	_, err := auth.Parse(text)
	return err
}

// buildTable returns the fields of the declared run with those of the invocation where
// the manual has them. Gate limits are set in the file alone: a policy belongs under
// version control, not on a command line that is gone afterwards.
func buildTable(now func() time.Time) []setting {
	before := map[string][]setting{"date": {hostRow()}, "store": resultRows(), "fault": serverRows()}
	var all []setting
	for _, f := range run.Settings(now) {
		all = append(all, before[f.Name]...)
		all = append(all, newSpecSetting(f))
	}
	all = append(all, metricRows()...)
	return append(all, releaseRows()...)
}

// timeless returns the table for all that no clock decides: names, defaults, usages and
// shapes. Forty commands declare flags by it, so it is made once.
var timeless = sync.OnceValue(func() []setting { return buildTable(time.Now) })

func hostRow() setting {
	return setting{list: true, parse: newHostsParser(func(s *Settings) *[]string { return &s.AllowHosts }),
		Field: run.Field{Name: "allow-host", Section: "The target",
			Example: "[shop.example.org]", Usage: "a `HOST` other than this machine that may be loaded (repeatable)"}}
}

func resultRows() []setting {
	return []setting{
		newSetting(func(s *Settings) *string { return &s.Out }, run.NewCheckedCodec(run.CheckNotEmpty), run.Field{
			Name: "out", Section: "The result",
			Default: "load_test_results", Usage: "`FOLDER` of the run directories"}),
		newSetting(func(s *Settings) *string { return &s.Format }, run.NewChoiceCodec("text", "json"),
			run.Field{Name: "format", Section: "The result",
				Default: "text", Usage: "`FORMAT` of the result on stdout: text or json"}),
		newSetting(func(s *Settings) *string { return &s.Upload }, run.NewCheckedCodec(checkPlace),
			run.Field{Name: "upload", Section: "The result",
				Example: "s3://bucket/occbench", Usage: "`URL` of the place to which the run directory is uploaded: " +
					"s3://BUCKET/FOLDER or file:///FOLDER"}),
	}
}

func checkPlace(text string) error {
	_, err := blobs.ParsePlace(text)
	return err
}

func serverRows() []setting {
	const section = "The bundled server"
	return []setting{
		newSetting(func(s *Settings) *string { return &s.DatabaseURL }, run.NewTextCodec(),
			run.Field{Name: "database-url", Section: section,
				Example: "shop.db", Usage: "`URL` of the store: a SQLite file, or postgres://…"}),
		newSetting(func(s *Settings) *string { return &s.Addr }, run.NewCheckedCodec(checkAddress),
			run.Field{Name: "addr", Section: section, Default: "127.0.0.1:8080", Usage: "`ADDRESS` to listen on"}),
		{list: true, parse: newHostsParser(func(s *Settings) *[]string { return &s.ServedHosts }),
			Field: run.Field{Name: "served-host", Section: section,
				Example: "[shop.test]", Usage: "a `HOST` under which the bundled server answers, besides the names and the address of " +
					"its machine (repeatable)"}},
		newSetting(func(s *Settings) *string { return &s.Metrics }, run.NewChoiceCodec("auto", "cloudwatch", "emf", "none"),
			run.Field{Name: "metrics", Section: section,
				Default: "auto", Usage: "`WHERE` the bundled server publishes its metrics: cloudwatch, emf (lines on stdout), none, or " +
					"auto: the local CloudWatch where there is one"}),
		newSetting(func(s *Settings) *string { return &s.LocalAddr }, newLoopbackCodec(), run.Field{Name: "cloudwatch", Section: section,
			Example: "127.0.0.1:0", Usage: "start a local CloudWatch endpoint on `ADDRESS` of this machine, such as 127.0.0.1:0"}),
	}
}

// findSetting returns a row by the name of its flag; for a list, the plural is
// accepted as well.
func findSetting(now func() time.Time, name string) (*setting, bool) {
	rows := buildTable(now)
	for i := range rows {
		if rows[i].Name == name || rows[i].list && rows[i].Name+"s" == name {
			return &rows[i], true
		}
	}
	return nil, false
}

// suggestKey returns "; did you mean …?" for a key that is close to a known
// one.
func suggestKey(key string) string {
	var names []string
	for _, s := range timeless() {
		names = append(names, s.Key())
	}
	return nearest.Question(key, names)
}
