package client

import (
	"errors"
	"slices"
	"sync"
	"sync/atomic"
)

// Tally counts what a history does not tell of the answers: which builds gave
// them, and why some are missing or unreadable. Any number of clients may share
// one; the zero Tally is ready. Of a nil Tally all methods do nothing.
type Tally struct {
	last atomic.Pointer[build] // that answered last: mostly there is one

	mu       sync.Mutex
	builds   []*build // in the order in which they were seen
	troubles []TroubleCount
}

// build counts the answers of one build of the server.
type build struct {
	name     string
	first    int64
	attempts atomic.Int64
}

// BuildCount is a build that answered, by the header that the API file names.
type BuildCount struct {
	Build    string
	First    int64 // end of the first answer, ns of the client's clock
	Attempts int64 // updates that it answered
}

// TroubleCount is how often a Trouble was met.
type TroubleCount struct {
	Trouble  Trouble
	Attempts int64 // updates
	Reads    int64
}

// mostKinds and longestBuild bound what a hostile target can make a Tally hold:
// what comes after so many builds or troubles counts as the last of them.
const (
	mostKinds    = 100
	longestBuild = 200 // bytes
)

// countCall counts a finished call. header is the one in which answers name
// their build, or empty.
func (t *Tally) countCall(header string, update bool, got *reply, err error) {
	if t == nil {
		return
	}
	if name := got.build(header); len(name) > 0 {
		b := t.last.Load()
		if b == nil || b.name != string(name) {
			b = t.findBuild(string(name), got.end)
		}
		if update {
			b.attempts.Add(1)
		}
	}
	var trouble Trouble
	if err != nil && errors.As(err, &trouble) {
		t.countTrouble(trouble, update)
	}
}

// build returns the name of the build that answered; empty where none is named.
func (r *reply) build(header string) []byte {
	if header == "" || r.status == 0 {
		return nil
	}
	name := r.get(header)
	return name[:min(len(name), longestBuild)]
}

// findBuild returns the entry of a build, which it adds when the build is new.
func (t *Tally) findBuild(name string, now int64) *build {
	t.mu.Lock()
	defer t.mu.Unlock()
	i := slices.IndexFunc(t.builds, func(b *build) bool { return b.name == name })
	if i < 0 && len(t.builds) == mostKinds {
		i = mostKinds - 1
	}
	if i < 0 {
		i = len(t.builds)
		t.builds = append(t.builds, &build{name: name, first: now})
	}
	t.last.Store(t.builds[i])
	return t.builds[i]
}

// countTrouble counts a trouble of an update or of a read.
func (t *Tally) countTrouble(trouble Trouble, update bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	i := slices.IndexFunc(t.troubles, func(c TroubleCount) bool { return c.Trouble == trouble })
	if i < 0 && len(t.troubles) == mostKinds {
		i = mostKinds - 1
	}
	if i < 0 {
		i = len(t.troubles)
		t.troubles = append(t.troubles, TroubleCount{Trouble: trouble})
	}
	if update {
		t.troubles[i].Attempts++
	} else {
		t.troubles[i].Reads++
	}
}

// Builds returns the builds in the order in which they first answered.
func (t *Tally) Builds() []BuildCount {
	t.mu.Lock()
	defer t.mu.Unlock()
	counts := make([]BuildCount, len(t.builds))
	for i, b := range t.builds {
		counts[i] = BuildCount{b.name, b.first, b.attempts.Load()}
	}
	slices.SortStableFunc(counts, func(a, b BuildCount) int { return int(min(max(a.First-b.First, -1), 1)) })
	return counts
}

// Troubles returns what was met, in the order in which it was met first.
func (t *Tally) Troubles() []TroubleCount {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.troubles)
}
