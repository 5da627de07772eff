package settings

import (
	"strings"
	"testing"

	"github.com/occbench/occbench/internal/run"
)

func TestBrowser(t *testing.T) {
	cases := []struct {
		name     string
		args     []string
		people   int
		scenario string
		err      string
	}{
		{"none by default", nil, 0, run.UpdateScenario, ""},
		{"people ask for the board", []string{"--browser", "3"}, 3, run.BrowserScenario, ""},
		{"the board asks for people", []string{"--scenario", "browser"}, defaultPeople, run.BrowserScenario, ""},
		{"both", []string{"--scenario", "browser", "--browser", "1"}, 1, run.BrowserScenario, ""},
		{"a page of one's own", []string{"--browser", "1", "--board-url", "https://shop.example.org/board?x=1"}, 1, run.BrowserScenario, ""},
		{"people without a board", []string{"--scenario", "update", "--browser", "1"}, 0, "", "--browser and --scenario exclude each other"},
		{"a page that is never opened", []string{"--board-url", "http://127.0.0.1:8080"}, 0, "", "cannot take effect without --browser"},
		{"none", []string{"--browser", "0"}, 0, "", `"0" is not a whole number from 1 to 50`},
		{"a crowd", []string{"--browser", "51"}, 0, "", "from 1 to 50"},
		{"another scenario", []string{"--scenario", "baseline"}, 0, "", "is not one of update, browser"},
		{"a page that is none", []string{"--browser", "1", "--board-url", "file:///etc/passwd"}, 0, "", "not the URL of a page"},
		{"a fragment", []string{"--browser", "1", "--board-url", "http://127.0.0.1/#board"}, 0, "", "not the URL of a page"},
		{"a password", []string{"--browser", "1", "--board-url", "http://me:hush@127.0.0.1/"}, 0, "", "holds credentials"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s, err := load(t, "", nil, c.args...)
			if c.err != "" {
				if err == nil || !strings.Contains(err.Error(), c.err) || strings.Contains(err.Error(), "hush") {
					t.Errorf("error %v, want …%s…", err, c.err)
				}
				return
			}
			if err != nil || s.Browser != c.people || s.Scenario != c.scenario {
				t.Errorf("%v: %d people, scenario %q", err, s.Browser, s.Scenario)
			}
		})
	}
}
