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

// groupCommands returns all commands by group, in the order of the work.
func groupCommands(env command.Env) []group {
	return []group{
		{"start", "Start here:", []*cobra.Command{
			newValidateCmd(env, runValidate), newServeCmd(env, runServe), newDoctorCmd(env, runDoctor), newInitCmd(env, runInit),
		}},
		{"stages", "Stages of validate, one by one:", []*cobra.Command{
			newPlanCmd(env, runPlan), newProbeCmd(env, runProbe), newSeedCmd(env, runSeed), newRunCmd(env, runRun),
			newMergeCmd(env, runMerge),
			newCheckCmd(env, runCheck), newPullCmd(env, runPull), newGateCmd(env, runGate), newReportCmd(env, runReport),
		}},
		{"compare", "Compare runs:", []*cobra.Command{
			newCompareCmd(env, runCompare), newTrendCmd(env, runTrend), newStudyCmd(env, runStudy),
		}},
		{"aws", "AWS:", []*cobra.Command{
			newReleaseCmd(env, runRelease), newRollbackCmd(env, runRollback),
			newAlarmsCmd(newAlarmsApplyCmd(env, runAlarmsApply), newAlarmsDiffCmd(env, runAlarmsDiff),
				newAlarmsLintCmd(env, runAlarmsLint)),
		}},
		{"more", "More:", []*cobra.Command{
			newAPICmd(newAPIListCmd(env, runAPIList), newAPIShowCmd(env, runAPIShow), newAPICheckCmd(env, runAPICheck),
				newAPIInitCmd(env, runAPIInit)),
			newImportCmd(env, runImport, newImportHistoryCmd(env, runImportHistory)), newConfigCmd(env, runConfig),
			newSelftestCmd(env, runSelftest), newK6Cmd(), newManCmd(env), newVersionCmd(env, runVersion),
		}},
	}
}
