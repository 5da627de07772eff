package selftest

import "time"

// Options say how to test. The zero Options test everything on SQLite.
type Options struct {
	API         string        // that the server speaks, by the name of its API file; empty: all that it can
	Only        string        // the name of one case; empty: all
	Store       string        // sqlite (default) or postgres
	DatabaseURL string        // of the store; SQLite needs none
	Span        time.Duration // of the hot load of a case; default 2 s
	Seed        uint64        // fixes picks, waits, and which requests a fault strikes
	Now         func() time.Time
}

// setDefaults fills in what is left open.
func (o *Options) setDefaults() {
	if o.Store == "" {
		o.Store = "sqlite"
	}
	if o.Span <= 0 {
		o.Span = 2 * time.Second
	}
	if o.Now == nil {
		o.Now = time.Now
	}
}
