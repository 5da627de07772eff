package check

import (
	"cmp"
	"errors"
	"io"

	"github.com/occbench/occbench/internal/history"
)

// lined is an operation and its line in the history's file.
type lined struct {
	op   history.Op
	line int
}

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
		var o history.Op
		for {
			if err := r.Read(&o); err == io.EOF {
				sum = r.Sum()
				return r.Truncated(), nil
			} else if err != nil {
				return false, err
			}
			yield(&o, r.Line())
		}
	}, options)
	report.History = sum
	return report, err
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
	if options.Opaque {
		options.Tokens = NewNumbering()
		if _, err := src(options.Tokens.Learn); err != nil {
			return Report{}, err
		}
	}
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
	c.fold = cmp.Or(options.fold, foldAt)
	return c
}

// Conclude ends a history that was added as a whole and returns the verdict with
// its proofs. The history is read again only where something is wrong with it.
func (c *Checker) Conclude(truncated bool, again Source) (Report, error) {
	c.judgeEnded(truncated)
	if c.blind {
		c = New(c.options)
		var err error
		if truncated, err = again(c.Add); err != nil {
			return Report{}, err
		}
		c.judgeEnded(truncated)
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

// judgeEnded judges a history that was added as a whole. Where its end is
// missing, the true owner of a version may be missing too: only what holds
// whatever others did is found then.
func (c *Checker) judgeEnded(truncated bool) {
	c.judge(c.options.Shared || !c.options.Excerpt && (truncated || len(c.flaws()) > 0))
}
