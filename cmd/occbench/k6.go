package main

import (
	"os"

	"go.k6.io/k6/v2/cmd"

	"github.com/occbench/occbench/internal/k6run"
	occ "github.com/occbench/occbench/xk6-occ"
)

// isK6 reports whether this process is to be k6. It is asked before any flag is
// parsed: the flags are k6's.
func isK6(args []string) bool { return k6run.IsK6(args) }

// runK6 is k6 with the extension linked in; it does not return. k6 must not
// fetch another binary for an extension it lacks, nor report its use, unless
// the user says so.
func runK6() {
	os.Args, occ.Version = k6run.K6Args(os.Args), version
	setDefault("K6_AUTO_EXTENSION_RESOLUTION", "false")
	setDefault("K6_NO_USAGE_REPORT", "true")
	if k6run.IsCarried(os.Args) {
		os.Exit(k6run.RunAndUpload(os.Args, os.Stderr))
	}
	cmd.Execute()
}

func setDefault(name, value string) {
	if _, set := os.LookupEnv(name); set {
		return
	}
	if err := os.Setenv(name, value); err != nil {
		panic("setting " + name + ": " + err.Error()) // both are constants
	}
}
