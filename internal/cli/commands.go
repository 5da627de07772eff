package cli

import (
	"github.com/spf13/cobra"

	"github.com/occbench/occbench/internal/cli/command"
)

// group is a part of the list of commands.
type group struct {
	id, title string
	commands  []*cobra.Command
}

// groups returns every command, in the order of the job.
func groups(env command.Env) []group {
	return []group{
		{"run", "Run a load test:", []*cobra.Command{
			newValidateCmd(env, runValidate), newPlanCmd(env, runPlan), newProbeCmd(env, runProbe), newSeedCmd(env, runSeed),
			newRunCmd(env, runRun),
		}},
		{"judge", "Judge a run:", []*cobra.Command{
			newCheckCmd(env, runCheck), newPullCmd(env, runPull), newGateCmd(env, runGate), newImportCmd(env, runImport),
		}},
		{"look", "Look at runs:", []*cobra.Command{
			newReportCmd(env, runReport), newCompareCmd(env, runCompare), newTrendCmd(env, runTrend), newStudyCmd(env, runStudy),
		}},
		{"release", "Release a build and watch it:", []*cobra.Command{
			newReleaseCmd(env, runRelease), newRollbackCmd(env, runRollback),
			newAlarmsCmd(newAlarmsApplyCmd(env, runAlarmsApply), newAlarmsDiffCmd(env, runAlarmsDiff),
				newAlarmsLintCmd(env, runAlarmsLint)),
		}},
		{"service", "Set up and examine occbench:", []*cobra.Command{
			newAPICmd(newAPIListCmd(env, runAPIList), newAPIShowCmd(env, runAPIShow), newAPICheckCmd(env, runAPICheck)),
			newInitCmd(env, runInit), newConfigCmd(env, runConfig), newDoctorCmd(env, runDoctor), newServeCmd(env, runServe),
			newSelftestCmd(env, runSelftest), newK6Cmd(), newManCmd(env), newVersionCmd(env, runVersion),
		}},
	}
}
