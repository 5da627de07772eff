package check

// A look of a Watch judges a record again when something was added about it, and mostly
// that is about its last versions. So a page whose versions are settled is one row at
// looks, as if it had been folded. Unlike a folded one it stays at hand: an operation
// that speaks of one of its versions makes it many rows again, and so does an anomaly of
// the record, because one row cannot tell which version takes part in it.

// sumSettled sums up the pages that are settled and were not yet.
func (k *record) sumSettled() {
	pages := k.sortedPages()
	k.pool.steps += int64(len(pages))
	hi := int64(never)
	for i := len(pages) - 1; i > 0; i-- {
		p := &pages[i]
		if p.sum != nil {
			hi = min(hi, p.sum.bounds.up)
			continue
		}
		if i+1 < len(pages) && k.isSettled(pages[i-1].page, p.page, pages[i+1].page, hi) {
			sum := p.page.sumUp(hi)
			if p.sum = &sum; k.hot == p.page {
				k.hot = nil // so that dropSum learns of the next operation
			}
		}
		hi = min(hi, p.page.earliest())
	}
}

// dropSum makes a page many rows again, since an operation speaks of one of its versions.
func (k *record) dropSum(no int64) {
	for i := len(k.sorted) - 1; i >= 0 && k.sorted[i].no >= no; i-- {
		if k.sorted[i].no == no {
			k.sorted[i].sum = nil
		}
	}
}

// dropSums makes all pages many rows again.
func (k *record) dropSums() {
	for i := range k.sorted {
		k.sorted[i].sum = nil
	}
}
