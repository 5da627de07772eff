// Command occbench load-tests a move API that uses optimistic concurrency
// control, proves from the recording whether the server is right, and gates a
// release on the evidence.
package main

import (
	"context"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	_ "github.com/occbench/occbench"
	"github.com/occbench/occbench/internal/cli"
	"github.com/occbench/occbench/internal/cli/command"
)

// version is stamped by the linker; empty: by the go command.
var version string

// builtVersion returns the version that a module was installed as, or a name for a
// build from a checkout.
func builtVersion() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && strings.HasPrefix(info.Main.Version, "v") {
		return info.Main.Version
	}
	return "dev"
}

func main() {
	if isK6(os.Args) {
		runK6()
	}
	os.Exit(runCommand())
}

// runCommand is main with an exit code. The first interrupt ends the work in order;
// after it the signals have their default effect again, so a second one kills.
func runCommand() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	return cli.Main(ctx, os.Args[1:], command.Env{
		Stdout:  os.Stdout,
		Stderr:  os.Stderr,
		Getenv:  os.LookupEnv,
		Now:     time.Now,
		Version: builtVersion(),
		Abrupt:  stop,
		Exit:    os.Exit,
	})
}
