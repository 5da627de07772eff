package doctor

import (
	"cmp"
	"time"

	"github.com/occbench/occbench/internal/auth"
	"github.com/occbench/occbench/internal/awsapi"
	"github.com/occbench/occbench/internal/settings"
	"github.com/occbench/occbench/internal/telemetry"
)

// Options say what to look at. The functions are what a check may touch of the
// machine; nil is the machine itself.
type Options struct {
	Settings *settings.Settings // nil: they could not be read
	Problem  error              // why not
	Config   string             // the settings file that was read; empty: there is none
	Version  string             // of this program
	Program  string             // the executable that is k6 when called so
	Now      func() time.Time   // time.Now

	Allowed func() error                               // whether the target may be loaded; nil: it may
	Free    func(dir string) (bytes uint64, err error) // that may be written
	CPUs    func() int                                 //
	Browser func() (path string, err error)            // the browser that k6 starts
}

// defaultLimit bounds each check when the settings do not.
const defaultLimit = 10 * time.Second

func (o *Options) limit() time.Duration {
	if o.Settings == nil || o.Settings.Timeout <= 0 {
		return defaultLimit
	}
	return o.Settings.Timeout
}

// isAWSNeeded reports whether anything that is configured needs AWS
// credentials. An endpoint on this machine accepts any.
func (o *Options) isAWSNeeded() bool {
	return o.Settings.Authentication().Scheme == auth.SigV4 || o.Settings.HasCloudWatch() && !o.access().IsLocal()
}

func (o *Options) access() awsapi.Access {
	c := o.Settings.CloudWatch
	return awsapi.Access{Region: c.Region, Profile: c.Profile, Endpoint: c.Endpoint}
}

func (o *Options) source() telemetry.Source {
	return telemetry.Source(o.Settings.CloudWatch.CloudWatch)
}

// spec is how requests to the target are signed.
func (o *Options) spec() (auth.Spec, error) {
	spec, err := o.Settings.Authentication().FitTarget(o.Settings.Target)
	return spec.WithDefaults(o.Settings.CloudWatch.Region, o.Settings.CloudWatch.Profile), err
}

// profile is that of the credentials in use.
func (o *Options) profile() string {
	return cmp.Or(o.Settings.Authentication().Profile, o.Settings.CloudWatch.Profile)
}
