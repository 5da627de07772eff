package occ

import "runtime/debug"

// Version is the version of occbench where the program that holds the extension knows
// it; empty: that of the module that was built.
var Version string

const module = "github.com/occbench/occbench"

func toolVersion() string {
	if Version != "" {
		return Version
	}
	return moduleVersion(module)
}

func k6Version() string { return moduleVersion("go.k6.io/k6/v2") }

// moduleVersion returns the version of a module in this binary.
func moduleVersion(path string) string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, m := range append(info.Deps, &info.Main) {
		if m.Path == path && m.Version != "" {
			return m.Version
		}
	}
	return "unknown"
}
