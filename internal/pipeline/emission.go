package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/occbench/occbench/internal/awsapi"
	"github.com/occbench/occbench/internal/cloudwatch"
	"github.com/occbench/occbench/internal/settings"
	"github.com/occbench/occbench/internal/telemetry"
	refserver "github.com/occbench/occbench/reference-server"
	"github.com/occbench/occbench/reference-server/cwlocal"
)

// lossFault is the fault that loses metrics. It breaks the emitter and not the
// server, so the server's own faults do not know it.
const lossFault = "metric-loss"

// splitLoss takes the loss of metrics out of a list of faults and returns its
// share, 0 without one.
func splitLoss(faults string) (rest string, share float64, err error) {
	var others []string
	for _, one := range strings.Split(faults, ",") {
		name, rate, given := strings.Cut(strings.TrimSpace(one), ":")
		if name != lossFault {
			others = append(others, one)
			continue
		}
		share = 0.1
		if given {
			share, err = strconv.ParseFloat(rate, 64)
			if err != nil || !(share > 0 && share <= 1) {
				return "", 0, &UsageError{fmt.Sprintf("--fault: reading %s: the rate %q is not a share over 0, to 1", lossFault, rate)}
			}
		}
	}
	return strings.Join(others, ","), share, nil
}

// source says where the metrics of the target are.
func (p *Pipeline) source() telemetry.Source { return sourceOf(p.Settings.CloudWatch) }

func sourceOf(c settings.CloudWatch) telemetry.Source {
	return telemetry.Source(c.CloudWatch)
}

// connect returns a client of the CloudWatch that the settings name.
func (p *Pipeline) connect(ctx context.Context) (*cloudwatch.Client, error) {
	return connectTo(ctx, p.Settings.CloudWatch)
}

func connectTo(ctx context.Context, c settings.CloudWatch) (*cloudwatch.Client, error) {
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

// emission starts what the settings say of the metrics. A local endpoint is
// where they go unless the settings name another.
func (p *Pipeline) emission(ctx context.Context, loss float64, endpoint cwlocal.Faults, log *slog.Logger) (_ *emission, err error) {
	e := &emission{log: log, loss: loss, place: p.Settings.CloudWatch}
	if p.Settings.LocalAddr == "" && !harmless(endpoint) {
		return nil, &UsageError{"--fault cloudwatch-… breaks the local CloudWatch, but there is none; give --cloudwatch ADDRESS"}
	}
	defer func() {
		if err != nil && e.endpoint != nil {
			err = errors.Join(err, e.endpoint.stop())
		}
	}()
	if p.Settings.LocalAddr != "" {
		if e.endpoint, err = p.startEndpoint(p.Evaluation, endpoint); err != nil {
			return nil, err
		}
		if e.place.Endpoint == "" {
			e.place.Endpoint, e.place.Region = e.endpoint.URL, localRegion(e.place)
		}
	}
	publisher, err := p.publisher(ctx, e)
	if err != nil {
		return nil, err
	}
	if publisher == nil {
		if loss > 0 {
			return nil, &UsageError{"--fault " + lossFault + " loses metrics, but none are published; give --metrics cloudwatch, or --cloudwatch ADDRESS"}
		}
		return e, nil
	}
	e.emitter = cloudwatch.NewEmitter(cloudwatch.EmitOptions{Publish: publisher, Logger: log})
	return e, nil
}

func (p *Pipeline) publisher(ctx context.Context, e *emission) (cloudwatch.Publisher, error) {
	switch p.Settings.Metrics {
	case "none":
		return nil, nil
	case "auto", "":
		if e.endpoint == nil {
			return nil, nil
		}
	case "emf":
		return p.lines(e)
	}
	client, err := connectTo(ctx, e.place)
	if err != nil {
		return nil, err
	}
	to := cloudwatch.PutMetricData{Client: client, Source: sourceOf(e.place)}
	e.to = to.String()
	return to, nil
}

// lines publishes on stdout. A local endpoint reads along, as CloudWatch's agent
// would.
func (p *Pipeline) lines(e *emission) (cloudwatch.Publisher, error) {
	if p.Lines == nil {
		return nil, &UsageError{"--metrics emf writes lines that somebody else must bring to CloudWatch, so it is for `occbench serve` alone"}
	}
	e.to = "embedded metric format on stdout"
	to := p.Lines
	if e.endpoint != nil {
		to = io.MultiWriter(to, e.endpoint.local.EMF())
	}
	return cloudwatch.EMF{W: to, Source: sourceOf(e.place)}, nil
}

// observe is what a server tells its attempts; nil when nothing is published.
func (e *emission) observe() func(refserver.Attempt) {
	if e.emitter == nil {
		return nil
	}
	observe := e.emitter.Observe
	if e.loss > 0 {
		observe = cloudwatch.Losing(e.loss, observe)
	}
	return func(a refserver.Attempt) {
		if !e.held.Load() {
			observe(a.At, a.Latency, a.Conflict())
		}
	}
}

// flushLimit bounds the last batch of a server that stops.
const flushLimit = 5 * time.Second

// close publishes what is left. What could not be published is logged: it is no
// reason for the server to end badly.
func (e *emission) close() error {
	if e.emitter != nil {
		ctx, cancel := context.WithTimeout(context.Background(), flushLimit)
		defer cancel()
		if err := e.emitter.Close(ctx); err != nil {
			e.log.Warn("metrics were lost", "error", err.Error())
		}
	}
	if e.endpoint != nil {
		return e.endpoint.stop()
	}
	return nil
}
