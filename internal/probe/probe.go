// Package probe asks a target the contract of the move API, line by line, and
// says of each line whether it holds, in what it differs, or why it could not
// be asked.
//
// It exists so that a load test never measures nonsense: a target of another
// dialect, a login page or a dead host is found out before any load, with the
// reason. A server that speaks the contract but breaks its promise about
// concurrency is not turned away; that is what the run is there to prove. Only
// cards with the tag are ever moved, and they are put back afterwards.
package probe

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/go-faster/jx"
	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/history"
)

// Options say what to ask, and of whom.
type Options struct {
	Target client.Config // its date is the board's; its timeout is replaced by Timeout
	Tag    string        // cards with it in their notes may be moved; default load
	// Provide makes the board hold at least so many usable cards with the tag.
	// It is called once, after the board proved readable, when there are too
	// few; nil, or an error of it, leaves the lines that need cards unasked.
	// It is a func because what makes cards stands beside this package and not
	// below it.
	Provide func(ctx context.Context, cards int) error
	// ReadOnly leaves everything unasked that would move a card.
	ReadOnly bool
	Movers   int           // simultaneous movers of a race; default 8
	Rounds   int           // races run; an even number brings the card home; default 24
	Samples  int           // moves and board reads timed; default 6
	Timeout  time.Duration // of each call; default 5 s
	Limit    time.Duration // of the whole probe; default 60 s
}

// cardsNeeded is how many usable cards the lines about moves need: one for the
// questions and one for the race, so that a broken answer to the first does not
// spoil the second.
const cardsNeeded = 2

// errLimit is the cause of a context that ended with Options.Limit.
var errLimit = errors.New("the time for the whole probe is used up")

// Run asks the target everything. The error is about occbench's own side: bad
// options, or a canceled context. A target that cannot be reached, or speaks
// something else, is a Result with the verdict Foreign.
func Run(ctx context.Context, o Options) (Result, error) {
	p, err := New(o)
	if err != nil {
		return Result{}, err
	}
	defer p.Close()
	r, err := p.Begin(ctx)
	if err != nil || r.Verdict == Foreign || o.ReadOnly {
		return r, err
	}
	return p.Finish(ctx)
}

// New returns a probe of which nothing was asked yet. It is asked in two parts,
// so that cards can be made between them.
func New(o Options) (*Probe, error) {
	o = o.withDefaults()
	p, err := newProber(o)
	if err != nil {
		return nil, err
	}
	return &Probe{p}, nil
}

// Probe is a probe in two parts.
type Probe struct{ *prober }

// Begin asks everything but the races, as far as there are cards for it.
func (p *Probe) Begin(ctx context.Context) (Result, error) { return p.part(ctx, p.begin) }

// Finish asks the races, and before them what Begin had no cards for. It
// returns what both parts found.
func (p *Probe) Finish(ctx context.Context) (Result, error) { return p.part(ctx, p.finish) }

// Cards returns the ids of the cards that the probe moves.
func (p *Probe) Cards() []string {
	var ids []string
	for _, c := range p.cards {
		ids = append(ids, c.ID)
	}
	return ids
}

// Close frees the connections.
func (p *Probe) Close() { p.client.CloseIdle() }

func (p *prober) part(ctx context.Context, ask func(context.Context)) (Result, error) {
	limited, cancel := context.WithTimeoutCause(ctx, p.opts.Limit, errLimit)
	defer cancel()
	ask(limited)
	p.judgeMarks()
	p.findDefects()
	p.result.decide()
	if ctx.Err() != nil {
		return p.result, fmt.Errorf("probing %s: %w", p.client, context.Cause(ctx))
	}
	return p.result, nil
}

func (o Options) withDefaults() Options {
	if o.Tag == "" {
		o.Tag = "load"
	}
	o.Movers = orDefault(o.Movers, 8)
	o.Rounds = orDefault(o.Rounds, 24)
	o.Samples = orDefault(o.Samples, 6)
	o.Timeout = orDefault(o.Timeout, 5*time.Second)
	o.Limit = orDefault(o.Limit, 60*time.Second)
	return o
}

