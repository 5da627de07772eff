package plan

import "github.com/occbench/occbench/internal/predict"

// outlook predicts the numbers of a load, beside the limits of its gates.
type outlook struct {
	*predict.Forecast
	Limits Limits
}

// newOutlook returns the outlook of a load.
func newOutlook(load Load) (*outlook, error) {
	f, err := predict.Expect(load.Parameters)
	return &outlook{f, load.Limits}, err
}

// copyLoad returns the load of the outlook.
func (f *outlook) copyLoad() Load { return Load{f.Parameters, f.Limits} }
