package doctor

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/itemtest"
	"github.com/occbench/occbench/seed"
)

// TestAnAPIWithoutAList holds that only what was tried is ok, and that nothing is
// written to try it.
func TestAnAPIWithoutAList(t *testing.T) {
	file := filepath.Join(t.TempDir(), "items.yaml")
	if err := os.WriteFile(file, []byte(itemtest.ETag), 0o600); err != nil {
		t.Fatal(err)
	}
	empty := (&itemtest.Server{}).Start(t)
	filled := (&itemtest.Server{}).Start(t)
	if _, err := seed.SeedOverHTTP(t.Context(), client.Config{API: itemtest.Load(t, itemtest.ETag), Target: filled}, seed.Options{}); err != nil {
		t.Fatal(err)
	}
	login := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte("<html>log in</html>"))
	}))
	t.Cleanup(login.Close)
	for _, c := range []struct {
		name, target string
		state        State
		words        string
	}{
		{"no record is there yet", empty, Warn, "answers, and nothing of the API items could be tried: it has no usable item tagged occbench:load yet"},
		{"a record is there", filled, OK, "answers as the API items says where it was read (read)"},
		{"a login page", login.URL, Fail, "does not speak the API items: it answers the call of the item occbench-load-1 with a web page"},
		{"no answer", "http://127.0.0.1:1", Fail, "connection refused"},
	} {
		t.Run(c.name, func(t *testing.T) {
			o, env := newHealthy(t)
			env["URL"], env["OCCBENCH_API"], env["OCCBENCH_AUTH"] = c.target, file, "none"
			o.Settings = readSettings(t, env)
			lines := Run(t.Context(), o)
			if l := findLine(lines, "target"); l.State != c.state || !strings.Contains(l.Words, c.words) {
				t.Errorf("%+v, want %s and %q", l, c.state, c.words)
			}
			if l := findLine(lines, "clock"); c.state == OK && l.State != OK {
				t.Errorf("the clock: %+v", l)
			}
		})
	}
}
