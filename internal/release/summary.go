package release

import "github.com/occbench/occbench/internal/run"

// SummaryFile lies in the directory of a run that validated a release, so that
// its reports can say what became of the build.
const SummaryFile = "release.json"

// Summary is the content of SummaryFile.
type Summary struct {
	Format   int     `json:"format"`
	File     string  `json:"file"` // the release file
	Tag      string  `json:"tag"`
	Function string  `json:"function"`
	Alias    string  `json:"alias"`
	Share    float64 `json:"share"` // of the traffic that the build had in this run, 0–1; 0: at the preview
	State    State   `json:"state"`
	Outcome  string  `json:"outcome"`
	Command  string  `json:"command"` // goes back to what was live before
}

// Line is the release in a report.
func (s Summary) Line() string {
	return "release of " + s.Tag + ": " + s.Outcome + " (" + s.File + ")"
}

// WriteSummaries writes the summary into every run that validated the release.
func (o Outcome) WriteSummaries() error {
	for _, v := range o.Record.Validations {
		if v.Run == "" {
			continue
		}
		dir, err := run.Open(v.Run)
		if err != nil {
			return err
		}
		s := Summary{
			Format: Format, File: o.File, Tag: o.Record.Tag, Function: o.Record.Function, Alias: o.Record.Alias,
			Share: v.Share, State: o.Record.State, Outcome: o.Record.Outcome, Command: rollbackCommand(o.File),
		}
		if err := dir.WriteJSON(SummaryFile, &s); err != nil {
			return err
		}
	}
	return nil
}
