package command

import (
	"time"

	"github.com/spf13/cobra"

	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/settings"
)

// EarlyEnd says when a load ends before its time.
type EarlyEnd struct {
	UntilDecided, FailFast bool
	MaxDuration            time.Duration
}

func (e *EarlyEnd) bind(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&e.UntilDecided, "until-decided", false, "end the load as soon as every gate is decided")
	cmd.Flags().DurationVar(&e.MaxDuration, "max-duration", 10*time.Minute, "`TIME` after which --until-decided gives up")
	cmd.Flags().BoolVar(&e.FailFast, "fail-fast", false, "end the load as soon as an anomaly is proven")
}

// apply returns settings whose load lasts the longest time, where the run may end
// early, and refuses what cannot take effect.
func (e *EarlyEnd) apply(cmd *cobra.Command, s *settings.Settings) (*settings.Settings, error) {
	if err := e.check(cmd, s); err != nil || !e.UntilDecided {
		return s, err
	}
	spec := s.Spec
	spec.Duration = e.MaxDuration
	return s.With(spec), nil
}

func (e *EarlyEnd) check(cmd *cobra.Command, s *settings.Settings) error {
	most := cmd.Flags().Changed("max-duration")
	switch {
	case !e.UntilDecided && most:
		return exit.Usagef("--max-duration cannot take effect without --until-decided; the length of a run is --duration")
	case !e.UntilDecided:
		return nil
	case s.Source("duration").Kind == "flag":
		return exit.Usagef("--until-decided and --duration exclude each other: the load ends when the gates are decided; give " +
			"--max-duration")
	case s.Browser > 0:
		return exit.Usagef("--until-decided and --browser exclude each other: what a screen did is judged when the run is over; give a " +
			"--duration")
	case s.WarmupAuto:
		return exit.Usagef("--until-decided and %s auto exclude each other: a warm-up that is cut after the run would change what was "+
			"decided during it; give a fixed --warmup", s.At("warmup"))
	case e.MaxDuration < time.Second:
		return exit.Usagef("--max-duration %s is too short; at least 1s, e.g. 10m", e.MaxDuration)
	}
	return nil
}
