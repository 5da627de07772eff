package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// root is the repository, as seen from the tests of this package.
var root = func() string {
	dir, err := filepath.Abs("../..")
	if err != nil {
		panic(err)
	}
	return dir
}()

// document runs the commands of a page in one shell, in their order: all lines
// of its sh blocks, and of those that say `sh browser` when the script does, too:
// `document PAGE browser`. A command whose exit code is not 0 says so in a comment at
// the end of its line: `# exit 1`. What belongs to another machine is replaced: a
// variable that the page exports gets the value of the script's DOC_ variable of
// that name, a server (occbench serve, go run FILE) listens on a port of its own, in
// place of the one before, and of make only the plan is run. A clone is left out, for
// the test runs in one.
func document(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 || len(args) > 2 || len(args) == 2 && args[1] != "browser" {
		ts.Fatalf("usage: document PAGE [browser]")
	}
	page, err := os.ReadFile(filepath.Join(root, args[0]))
	ts.Check(err)
	commands := shellLines(string(page), len(args) == 2)
	if len(commands) == 0 {
		ts.Fatalf("%s has no commands", args[0])
	}
	var script strings.Builder
	script.WriteString(prelude)
	for _, c := range commands {
		script.WriteString(step(ts, c))
	}
	ts.Check(os.WriteFile(ts.MkAbs("document.sh"), []byte(script.String()), 0o600))
	ts.Check(ts.Exec("bash", "document.sh"))
}

// prelude runs one command and compares its exit code, and keeps the servers
// that a page starts off the terminal.
const prelude = `set -u
ln -s "$ROOT/scenarios" "$ROOT/scripts" .
serving=
mkdir build && ln -s "$(command -v occbench)" build/occbench
trap 'kill $(jobs -p) 2>/dev/null' EXIT
wants() {
	local want=$1 code=0
	eval "$2" || code=$?
	if [ $code -ne $want ]; then echo "exit $code, want $want: $2" >&2; exit 1; fi
}
serves() {
	if [ "$serving" ]; then kill $serving; wait $serving; fi
	command "$@" --addr "$ADDR" >server.log 2>&1 &
	serving=$!
	for _ in $(seq 200); do
		if (exec 3<>"/dev/tcp/${ADDR%:*}/${ADDR##*:}") 2>/dev/null; then return 0; fi
		sleep 0.05
	done
	cat server.log >&2
	return 1
}
`

var expected = regexp.MustCompile(`\s+# exit (\d)$`)

// step turns a line of a page into a line of the script.
func step(ts *testscript.TestScript, line string) string {
	want := "0"
	if m := expected.FindStringSubmatch(line); m != nil {
		want, line = m[1], strings.TrimSuffix(line, m[0])
	}
	words := strings.Fields(line)
	switch {
	case words[0] == "export":
		name, _, _ := strings.Cut(words[1], "=")
		if value := ts.Getenv("DOC_" + name); value != "" {
			line = "export " + name + "=" + quoted(value)
		}
	case words[0] == "git" && words[1] == "clone", words[0] == "cd":
		return ""
	case words[0] == "make":
		line = `make -n -C "$ROOT" ` + strings.Join(words[1:], " ") + " >make.log"
	case filepath.Base(words[0]) == "occbench" && words[1] == "serve":
		line = "serves occbench " + strings.Join(words[1:], " ")
	case words[0] == "go" && words[1] == "run":
		line = "serves " + compile(ts, words[2]) + " " + strings.Join(words[3:], " ")
	}
	return fmt.Sprintf("wants %s %s\n", want, quoted(line))
}

func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

var shellBlock = regexp.MustCompile("(?ms)^```sh( browser)?\n(.*?)^```$")

// shellLines returns the commands of a page, continued lines joined.
func shellLines(page string, withBrowser bool) []string {
	var all []string
	for _, block := range shellBlock.FindAllStringSubmatch(page, -1) {
		if block[1] != "" && !withBrowser {
			continue
		}
		for _, line := range strings.Split(strings.ReplaceAll(block[2], "\\\n", " "), "\n") {
			if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
				all = append(all, line)
			}
		}
	}
	return all
}
