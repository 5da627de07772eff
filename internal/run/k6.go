package run

import (
	"fmt"
	"time"
)

// What a run tells k6 beside its spec, by the names in k6's environment.
const (
	EnvDeclared  = "OCC_DECLARED"  // true: the extension compares k6's options with the parameters
	EnvRecords   = "OCC_RECORDS"   // path of a JSON array with the ids of the run's records; absent: the API says which they are
	EnvDir       = "OCC_DIR"       // folder in which every generator of the run leaves a directory; absent: the process is the whole run
	EnvGenerator = "OCC_GENERATOR" // name of the generator, that of its directory; absent: k6's tag instance_id, or the host's name
	EnvRun       = "OCC_RUN"       // id of the run, the same for all its generators; absent: k6's tag testrun_name
	EnvHistory   = "OCC_HISTORY"   // path of the recording; absent: nothing is recorded
	EnvBase      = "OCC_BASE"      // zero of the run's clock, ns of the Unix epoch
	EnvSummary   = "OCC_SUMMARY"   // path of the summary as JSON
	EnvStalls    = "OCC_STALLS"    // path of the stalls of k6 itself
	EnvUX        = "OCC_UX"        // path of what the browsers saw
	EnvScreens   = "OCC_SCREENS"   // folder of the screenshots
	EnvUpload    = "OCC_UPLOAD"    // URL of the place to which a generator's directory is uploaded; absent: it stays where it is
	EnvPlace     = "OCC_PLACE"     // path of a file into which the extension writes where the generator's directory is
	EnvBudgetMS  = "OCC_BUDGET_MS" // the budget, for the scenario that has no parser of durations
)

// LogHistory is the field of k6's log by which the extension marks the error that
// says why the history is not whole.
const LogHistory = "occ_history"

// K6Environ returns the spec as k6's environment, NAME=value. A field without a
// text is left out, so that k6 takes the default.
func (s *Spec) K6Environ() []string {
	var all []string
	for _, f := range Fields(time.Now) {
		if name := f.K6Variable(); name != "" {
			if text := f.Text(s); text != "" {
				all = append(all, name+"="+text)
			}
		}
	}
	return all
}

// K6Names returns every name of k6's environment that the table has.
func K6Names() []string {
	var all []string
	for _, f := range Fields(time.Now) {
		if name := f.K6Variable(); name != "" {
			all = append(all, name)
		}
	}
	return all
}

// FromK6 returns the spec that k6's environment declares, with the defaults of the
// table. The seed is the default of runs that name none.
func FromK6(find func(name string) (string, bool), now func() time.Time, seed uint64) (Spec, error) {
	s := Default(now)
	s.Target, s.RandSeed = DefaultTarget, seed
	for _, f := range Fields(now) {
		name := f.K6Variable()
		if name == "" {
			continue
		}
		text, ok := find(name)
		if !ok || f.Unset != "" && text == f.Unset {
			continue
		}
		if err := f.Set(&s, text); err != nil {
			return s, fmt.Errorf("reading parameter %s: %w", name, err)
		}
	}
	return s, nil
}

// K6Options returns the members of OperatorOptions and the names in k6's
// environment that they stand for.
func K6Options() map[string]string {
	all := map[string]string{}
	for _, f := range Fields(time.Now) {
		if option := f.OptionName(); option != "" {
			all[option] = f.K6Variable()
		}
	}
	return all
}
