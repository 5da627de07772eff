package ci

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"
)

// The programs that will read a file read it without a complaint, and complain
// about a mistake in it. For goreleaser its schema does so.
func TestPackageFiles(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the readers")
	}
	program := filepath.Join(t.TempDir(), "packages")
	if out, err := exec.Command("go", "build", "-C", "../tools/packages", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	run := func(kind string) func(path string) error {
		return func(path string) error {
			out, err := exec.Command(program, kind, path).CombinedOutput()
			if err != nil {
				return fmt.Errorf("%w\n%s", err, out)
			}
			return nil
		}
	}
	for _, c := range []struct {
		path, old, mistake, complaint string
		check                         func(path string) error
	}{
		{"../.goreleaser.yaml", "algorithm: sha256", "algoritm: sha256", "algoritm", goreleaserSchema(t)},
		{"../Dockerfile", "WORKDIR", "WORKDIRS", "WORKDIRS", run("dockerfile")},
		{"../compose.yaml", "depends_on:", "depend_on:", "depend_on", run("compose")},
	} {
		t.Run(filepath.Base(c.path), func(t *testing.T) {
			if err := c.check(c.path); err != nil {
				t.Error(err)
			}
			wrong := filepath.Join(t.TempDir(), filepath.Base(c.path))
			if err := os.WriteFile(wrong, []byte(strings.Replace(read(t, c.path), c.old, c.mistake, 1)), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := c.check(wrong); err == nil || !strings.Contains(err.Error(), c.complaint) {
				t.Errorf("a mistake is accepted: %v", err)
			}
		})
	}
}

// goreleaserSchema returns a function that holds a file to goreleaser's own schema, which is
// made from the types of its reader: it refuses an unknown field, as the reader does, and
// a number or a boolean for a text, which the reader takes. To compile the reader takes more
// than half a minute of a processor.
func goreleaserSchema(t *testing.T) func(path string) error {
	t.Helper()
	const module = "github.com/goreleaser/goreleaser/v2@v2.14.0"
	out, err := exec.Command("go", "mod", "download", "-json", module).Output()
	var said struct{ Dir, Error string }
	if unread := json.Unmarshal(out, &said); unread != nil || said.Dir == "" {
		t.Fatalf("%s cannot be had: %v %s", module, err, said.Error)
	}
	schema, err := jsonschema.NewCompiler().Compile(filepath.Join(said.Dir, "www/docs/static/schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	return func(path string) error {
		var v any
		if err := yaml.Unmarshal([]byte(read(t, path)), &v); err != nil {
			return err
		}
		return schema.Validate(v)
	}
}

// A release has what the installers ask for.
func TestRelease(t *testing.T) {
	var doc struct {
		Builds []struct {
			Env, Goos, Goarch, Ldflags []string
		}
		Archives []struct {
			NameTemplate string `yaml:"name_template"`
			Files        []any
		}
		Checksum struct {
			NameTemplate string `yaml:"name_template"`
		}
		SBOMs []map[string]string `yaml:"sboms"`
	}
	if err := yaml.Unmarshal([]byte(read(t, "../.goreleaser.yaml")), &doc); err != nil {
		t.Fatal(err)
	}
	if len(doc.Builds) != 1 || len(doc.Archives) != 1 || len(doc.SBOMs) != 1 {
		t.Fatalf("%+v", doc)
	}
	b := doc.Builds[0]
	if !slices.Equal(b.Goos, []string{"linux", "darwin", "windows"}) || !slices.Equal(b.Goarch, []string{"amd64", "arm64"}) || !slices.Contains(b.Env, "CGO_ENABLED=0") {
		t.Errorf("%+v", b)
	}
	// The linker stamps the same variable as the Makefile.
	if !strings.Contains(strings.Join(b.Ldflags, " "), "-X main.version=") || !strings.Contains(read(t, "../Makefile"), "-X main.version=") {
		t.Errorf("%q", b.Ldflags)
	}
	if doc.Archives[0].NameTemplate != "{{ .ProjectName }}_{{ .Version }}_{{ .Os }}_{{ .Arch }}" || doc.Checksum.NameTemplate != "checksums.txt" {
		t.Errorf("gate.sh asks for other names: %+v", doc)
	}
	script := read(t, "../tools/package-docs.sh")
	for _, file := range []string{"completions", "man"} {
		if !strings.Contains(script, `"$out/`+file) {
			t.Errorf("the script does not make %s", file)
		}
	}
}

// copied is a COPY of the build context, not of another stage.
var copied = regexp.MustCompile(`(?m)^COPY ([^-\n].*) \S+$`)

func TestDockerfile(t *testing.T) {
	text := read(t, "../Dockerfile")
	module := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindStringSubmatch(read(t, "../go.mod"))
	image := regexp.MustCompile(`(?m)^FROM --platform=\$BUILDPLATFORM golang:(\d+\.\d+)-`).FindStringSubmatch(text)
	if module == nil || image == nil || module[1] != image[1] {
		t.Errorf("go.mod wants Go %v, the image has %v", module, image)
	}
	found := copied.FindAllStringSubmatch(text, -1)
	if len(found) == 0 {
		t.Error("nothing is copied")
	}
	for _, m := range found {
		for _, path := range strings.Fields(m[1]) {
			if _, err := os.Stat(filepath.Join("..", path)); err != nil {
				t.Errorf("%s: %v", m[0], err)
			}
		}
	}
	stages := regexp.MustCompile(`(?m)^FROM `).Split(text, -1)
	last := stages[len(stages)-1]
	for _, want := range []string{"gcr.io/distroless/static-debian12:nonroot", "USER 65532:65532", `ENTRYPOINT ["/usr/bin/occbench"]`} {
		if !strings.Contains(last, want) {
			t.Errorf("the last stage lacks %s", want)
		}
	}
	for _, want := range []string{"CGO_ENABLED=0", "ln -s occbench /out/usr/bin/k6", "./cmd/occbench"} {
		if !strings.Contains(stages[1], want) {
			t.Errorf("the build lacks %s", want)
		}
	}
}

// What the build needs is not kept out of it: files that are embedded, and the
// module itself.
func TestDockerignore(t *testing.T) {
	for _, line := range strings.Fields(read(t, "../.dockerignore")) {
		for _, path := range []string{"go.mod", "go.sum", "cmd/occbench/main.go", "ci/gate.sh", "internal/cli/help/validate.md", "reports/html/templates", "scenarios/update.js"} {
			if hit, err := filepath.Match(line, path); err != nil || hit || strings.HasPrefix(path, line+"/") {
				t.Errorf("%s keeps %s out of the image, %v", line, path, err)
			}
		}
	}
}

func TestCompose(t *testing.T) {
	var doc struct {
		Services map[string]struct {
			Image       string
			Build       string
			Healthcheck struct{ Test []string }
			DependsOn   map[string]struct{ Condition string } `yaml:"depends_on"`
		}
		Volumes map[string]any
	}
	if err := yaml.Unmarshal([]byte(read(t, "../compose.yaml")), &doc); err != nil {
		t.Fatal(err)
	}
	if len(doc.Services) != 3 || doc.Services["postgres"].Image != "postgres:17" || doc.Services["server"].Build != "." || doc.Services["validate"].Build != "." {
		t.Errorf("%+v", doc.Services)
	}
	for name, service := range doc.Services {
		for on, how := range service.DependsOn {
			if how.Condition != "service_healthy" || len(doc.Services[on].Healthcheck.Test) < 2 {
				t.Errorf("%s does not wait until %s is healthy", name, on)
			}
		}
	}
	for name, on := range map[string]string{"validate": "server", "server": "postgres"} {
		if _, ok := doc.Services[name].DependsOn[on]; !ok {
			t.Errorf("%s does not wait for %s", name, on)
		}
	}
}
