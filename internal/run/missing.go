package run

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// writers names the command that writes a file; RUN stands for the directory.
var writers = map[string]string{
	ManifestFile: "occbench run", HistoryFile: "occbench run", StallsFile: "occbench run",
	SummaryFile: "occbench run", K6LogFile: "occbench run",
	ProbeFile: "occbench probe", SeedFile: "occbench seed",
	FindingsFile: "occbench check RUN", CloudWatchFile: "occbench pull RUN", VerdictFile: "occbench gate RUN",
	EvidenceFile: "occbench gate RUN",
	TextFile:     "occbench report RUN", MarkdownFile: "occbench report RUN", HTMLFile: "occbench report RUN",
	JUnitFile: "occbench report RUN", CTRFFile: "occbench report RUN",
	UXFile: "occbench run --browser N",
}

// Has reports whether a file of the run is there.
func (d Dir) Has(name string) bool { return d.lack(name) == "" }

// Missing says in words which of the files are not there and which command
// would write them; it is empty when all are there. Reading a file tells
// whether it can be used.
func (d Dir) Missing(names ...string) string {
	var lacks []string
	for _, name := range names {
		if lack := d.lack(name); lack != "" {
			lacks = append(lacks, lack)
		}
	}
	return strings.Join(lacks, "; ")
}

func (d Dir) lack(name string) string {
	info, err := os.Stat(d.File(name))
	switch {
	case errors.Is(err, fs.ErrNotExist) && writers[name] != "":
		return fmt.Sprintf("%s is missing (%s writes it)", name, strings.ReplaceAll(writers[name], "RUN", d.path))
	case errors.Is(err, fs.ErrNotExist):
		return name + " is missing"
	case err != nil:
		return fmt.Sprintf("%s cannot be reached (%v)", name, cause(err))
	case !info.Mode().IsRegular():
		return name + " is not a file"
	}
	return ""
}
