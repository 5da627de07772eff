package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/ci"
	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/manual"
)

func TestInit(t *testing.T) {
	cases := []struct {
		args []string
		want []string
	}{
		{nil, []string{"occbench.yaml"}},
		{[]string{"--ci", "github"}, []string{"occbench.yaml", ".github/workflows/occbench.yml"}},
		{[]string{"--ci", "gitlab"}, []string{"occbench.yaml", "occbench.gitlab-ci.yml", "occbench-ci.sh"}},
		{[]string{"--ci", "jenkins"}, []string{"occbench.yaml", "Jenkinsfile", "occbench-ci.sh"}},
		{[]string{"--ci=shell"}, []string{"occbench.yaml", "occbench-ci.sh"}},
		{[]string{"--ci", "k6-operator"}, []string{"occbench.yaml", "occbench-k6-operator.yaml", "occbench-k6-operator.sh"}},
	}
	for _, c := range cases {
		t.Run(strings.Join(c.args, " "), func(t *testing.T) {
			t.Chdir(t.TempDir())
			got := invoke(t, nil, append([]string{"init"}, c.args...)...)
			if diff := cmp.Diff(result{0, strings.Join(c.want, "\n") + "\n", ""}, got, cmp.AllowUnexported(result{})); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			for _, name := range c.want {
				info, err := os.Stat(name)
				if err != nil {
					t.Fatal(err)
				}
				if script := filepath.Ext(name) == ".sh"; script != (info.Mode()&0o100 != 0) {
					t.Errorf("%s has the mode %s", name, info.Mode())
				}
			}
			if text, err := os.ReadFile("occbench.yaml"); err != nil || string(text) != manual.Sample() {
				t.Errorf("occbench.yaml is not the sample: %v", err)
			}
		})
	}
}

// One file that is there keeps every file from being written.
func TestInitOverwritesNothing(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("occbench-ci.sh", []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	got := invoke(t, nil, "init", "--ci", "shell")
	if got.code != exit.BadUsage || got.stdout != "" || !strings.Contains(got.stderr, "occbench-ci.sh would be overwritten") || !strings.Contains(got.stderr, "init --force") {
		t.Errorf("%+v", got)
	}
	if _, err := os.Stat("occbench.yaml"); err == nil {
		t.Error("half of the files were written")
	}
	if text, err := os.ReadFile("occbench-ci.sh"); err != nil || string(text) != "mine" {
		t.Errorf("%q, %v", text, err)
	}
	if got := invoke(t, nil, "init", "--ci", "shell", "--force"); got.code != exit.OK {
		t.Errorf("%+v", got)
	}
	text, err := os.ReadFile("occbench-ci.sh")
	if err != nil || !strings.HasPrefix(string(text), "#!") {
		t.Errorf("%q, %v", text, err)
	}
	info, err := os.Stat("occbench-ci.sh")
	if err != nil || info.Mode().Perm() != 0o755 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

func TestInitRefusesAnUnknownCI(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, kind := range []string{"travis", ""} {
		got := invoke(t, nil, "init", "--ci="+kind)
		if got.code != exit.BadUsage || !strings.Contains(got.stderr, "github, gitlab, jenkins, shell") {
			t.Errorf("%q: %+v", kind, got)
		}
	}
	if _, err := os.Stat("occbench.yaml"); err == nil {
		t.Error("a file was written")
	}
}

// What the files install is the program that wrote them, or what was asked for.
func TestInitPins(t *testing.T) {
	sha := strings.Repeat("0af", 13) + "1"
	for _, c := range []struct{ kind, pin, path, want string }{
		{"github", "", ".github/workflows/occbench.yml", "occbench/occbench@v1.2.3\n        with:\n          version: v1.2.3\n"},
		{"github", sha, ".github/workflows/occbench.yml", "occbench/occbench@" + sha + "\n        with:\n          version: ''\n"},
		{"shell", "", "occbench-ci.sh", "\npin=v1.2.3 "},
		{"gitlab", sha, "occbench.gitlab-ci.yml", "OCCBENCH_VERSION: " + sha + "\n"},
		{"jenkins", "v9.8.7", "Jenkinsfile", "OCCBENCH_VERSION = 'v9.8.7'\n"},
	} {
		t.Chdir(t.TempDir())
		if got := invoke(t, nil, "init", "--ci", c.kind, "--pin", c.pin); got.code != exit.OK || got.stderr != "" {
			t.Errorf("%+v", got)
		}
		if text, err := os.ReadFile(c.path); err != nil || !strings.Contains(string(text), c.want) || strings.Contains(string(text), "v0.0.0") {
			t.Errorf("%s %s: %v\n%s", c.kind, c.pin, err, text)
		}
	}
}

// A branch is pinned with a warning, and nothing where there is nothing to pin.
func TestInitRefusesToGuessAPin(t *testing.T) {
	t.Chdir(t.TempDir())
	if got := invoke(t, nil, "init", "--ci", "shell", "--pin", "main"); got.code != exit.OK || !strings.Contains(got.stderr, "main is a branch") {
		t.Errorf("%+v", got)
	}
	for want, args := range map[string][]string{
		"is not the name of a release": {"--ci", "shell", "--pin", "v1 && rm"},
		"add --ci github|":             {"--pin", "v1.2.3"},
	} {
		if got := invoke(t, nil, append([]string{"init", "--force"}, args...)...); got.code != exit.BadUsage || !strings.Contains(got.stderr, want) {
			t.Errorf("%v: %+v", args, got)
		}
	}
	sha := strings.Repeat("a", 40)
	for _, c := range []struct {
		version, revision string
		modified          bool
		pin               string
	}{
		{"v1.2.3", sha, false, "v1.2.3"},
		{"v1.2.3-4-gabcdef0", sha, false, sha},
		{"v1.2.3-4-gabcdef0-dirty", sha, true, ""},
		{"dev", "", false, ""},
	} {
		if pin, ok := ci.Pin(c.version, c.revision, c.modified); pin != c.pin || ok != (c.pin != "") {
			t.Errorf("%+v: pin %q, %t", c, pin, ok)
		}
	}
}

// A flag that would have no effect, an API that cannot be had and a target with a
// password are refused, and nothing is written.
func TestInitOfAClusterRefuses(t *testing.T) {
	t.Chdir(t.TempDir())
	for says, args := range map[string][]string{
		"--api has no effect without --ci k6-operator": {"--api", "etag"},
		"there is no API of that name":                 {"--ci", "k6-operator", "--api", "etags"},
		"reading API file ./none.yaml":                 {"--ci", "k6-operator", "--api", "./none.yaml"},
		"it holds credentials":                         {"--ci", "k6-operator", "--target", "http://u:hush@shop"},
		"it is the base URL that pods reach":           {"--ci", "k6-operator", "--target", "shop"},
		"is no name of an image":                       {"--ci", "k6-operator", "--image", "a b"},
	} {
		got := invoke(t, nil, append([]string{"init"}, args...)...)
		if got.code != exit.BadUsage || !strings.Contains(got.stderr, says) || strings.Contains(got.stderr, "hush") {
			t.Errorf("%v: %+v, want %q", args, got, says)
		}
	}
	if left, err := os.ReadDir("."); err != nil || len(left) > 0 {
		t.Errorf("%v, %v", left, err)
	}
}
