// Package deploy holds what runs occbench in a Kubernetes cluster: a load of several
// pods by k6-operator, and the gates of Argo Rollouts and Flagger.
//
// Its opinion: a file that is to be applied is valid as it lies here, and is checked
// against the schemas of the programs that read it. What differs between users is replaced in
// it, not made up.
package deploy

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/url"
	"strings"

	"github.com/occbench/occbench/internal/exit"
)

//go:embed k6-operator.yaml k6-operator.sh
var files embed.FS

// Kind is the name by which `occbench init --ci` knows the files.
const Kind = "k6-operator"

// Options differ between users. The zero value of a field leaves what the
// file says.
type Options struct {
	API     string // name of an API file that comes with occbench
	APIFile []byte // content of another one
	Target  string // base URL, as pods see it
	Image   string // made by docker build --target k6-operator
}

// File is one file to write.
type File struct {
	Path string
	Mode fs.FileMode
	Data []byte
}

// What stands in the file for what users have.
const (
	sampleTarget = "http://shop.default.svc:8080"
	sampleHost   = "shop.default.svc"
	sampleImage  = "registry.example.org/occbench-k6:latest"
	sampleAPI    = "appointments"
	mountedAPI   = "/test/api.yaml" // where a ConfigMap's key api.yaml lies in k6-operator's pods
)

// Files returns the files of k6-operator.
func Files(o Options) ([]File, error) {
	script, err := files.ReadFile("k6-operator.sh")
	if err != nil {
		return nil, err
	}
	text, err := files.ReadFile("k6-operator.yaml")
	if err != nil {
		return nil, err
	}
	run, err := o.fill(string(text))
	if err != nil {
		return nil, err
	}
	return []File{{"occbench-k6-operator.yaml", 0o644, []byte(run)}, {"occbench-k6-operator.sh", 0o755, script}}, nil
}

// fill replaces what differs between users.
func (o *Options) fill(text string) (string, error) {
	var pairs []string
	if o.Target != "" {
		host, err := checkTarget(o.Target)
		if err != nil {
			return "", err
		}
		pairs = append(pairs, quoteYAML(sampleTarget), quoteYAML(o.Target), "--allow-host, "+sampleHost, "--allow-host, "+quoteYAML(host))
	}
	if o.Image != "" {
		if strings.ContainsFunc(o.Image, func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune(`"'{},#`, r) }) {
			return "", exit.Usagef("--image: %q is no name of an image", o.Image)
		}
		pairs = append(pairs, sampleImage, o.Image)
	}
	switch {
	case o.APIFile != nil:
		pairs = append(pairs, "--api, "+sampleAPI, "--api, "+mountedAPI, "OCC_API, value: "+sampleAPI, "OCC_API, value: "+mountedAPI,
			"\ndata:\n", "\ndata:\n  api.yaml: |\n"+indentBlock(o.APIFile))
	case o.API != "":
		pairs = append(pairs, "--api, "+sampleAPI, "--api, "+o.API, "OCC_API, value: "+sampleAPI, "OCC_API, value: "+o.API)
	}
	return strings.NewReplacer(pairs...).Replace(text), nil
}

// checkTarget returns the host of a base URL.
func checkTarget(target string) (host string, err error) {
	u, err := url.Parse(target)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return "", exit.Usagef("--target: it is the base URL that pods reach, such as %s", sampleTarget)
	case u.User != nil:
		return "", exit.Usagef("--target: it holds credentials, which would stand in the file; put them into the secret occbench-secrets")
	}
	return u.Hostname(), nil
}

// quoteYAML returns a text as a double-quoted scalar of YAML, which is how JSON writes it.
func quoteYAML(text string) string {
	quoted, err := json.Marshal(text)
	if err != nil {
		panic(fmt.Sprintf("deploy: %v", err)) // a text can be written
	}
	return string(quoted)
}

// indentBlock returns a text as the content of a block in the data of a ConfigMap.
func indentBlock(text []byte) string {
	var b strings.Builder
	for line := range strings.Lines(strings.TrimRight(string(text), "\n") + "\n") {
		if strings.TrimSpace(line) != "" {
			b.WriteString("    ")
		}
		b.WriteString(line)
	}
	return b.String()
}
