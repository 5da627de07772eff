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

// source reads the history from its beginning and reports whether its file was
// cut off.
type source func(yield func(o *history.Op, line int)) (truncated bool, err error)

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
func examine(src source, options Options) (Report, error) {
	c, truncated, err := digest(src, options, true)
	if err == nil && c.blind {
		c, truncated, err = digest(src, options, false)
	}
	if err != nil {
		return Report{}, err
	}
	report := c.report()
	if truncated && !options.Excerpt {
		report.Why = append(report.Why, "the file is cut off within a line")
		report.Judged, report.Anomalies = false, []Anomaly{}
	}
	if !c.tally.any() || !report.Judged && !c.trust.sound() {
		return report, nil
	}
	found, err := c.prove(src)
	if report.Judged {
		report.Anomalies = found
	} else {
		report.Withheld = found
	}
	return report, err
}

// digest reads the history once and judges it. Where its end is missing, the
// true owner of a version may be missing too: only what holds whatever others
// did is found then.
func digest(src source, options Options, folding bool) (*Checker, bool, error) {
	c := New(options)
	if folding {
		c.fold = cmp.Or(options.fold, foldAt)
	}
	truncated, err := src(c.Add)
	if err == nil {
		c.judge(options.Shared || !options.Excerpt && (truncated || len(c.flaws()) > 0))
	}
	return c, truncated, err
}
