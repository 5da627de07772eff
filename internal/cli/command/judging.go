package command

import (
	"github.com/spf13/cobra"

	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/pipeline"
	"github.com/occbench/occbench/internal/settings"
	"github.com/occbench/occbench/internal/watch"
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
	if j.Policy, err = pipeline.Policy(s.Gates); err == nil && j.WithoutCloudWatch {
		j.Policy.LeaveOutCloudWatch()
	}
	return err
}

// Job says how a command that loads a target judges it, when it ends the load, and whether it heeds the plan.
type Job struct {
	Judging
	EarlyEnd
	Force bool
}

// Bind declares the flags of a job.
func (j *Job) Bind(cmd *cobra.Command) {
	j.Judging.Bind(cmd)
	j.EarlyEnd.bind(cmd)
	cmd.Flags().BoolVar(&j.Force, "force", false, "load the target even if the plan says that a gate cannot be decided or passed")
}

// Read returns the settings with the length of a load that may end early, and takes the policy from them.
func (j *Job) Read(cmd *cobra.Command, s *settings.Settings) (*settings.Settings, error) {
	s, err := j.EarlyEnd.apply(cmd, s)
	if err == nil {
		err = j.Judging.Read(s)
	}
	return s, err
}

// Direct makes a pipeline do the job so.
func (j *Job) Direct(p *pipeline.Pipeline) {
	p.Force, p.WithoutCloudWatch = j.Force, j.WithoutCloudWatch
	p.Watch = watch.Ends{UntilDecided: j.UntilDecided, FailFast: j.FailFast, Policy: j.Policy}
}
