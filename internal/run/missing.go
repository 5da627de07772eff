package run

import (
	"errors"
	"io/fs"
	"os"
	"strings"

	"github.com/occbench/occbench/internal/reason"
)

// writers names the command that writes a file; RUN stands for the directory.
var writers = map[string]string{
	ManifestFile: "occbench run", HistoryFile: "occbench run", StallsFile: "occbench run",
	SummaryFile: "occbench run", K6LogFile: "occbench run",
	ProbeFile: "occbench probe", SeedFile: "occbench seed",
	AnomaliesFile: "occbench check RUN", CloudWatchFile: "occbench pull RUN", VerdictFile: "occbench gate RUN",
	EvidenceFile: "occbench gate RUN",
	TextFile:     "occbench report RUN", MarkdownFile: "occbench report RUN", HTMLFile: "occbench report RUN",
	JUnitFile: "occbench report RUN", CTRFFile: "occbench report RUN",
	UXFile: "occbench run --browser N",
}

// Has reports whether a file of the run is there.
func (d Dir) Has(name string) bool { return d.findLack(name).IsZero() }

// Missing returns which of the files are not there, and which command would write
// them; none when all are there. Reading a file tells whether it can be used.
func (d Dir) Missing(names ...string) reason.Reason {
	var lacks []reason.Reason
	for _, name := range names {
		if lack := d.findLack(name); !lack.IsZero() {
			lacks = append(lacks, lack)
		}
	}
	if lacks == nil {
		return reason.Reason{}
	}
	return reason.New("missing", "files", lacks)
}

// findLack returns why a file of the run cannot be read; the zero reason when
// it can.
func (d Dir) findLack(name string) reason.Reason {
	info, err := os.Stat(d.File(name))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return reason.New("file_missing", "file", name, "command", strings.ReplaceAll(writers[name], "RUN", d.path))
	case err != nil:
		return reason.New("file_unreachable", "file", name, "text", trimCause(err).Error())
	case !info.Mode().IsRegular():
		return reason.New("file_irregular", "file", name)
	}
	return reason.Reason{}
}
