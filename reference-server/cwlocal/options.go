package cwlocal

import (
	"fmt"
	"time"
)

// Options say how a Server behaves. The zero value is a server on the wall
// clock that evaluates alarms every minute, as CloudWatch does. A number or
// duration that is zero or negative means its default.
type Options struct {
	Now                func() time.Time // time.Now
	EvaluationInterval time.Duration    // between two evaluations of an alarm; 1 min, at least 1 s
	Retention          time.Duration    // age at which data is forgotten; 15 days
	MaxMemory          int64            // approximate bytes of metric data held; 64 MiB
	MaxAlarms          int              // 1,000
	MaxHistory         int              // alarm history items, the oldest go first; 20,000
	Region             string           // of the ARNs; us-east-1
	Account            string           // of the ARNs; 000000000000
	Faults             Faults           // what goes wrong on purpose
}

func (o *Options) setDefaults() {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.EvaluationInterval <= 0 {
		o.EvaluationInterval = time.Minute
	}
	// Data is kept by the second, so windows cannot slide by less.
	o.EvaluationInterval = max(o.EvaluationInterval.Truncate(time.Second), time.Second)
	orDefault(&o.Retention, 15*24*time.Hour)
	orDefault(&o.MaxMemory, 64<<20)
	orDefault(&o.MaxAlarms, 1000)
	orDefault(&o.MaxHistory, 20_000)
	if o.Region == "" {
		o.Region = "us-east-1"
	}
	if o.Account == "" {
		o.Account = "000000000000"
	}
}

func orDefault[N int | int64 | time.Duration](n *N, value N) {
	if *n <= 0 {
		*n = value
	}
}

func (o *Options) alarmARN(name string) string {
	return fmt.Sprintf("arn:aws:cloudwatch:%s:%s:alarm:%s", o.Region, o.Account, name)
}
