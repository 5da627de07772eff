package check

import (
	"cmp"
	"errors"
	"io"

	"github.com/occbench/occbench/internal/check/lineage"
	"github.com/occbench/occbench/internal/history"
)

// Source reads a history from its beginning and reports whether its file was cut
// off.
type Source func(yield func(o *history.Op, line int)) (truncated bool, err error)

// File judges a history that open opens. It is read once where nothing is
// wrong, and once more for the operations that prove what is; a long one that
// is wrong, or that speaks of versions long past, a third time. The name stands
// in errors.
func File(open func() (io.ReadCloser, error), name string, options Options) (Report, error) {
	sum := ""
	report, err := examine(func(yield func(*history.Op, int)) (truncated bool, err error) {
		file, err := open()
		if err != nil {
			return false, err
		}
		defer func() { err = errors.Join(err, file.Close()) }()
		r := history.NewReader(file, name)
		if err := readAhead(r, yield); err != nil {
			return false, err
		}
		sum = r.Sum()
		return r.Truncated(), nil
	}, options)
	report.History = sum
	return report, err
}

// batch is a stretch of a file.
type batch struct {
	ops  []history.Op
	line int // of the first
	err  error
}

// readAhead yields the operations of a file to its end while another processor decodes
// the next ones: numbers for tokens take about as long as decoding does.
func readAhead(r *history.Reader, yield func(*history.Op, int)) error {
	const many, size = 4, 1 << 8
	free, full := make(chan *batch, many), make(chan *batch, many)
	for range many {
		free <- &batch{ops: make([]history.Op, 0, size)}
	}
	go func() {
		for b := range free {
			b.ops, b.line = b.ops[:0], max(r.Line(), 1)+1 // the header is line 1
			for len(b.ops) < size && b.err == nil {
				b.ops = b.ops[:len(b.ops)+1]
				b.err = r.Read(&b.ops[len(b.ops)-1])
			}
			if b.err != nil {
				b.ops = b.ops[:len(b.ops)-1]
			}
			full <- b
			if b.err != nil {
				return
			}
		}
	}()
	for {
		b := <-full
		for i := range b.ops {
			yield(&b.ops[i], b.line+i)
		}
		if b.err == io.EOF {
			return nil
		}
		if b.err != nil {
			return b.err
		}
		free <- b
	}
}

// History judges operations at hand. lines are their places in the file; nil
// stands for those that a file of just these operations has, from 2.
func History(ops []history.Op, lines []int, options Options) Report {
	report, err := examine(func(yield func(*history.Op, int)) (bool, error) {
		for i := range ops {
			line := i + 2
			if lines != nil {
				line = lines[i]
			}
			yield(&ops[i], line)
		}
		return false, nil
	}, options)
	if err != nil {
		panic(err) // this source has no errors
	}
	return report
}

// examine reads a history as often as the verdict needs.
func examine(src Source, options Options) (Report, error) {
	c := NewPass(options)
	truncated, err := src(c.Add)
	if err != nil {
		return Report{}, err
	}
	return c.Conclude(truncated, src)
}

// NewPass returns a checker for a history that can be read again: long past
// versions take no room in it. Conclude ends it.
func NewPass(options Options) *Checker {
	c := New(options)
	for _, f := range c.frames {
		f.fold = cmp.Or(options.fold, foldAt)
	}
	return c
}

// Conclude ends a history that was added as a whole and returns the verdict with
// its proofs. The history is read again only where something is wrong with it.
func (c *Checker) Conclude(truncated bool, again Source) (Report, error) {
	c.judgeEnded(truncated)
	if c.blind || c.tokens != nil && c.tokens.Doubt {
		whole, err := c.anew(again)
		if err != nil {
			return Report{}, err
		}
		if truncated, err = again(whole.Add); err != nil {
			return Report{}, err
		}
		whole.judgeEnded(truncated)
		c = whole
	}
	report := c.report()
	if truncated && !c.options.Excerpt {
		report.Why = append(report.Why, "the file is cut off within a line")
		report.Judged, report.Anomalies = false, []Anomaly{}
	}
	if !c.tally.hasAny() || !report.Judged && !c.trust.isSound() {
		return report, nil
	}
	found, err := c.prove(again)
	if report.Judged {
		report.Anomalies = found
	} else {
		report.Withheld = found
	}
	return report, err
}

// anew returns a checker that keeps every version, and knows all tokens before the first
// operation where their order was in doubt.
func (c *Checker) anew(again Source) (*Checker, error) {
	options := c.options
	options.fold = 0
	whole := New(options)
	if c.tokens == nil || !c.tokens.Doubt {
		return whole, nil
	}
	n := lineage.NewLearned(c.tokens.Counting)
	if _, err := again(n.Learn); err != nil {
		return nil, err
	}
	n.Finish()
	whole.useNumbers(n)
	return whole, nil
}

// judgeEnded judges a history that was added as a whole. Where its end is
// missing, the true owner of a version may be missing too: only what holds
// whatever others did is found then.
func (c *Checker) judgeEnded(truncated bool) {
	c.judge(c.options.Shared || c.options.Unaudited || !c.options.Excerpt && (truncated || len(c.flaws()) > 0))
}
