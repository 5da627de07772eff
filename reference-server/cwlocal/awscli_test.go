package cwlocal

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/occbench/occbench/internal/need"
)

// awsPath is the program that hands a call to testdata/aws_server.py.
const awsPath = "testdata/bin/aws"

// awsCLI is Debian's AWS CLI, which speaks the query protocol, in an environment
// that knows no account but a local one.
type awsCLI struct{ env []string }

// startCLI starts the process of testdata/aws_server.py, which does the calls until the
// test ends.
func startCLI(t *testing.T) awsCLI {
	t.Helper()
	if testing.Short() {
		t.Skip("calls the AWS CLI some thirty times")
	}
	bin, err := filepath.Abs(filepath.Dir(awsPath))
	if err != nil {
		t.Fatal(err)
	}
	socket := filepath.Join(t.TempDir(), "aws")
	cli := awsCLI{[]string{"PATH=" + bin + ":/usr/bin:/bin", "AWS_SOCKET=" + socket, "HOME=/nonexistent",
		"AWS_ACCESS_KEY_ID=id", "AWS_SECRET_ACCESS_KEY=secret", "AWS_DEFAULT_REGION=us-east-1",
		"AWS_PAGER=", "AWS_MAX_ATTEMPTS=1", "AWS_EC2_METADATA_DISABLED=true"}}
	server := exec.Command("/usr/bin/python3", "testdata/aws_server.py", socket) // Debian's python3, as for /usr/bin/aws
	server.Env, server.Stderr = cli.env, os.Stderr
	stdin, err := server.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := server.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		need.Skip(t, "awscli", err)
	}
	t.Cleanup(func() {
		stdin.Close()
		if err := server.Wait(); err != nil && !t.Skipped() {
			t.Error(err)
		}
	})
	if _, err := stdout.Read(make([]byte, 1)); err != nil {
		need.Skip(t, "awscli", fmt.Errorf("aws_server.py does not start (apt-get install awscli): %w", err))
	}
	if version, errs, err := cli.run("", awsPath, "--version"); err != nil || !strings.HasPrefix(version, "aws-cli/2.9") {
		need.Skip(t, "awscli", fmt.Errorf("not awscli 2.9 (apt-get install awscli): %s%s %v", version, errs, err))
	}
	return cli
}

// run runs a command that finds the CLI as aws on its PATH.
func (cli awsCLI) run(url, name string, args ...string) (stdout, stderr string, err error) {
	var out, errs bytes.Buffer
	cmd := exec.Command(name, args...)
	cmd.Stdout, cmd.Stderr = &out, &errs
	cmd.Env = append(cli.env, "ENDPOINT="+url)
	err = cmd.Run()
	return out.String(), errs.String(), err
}

var (
	upperCase  = regexp.MustCompile(`[A-Z]`)
	cliFailure = regexp.MustCompile(`(?s)An error occurred \((\w+)\) when calling the \w+ operation(?: \(reached max retries: \d+\))?: (.*)\n$`)
)

// play is a client.
func (cli awsCLI) play(t *testing.T, url string, c call) any {
	verb := strings.ToLower(strings.TrimPrefix(upperCase.ReplaceAllString(c.op, "-$0"), "-"))
	out, errText, err := cli.run(url, awsPath, "cloudwatch", verb, "--no-paginate", "--endpoint-url", url, "--cli-input-json", c.input)
	switch {
	case err != nil:
		m := cliFailure.FindStringSubmatch(errText)
		if m == nil {
			t.Fatalf("%v: %s", err, errText)
		}
		if m[2] == "Unknown" { // the CLI's word for no message
			m[2] = ""
		}
		return map[string]any{"error": m[1], "message": m[2]}
	case out == "":
		return map[string]any{}
	}
	return parse(t, out)
}
