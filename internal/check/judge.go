package check

// judge reports everything that is broken on the record.
func (v *view) judge(t *tally) {
	p := past{lo: always, ever: none, by: never, told: always}
	for i := range v.row {
		r := &v.row[i]
		if i > 0 && !v.follows(i) {
			v.findGap(t, i, p)
			p.open = p.open || p.told != always
		}
		if r.from != r.to {
			v.judgeRun(i)
			p.pass(r)
			continue
		}
		gap := v.findOwnerless(t, i, p)
		v.findLostUpdate(t, i, p)
		v.findSpurious(t, i, gap)
		v.findTorn(t, i, p, gap)
		v.findPhantomFailure(t, i, p, gap)
		p.pass(r)
		v.findStaleReads(t, i)
	}
	v.findAbsence(t)
	v.findSkews(t)
	v.findMasked(t)
	if p.open || p.odd || v.decided || len(v.open)+len(v.record.rejects) > 0 {
		v.findBrokenChain(t)
	}
	v.countUnproven(t)
	if !v.bad {
		for _, s := range v.owned {
			t.add(s)
		}
	}
}

// judgeFamily reports what is broken of a family of tokens. Where a token of the record is
// reused only the order of contents is known, by what their writers had read. That two of
// them replaced the same one stands, and that one was shown after it was replaced;
// nothing follows for refusals, which were for a token.
func (v *view) judgeFamily(t *tally) {
	if v.record.of == nil || !v.record.of.Reused {
		v.judge(t)
		return
	}
	all := t.empty()
	v.judge(&all)
	t.includeOnly(&all, OCC01, OCC03, OCC07)
}

// judgeRun judges a run: whether its bounds still agree with those of the later
// rows, which may have become tighter since.
func (v *view) judgeRun(i int) {
	if r := &v.row[i]; i+1 < len(v.row) && max(r.last, r.own) > v.row[i+1].hi {
		v.bad = true
	}
}