func orDefault[T int | time.Duration](v, otherwise T) T {
	if v <= 0 {
		return otherwise
	}
	return v
}

// prober is one probe under way.
type prober struct {
	client *client.Client
	api    *api.API
	opts   Options
	result Result
	cards  []*card // those that may be moved, cardsNeeded of them
	odd    int     // rows with the tag whose id cannot be recorded

	throttles int // throttled answers in a row, races apart
	shown     []Defect

	mu      sync.Mutex // the movers of a race ask at once
	noted   marks
	silence int          // calls in a row without an answer
	ops     []history.Op // what was asked of our cards, for the checker
}

func newProber(o Options) (*prober, error) {
	p := &prober{opts: o, noted: marks{correlation: newCorrelation()}}
	cfg := o.Target
	cfg.Timeout = o.Timeout
	if cfg.API == nil {
		return nil, errors.New("probing needs an API")
	}
	cfg.Sign = p.noted.stamp(cfg.API.Trace, cfg.Sign)
	asker, err := client.New(cfg)
	if err != nil {
		return nil, err
	}
	p.client, p.api = asker, asker.API()
	p.result = Result{Format: Format, Target: client.Redact(cfg.Target), Date: cfg.Date, Tag: o.Tag, Lines: newLines(cfg.API)}
	return p, nil
}

// begin asks in an order in which each answer makes the next question safe:
// first what has no effect, then moves.
func (p *prober) begin(ctx context.Context) {
	p.askHealth(ctx)
	if p.foreign() {
		return
	}
	p.askBoard(ctx)
	if p.foreign() {
		return
	}
	p.askReads(ctx)
	if p.opts.ReadOnly {
		return
	}
	p.askCards(ctx)
	if !p.foreign() {
		p.askIDs(ctx)
		p.restore(ctx)
	}
	if len(p.cards) == cardsNeeded {
		p.result.Lines[rowIndex("race")].Detail = later
	}
}

// finish asks the races at last: they move a card the most.
func (p *prober) finish(ctx context.Context) {
	p.result.Lines[rowIndex("race")].Detail = ""
	if len(p.cards) < cardsNeeded {
		p.askCards(ctx)
	}
	if !p.foreign() && len(p.cards) == cardsNeeded {
		p.askRaces(ctx)
		p.restore(ctx)
	}
}

// askCards asks what needs cards, but the races.
func (p *prober) askCards(ctx context.Context) {
	if !p.gather(ctx) {
		return
	}
	p.askSingleCard(ctx)
	p.askMoves(ctx)
	if !p.foreign() {
		p.askBodies(ctx, p.cards[0])
		p.time(ctx)
	}
}

func (p *prober) foreign() bool { return p.result.Reason != "" }

// refuse ends the probe: the target does not speak the contract.
func (p *prober) refuse(format string, args ...any) {
	p.result.Reason = fmt.Sprintf(format, args...)
}

// askHealth asks for the build. A target without the call is survived; one that
// cannot be reached is not asked anything else.
func (p *prober) askHealth(ctx context.Context) {
	h := p.api.Health
	if h == nil {
		return
	}
	a := p.ask(ctx, h.Method, p.path(&h.Request, &api.Vars{}), nil)
	if a.err != nil {
		if reason, final := unreachable(a.err); final {
			p.refuse("%s", reason)
		}
		p.unasked("health", a)
		return
	}
	r := &api.Response{Status: a.status, Header: a.header, Body: a.body}
	build, err := h.Build(jx.DecodeBytes(a.body), &api.Scratch{}, r)
	says := h.Tells(jx.DecodeBytes(a.body), &api.Scratch{}, r)
	p.result.Service, p.result.Store, p.result.Build = printable(says["service"]), printable(says["store"]), printable(build)
	var lacking []string
	for name, value := range says {
		if value == "" {
			lacking = append(lacking, name)
		}
	}
	slices.Sort(lacking)
	switch {
	case err != nil:
		p.differs("health", a, "%s", err)
	case len(lacking) > 0:
		p.differs("health", a, "it does not tell %s", strings.Join(lacking, ", "))
	default:
		p.ok("health", a)
	}
}
