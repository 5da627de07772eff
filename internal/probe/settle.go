package probe

import "fmt"

// ok settles a line: the contract holds.
func (p *prober) ok(name string, a answer) { p.settle(name, OK, "", a, "") }

// differs settles a line as different, with the severity of its row.
func (p *prober) differs(name string, a answer, format string, args ...any) {
	p.settle(name, Differs, rows[rowIndex(name)].severity, a, fmt.Sprintf(format, args...))
}

// unasked settles a line that was not answered.
func (p *prober) unasked(name string, a answer) {
	p.settle(name, Unasked, "", a, a.words())
}

func (p *prober) settle(name string, s State, sev Severity, a answer, detail string) {
	l := &p.result.Lines[rowIndex(name)]
	l.State, l.Severity, l.Asked, l.Detail = s, sev, a.asked, printable(detail)
	l.Answered = Answered{HTTP: a.status, Code: printable(a.said.Code), Excerpt: excerpt(a.body), Millis: a.millis()}
}

// cannotAsk leaves all lines that need cards unasked, with the reason.
func (p *prober) cannotAsk(reason string) {
	for i, r := range rows {
		if r.needsCards && p.result.Lines[i].State == Unasked {
			p.result.Lines[i].Detail = printable(reason)
		}
	}
}

func (p *prober) warn(format string, args ...any) {
	p.result.Warnings = append(p.result.Warnings, printable(fmt.Sprintf(format, args...)))
}

// undecided settles a line for which the target gave no answer of its own:
// none at all, or only that it is busy. It reports whether it did.
func (p *prober) undecided(name string, a answer) bool {
	if a.err == nil && !a.throttled() {
		return false
	}
	p.unasked(name, a)
	return true
}
