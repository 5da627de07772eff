package measure

import (
	"maps"
	"slices"

	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/stats"
)

// Part counts the work of one of a run's generators. The attempts are those of Numbers.
type Part struct {
	Generator  string   `json:"generator"`
	Operations int64    `json:"operations"` // all lines of the history
	FirstS     float64  `json:"first_s"`    // start of its first operation that is no audit
	LastS      float64  `json:"last_s"`     // end of its last
	Attempts   int      `json:"attempts"`
	Applied    int      `json:"applied"`
	Conflicts  int      `json:"conflicts"`
	Failed     int      `json:"failed"` // attempts that were neither applied nor a conflict
	P95MS      *float64 `json:"p95_ms"` // of the attempts; nil: there is none
	Stalls     *Stalls  `json:"stalls,omitempty"`
}

// parts are those of the generators that operations name.
type parts struct {
	all    map[string]*part
	latest *part
}

type part struct {
	name       string
	operations int64
	span       span
	outcomes   map[history.Outcome]int
	service    stats.Sample
}

// findPart returns the part of an operation; nil where the run has one generator.
func (p *parts) findPart(op *history.Op) *part {
	if op.Generator == "" || p.latest != nil && p.latest.name == op.Generator {
		return p.latest
	}
	if p.all == nil {
		p.all = map[string]*part{}
	}
	if p.latest = p.all[op.Generator]; p.latest == nil {
		p.latest = &part{name: op.Generator, outcomes: map[history.Outcome]int{}}
		p.all[op.Generator] = p.latest
	}
	return p.latest
}

func (p *parts) count(op *history.Op) {
	part := p.findPart(op)
	if part == nil {
		return
	}
	part.operations++
	if op.Kind != history.Audit {
		part.span.add(op)
	}
}

func (p *parts) attempt(op *history.Op) {
	if part := p.findPart(op); part != nil {
		part.outcomes[op.Outcome]++
		part.service.Add(latencySince(op.Start, op))
	}
}

// numbers returns what each did, by name, with the attempts of others added.
func (p *parts) numbers(others *parts, opt Options, end int64) []Part {
	var all []Part
	for _, name := range slices.Sorted(maps.Keys(p.all)) {
		of, also := p.all[name], others.all[name]
		if also == nil {
			also = &part{}
		}
		outcomes := addCounts(of.outcomes, also.outcomes)
		one := Part{
			Generator: name, Operations: of.operations, FirstS: toSeconds(of.span.first), LastS: toSeconds(of.span.last),
			Applied: outcomes[history.Applied], Conflicts: outcomes[history.Conflict],
			P95MS: summarizeLatency(&of.service, &also.service).P95MS, Stalls: toStalls(opt.Stalls.ForGenerator(name), end),
		}
		one.Attempts = of.service.Len() + also.service.Len()
		one.Failed = one.Attempts - one.Applied - one.Conflicts
		all = append(all, one)
	}
	return all
}
