package bundle

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/occbench/occbench/internal/awsapi"
	"github.com/occbench/occbench/internal/cloudwatch"
	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/settings"
	"github.com/occbench/occbench/internal/telemetry"
	refserver "github.com/occbench/occbench/reference-server"
	"github.com/occbench/occbench/reference-server/cwlocal"
)

// ConnectCloudWatch returns a client of a CloudWatch.
func ConnectCloudWatch(ctx context.Context, c settings.CloudWatch) (*cloudwatch.Client, error) {
	return cloudwatch.Connect(ctx, awsapi.Access{Region: c.Region, Profile: c.Profile, Endpoint: c.Endpoint})
}

// emission is how a server publishes its metrics. The zero emission publishes
// none.
type emission struct {
	emitter  *cloudwatch.Emitter
	endpoint *Endpoint
	place    settings.CloudWatch // where the metrics are found
	log      *slog.Logger
	to       string // in words
	loss     float64
	held     atomic.Bool // attempts are not published for now
}

// startEmission starts what the settings say of the metrics. A local endpoint is
// where they go unless the settings name another.
func (o Options) startEmission(ctx context.Context, loss float64, endpoint cwlocal.Faults) (_ *emission, err error) {
	e := &emission{log: o.Log, loss: loss, place: o.Settings.CloudWatch}
	if o.Settings.LocalAddr == "" && !isHarmless(endpoint) {
		return nil, exit.Usagef("--fault cloudwatch-… breaks the local CloudWatch, but there is none; give --cloudwatch ADDRESS")
	}
	defer func() {
		if err != nil && e.endpoint != nil {
			err = errors.Join(err, e.endpoint.stopServing())
		}
	}()
	if o.Settings.LocalAddr != "" {
		if e.endpoint, err = o.startEndpoint(endpoint); err != nil {
			return nil, err
		}
		if e.place.Endpoint == "" {
			e.place.Endpoint, e.place.Region = e.endpoint.URL, chooseRegion(e.place)
		}
	}
	publisher, err := o.choosePublisher(ctx, e)
	if err != nil {
		return nil, err
	}
	if publisher == nil {
		if loss > 0 {
			return nil, exit.Usagef(
				"--fault %s loses metrics, but none are published; give --metrics cloudwatch, or --cloudwatch ADDRESS",
				lossFault,
			)
		}
		return e, nil
	}
	e.emitter = cloudwatch.NewEmitter(cloudwatch.EmitOptions{Publish: publisher, Logger: o.Log})
	return e, nil
}

func (o Options) choosePublisher(ctx context.Context, e *emission) (cloudwatch.Publisher, error) {
	switch o.Settings.Metrics {
	case "none":
		return nil, nil
	case "auto", "":
		if e.endpoint == nil {
			return nil, nil
		}
	case "emf":
		return o.publishLines(e)
	}
	client, err := ConnectCloudWatch(ctx, e.place)
	if err != nil {
		return nil, err
	}
	to := cloudwatch.PutMetricData{Client: client, Source: telemetry.Source(e.place.CloudWatch)}
	e.to = to.String()
	return to, nil
}

// publishLines publishes on stdout. A local endpoint reads along, as CloudWatch's agent
// would.
func (o Options) publishLines(e *emission) (cloudwatch.Publisher, error) {
	if o.Lines == nil {
		return nil, exit.Usagef("--metrics emf writes lines that must be brought to CloudWatch, so it is for `occbench serve` alone")
	}
	e.to = "embedded metric format on stdout"
	to := o.Lines
	if e.endpoint != nil {
		to = io.MultiWriter(to, e.endpoint.local.EMF())
	}
	return cloudwatch.EMF{W: to, Source: telemetry.Source(e.place.CloudWatch)}, nil
}

// observer returns what a server tells its attempts; nil when nothing is published.
func (e *emission) observer() func(refserver.Attempt) {
	if e.emitter == nil {
		return nil
	}
	observe := e.emitter.Observe
	if e.loss > 0 {
		observe = cloudwatch.DropShare(e.loss, observe)
	}
	return func(a refserver.Attempt) {
		if !e.held.Load() {
			observe(a.At, a.Latency, a.IsConflict())
		}
	}
}

// flushLimit bounds the last batch of a server that stops.
const flushLimit = 5 * time.Second

// closeAll publishes what is left. What could not be published is logged: it is no
// reason for the server to end badly.
func (e *emission) closeAll() error {
	if e.emitter != nil {
		ctx, cancel := context.WithTimeout(context.Background(), flushLimit)
		defer cancel()
		if err := e.emitter.Close(ctx); err != nil {
			e.log.Warn("metrics were lost", "error", err.Error())
		}
	}
	if e.endpoint != nil {
		return e.endpoint.stopServing()
	}
	return nil
}
