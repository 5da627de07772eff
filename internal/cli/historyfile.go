package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/run"
)

// historyFile says how a history is judged that has no run directory.
type historyFile struct {
	opaque    bool
	unaudited bool
	given     func(flag string) bool
}

// bind declares the flags of a history file.
func (h *historyFile) bind(cmd *cobra.Command) {
	h.given = cmd.Flags().Changed
	cmd.Flags().BoolVar(&h.opaque, "opaque", false, "of a history file: its tokens do not count by one (ETags, revisions)")
	cmd.Flags().BoolVar(&h.unaudited, "unaudited", false, "of a history file: it has no audits; judge what holds without them")
}

// isHistoryFile reports whether a path names a history and not the directory of a run.
func isHistoryFile(path string) bool { return strings.HasSuffix(path, ".csv") }

// options returns how a history file is judged, of which the spec says the rest.
func (h *historyFile) options(s run.Spec) (check.Options, error) {
	speaks, err := s.LoadAPI()
	if err != nil {
		return check.Options{}, exit.Usage(err)
	}
	return check.Options{API: speaks, Shared: s.SharedRecords, Opaque: h.opaque, Unaudited: h.unaudited}, nil
}

// refuseFlags returns an error when a flag for history files is given for a
// run directory.
func (h *historyFile) refuseFlags(path string, others ...string) error {
	for _, name := range others {
		if h.given(name) {
			return exit.Usagef("--%s is for a history file; the manifest of run %s says what it was", name, path)
		}
	}
	switch {
	case h.opaque:
		return exit.Usagef("--opaque is for a history file; the API of run %s says whether its tokens count by one", path)
	case h.unaudited:
		return exit.Usagef("--unaudited is for a history file; run %s has audits", path)
	}
	return nil
}
