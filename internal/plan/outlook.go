package plan

import "github.com/occbench/occbench/internal/predict"

// outlook is what to expect of a load, beside the limits that its gates hold it to.
type outlook struct {
	*predict.Forecast
	Limits Limits
}

// newOutlook returns the outlook of a load.
func newOutlook(load Load) (*outlook, error) {
	f, err := predict.Expect(load.Parameters)
	return &outlook{f, load.Limits}, err
}

// load returns the load whose outlook f is.
func (f *outlook) load() Load { return Load{f.Parameters, f.Limits} }
