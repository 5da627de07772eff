package command

import (
	"github.com/spf13/cobra"

	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/pipeline"
	"github.com/occbench/occbench/internal/settings"
)

// Judging says by which policy a command judges. Its zero value is a command without --without-cloudwatch.
type Judging struct {
	Policy            gate.Policy
	WithoutCloudWatch bool
}

// Bind declares --without-cloudwatch.
func (j *Judging) Bind(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&j.WithoutCloudWatch, "without-cloudwatch", false, "judge without the server's own metrics and alarms")
}

// Read takes the policy from the settings.
func (j *Judging) Read(s *settings.Settings) (err error) {
	if j.Policy, err = pipeline.BuildPolicy(s.Gates); err == nil && j.WithoutCloudWatch {
		j.Policy.LeaveOutCloudWatch()
	}
	return err
}

// Job says how a command that loads a target judges it, and whether it heeds the plan.
type Job struct {
	Judging
	Force bool
}

// Bind declares the flags of a job.
func (j *Job) Bind(cmd *cobra.Command) {
	j.Judging.Bind(cmd)
	cmd.Flags().BoolVar(&j.Force, "force", false, "load the target even if the plan says that a gate cannot be decided or passed")
}

// Configure sets the options of the job in a pipeline.
func (j *Job) Configure(p *pipeline.Pipeline) {
	p.Force, p.WithoutCloudWatch, p.Policy = j.Force, j.WithoutCloudWatch, j.Policy
}
