package merge

import (
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
)

// orderBySegment puts the generators into the order of their segments, and says which overlap
// and which are not there.
func (a *parts) orderBySegment(o Options) []string {
	var wrong []string
	for i := range a.parts {
		p := &a.parts[i]
		var err error
		if p.segment, err = parseSegment(p.Segment); err != nil {
			wrong = append(wrong, fmt.Sprintf("%s: segment %.40q %v", p.dir, p.Segment, err))
		}
	}
	bounds, err := parseSequence(a.parts[0].Sequence)
	if err != nil {
		wrong = append(wrong, fmt.Sprintf("%s: sequence %.80q %v", a.parts[0].dir, a.parts[0].Sequence, err))
	}
	if len(wrong) > 0 {
		return wrong
	}
	slices.SortStableFunc(a.parts, func(x, y part) int { return x.segment.from.Cmp(y.segment.from) })
	for i := range a.parts {
		p := &a.parts[i]
		if i > 0 && p.segment.from.Cmp(a.parts[i-1].segment.to) < 0 {
			wrong = append(wrong, fmt.Sprintf("%s: its segment %s overlaps %s of %s", p.dir, p.Segment, a.parts[i-1].Segment,
				a.parts[i-1].dir))
		}
	}
	for i := 0; i+1 < len(bounds); i++ {
		piece := segment{bounds[i], bounds[i+1]}
		if !slices.ContainsFunc(a.parts, func(p part) bool { return p.segment.equal(piece) }) {
			a.missing = append(a.missing, piece.String())
		}
	}
	if len(a.parts) != len(bounds)-1-len(a.missing) && len(wrong) == 0 {
		wrong = append(wrong, fmt.Sprintf("%s: a generator's segment is none of the sequence %s", a.parts[0].dir, a.parts[0].Sequence))
	}
	if len(a.missing) > 0 && !o.AllowMissing && len(wrong) == 0 {
		for _, s := range a.missing {
			wrong = append(wrong, fmt.Sprintf("the generator of segment %s is missing (sequence %s); --allow-missing goes on without it", s,
				a.parts[0].Sequence))
		}
	}
	return wrong
}

func (s segment) equal(other segment) bool {
	return s.from.Cmp(other.from) == 0 && s.to.Cmp(other.to) == 0
}

// String returns the segment as k6 writes it.
func (s segment) String() string { return formatRatio(s.from) + ":" + formatRatio(s.to) }

func formatRatio(r *big.Rat) string {
	if r.IsInt() {
		return r.Num().String()
	}
	return r.String()
}

// parseSegment reads a segment as k6 does: 1/4:2/4, or 25% for 0:25%. No text is the
// whole load.
func parseSegment(text string) (segment, error) {
	if text == "" {
		text = "0:1"
	}
	from, to, ok := strings.Cut(text, ":")
	if !ok {
		from, to = "0", text
	}
	bounds, err := parseRatios(from, to)
	if err != nil {
		return segment{}, err
	}
	return segment{bounds[0], bounds[1]}, nil
}

// parseSequence reads the bounds of all segments; no text is one segment.
func parseSequence(text string) ([]*big.Rat, error) {
	if text == "" {
		text = "0,1"
	}
	bounds, err := parseRatios(strings.Split(text, ",")...)
	if err == nil && (formatRatio(bounds[0]) != "0" || formatRatio(bounds[len(bounds)-1]) != "1") {
		err = errors.New("does not reach from 0 to 1")
	}
	return bounds, err
}

// parseRatios reads ratios that grow.
func parseRatios(texts ...string) ([]*big.Rat, error) {
	var all []*big.Rat
	for i, text := range texts {
		number, percent := strings.CutSuffix(text, "%")
		r, ok := new(big.Rat).SetString(number)
		if !ok || len(text) > 40 {
			return nil, fmt.Errorf("has no number where %.20q stands", text)
		}
		if percent {
			r.Quo(r, big.NewRat(100, 1))
		}
		if i > 0 && r.Cmp(all[i-1]) <= 0 {
			return nil, errors.New("does not grow")
		}
		all = append(all, r)
	}
	return all, nil
}
