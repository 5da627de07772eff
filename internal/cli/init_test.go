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

// A release pins itself; a build from a checkout pins nothing that never was.
func TestInitPinsTheRelease(t *testing.T) {
	for version, want := range map[string]string{
		"v1.2.3":            "occbench/occbench@v1.2.3\n        with:\n          version: v1.2.3\n",
		"v1.2.3-4-gabcdef0": "occbench/occbench@main\n        with:\n          version: ''\n",
		"dev":               "occbench/occbench@main\n        with:\n          version: ''\n",
	} {
		files, err := ci.Files("github", version)
		if err != nil || len(files) != 1 || !strings.Contains(string(files[0].Data), want) {
			t.Errorf("%s: %v\n%s", version, err, files[0].Data)
		}
	}
}
