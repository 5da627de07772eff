package cli

import (
	"time"

	"github.com/spf13/cobra"

	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/settings"
)

// earlyEnd are the flags that end a run before its time.
type earlyEnd struct {
	untilDecided, failFast bool
	most                   time.Duration
}

func (e *earlyEnd) bind(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&e.untilDecided, "until-decided", false, "end the load as soon as every gate is decided")
	cmd.Flags().DurationVar(&e.most, "max-duration", 10*time.Minute, "`TIME` after which --until-decided gives up")
	cmd.Flags().BoolVar(&e.failFast, "fail-fast", false, "end the load as soon as an anomaly is proven")
}

// apply returns settings whose load lasts the longest time, where the run may end
// early, and refuses what cannot take effect.
func (e *earlyEnd) apply(cmd *cobra.Command, s *settings.Settings) (*settings.Settings, error) {
	if err := e.check(cmd, s); err != nil || !e.untilDecided {
		return s, err
	}
	spec := s.Spec
	spec.Duration = e.most
	return s.With(spec), nil
}

func (e *earlyEnd) check(cmd *cobra.Command, s *settings.Settings) error {
	most := cmd.Flags().Changed("max-duration")
	switch {
	case !e.untilDecided && most:
		return exit.Usagef("--max-duration cannot take effect without --until-decided; the length of a run is --duration")
	case !e.untilDecided:
		return nil
	case s.Source("duration").Kind == "flag":
		return exit.Usagef("--until-decided and --duration exclude each other: the load ends when the gates are decided; give --max-duration")
	case s.Browser > 0:
		return exit.Usagef("--until-decided and --browser exclude each other: what a screen did is judged when the run is over; give a --duration")
	case s.WarmupAuto:
		return exit.Usagef("--until-decided and %s auto exclude each other: a warm-up that is cut after the run would change what was decided during it; give a fixed --warmup", s.At("warmup"))
	case e.most < time.Second:
		return exit.Usagef("--max-duration %s is too short; at least 1s, e.g. 10m", e.most)
	}
	return nil
}
