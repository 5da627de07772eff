// Package release produces a release that ends well or ends where it began: it
// captures what is live, puts a new build in its place, has it validated, and
// backs out by itself when it must.
//
// Its opinion: the file with the way back is on the disk before the first call
// that changes anything; the way back is the same code for the machine that
// changed its mind, for the user and for a rollback after a crash; and
// what was reached is read back and compared by SHA, never assumed.
package release

import (
	"context"
	"time"
)

// Platform is where builds run. It is all that a release needs of a place, and
// what a second platform implements; docs/release.md has the rules in full.
//
// Every method may be called again after any failure, also by another process:
// it compares what is with what is wanted and does only what is missing.
type Platform interface {
	// Capture reads what is live. It changes nothing.
	Capture(ctx context.Context) (Capture, error)
	// Stage makes an image a version that is ready to serve and serves no caller
	// yet, and returns it. With Check it changes nothing and returns what is
	// known beforehand: the image in full, its SHA where the platform tells it,
	// and the version where there is one. An image that is not there is an error,
	// beside which the version is returned where it is there all the same.
	Stage(ctx context.Context, w Wanted) (Version, error)
	// Route divides the traffic. It does not return before the platform has
	// accepted the division.
	Route(ctx context.Context, t Traffic) error
}

// Version is a build as the platform keeps it.
type Version struct {
	ID     string `json:"version"` // published, immutable; empty: none yet
	Image  string `json:"image"`   // where its code comes from, by digest where there is one; empty: only the platform holds it
	SHA256 string `json:"sha256"`  // of its code, as the platform writes it
}

// Capture describes the version that is live.
type Capture struct {
	Function string  // unambiguous: holds account and region
	Alias    string  // what the callers call
	URL      string  // of the alias; empty: it has none
	Live     Version // what serves all but Traffic.Share
	Named    string  // the image as it was named when it was deployed; may be empty
	Next     Version // what the next version would carry
	Traffic  Traffic //
	Unfit    string  // why no release can begin from here, with the next command; empty: it can
}

// Traffic is how calls are divided.
type Traffic struct {
	Version string  // serves all that Canary does not
	Canary  string  // empty: no other version serves
	Share   float64 // of Canary, 0–1
}

// Wanted describes the version that Stage is to make.
type Wanted struct {
	Image string // as the user or a Version names it
	// Version is one that has this image already. It is used again when its code
	// has SHA256 and published anew otherwise; in any case the image becomes what
	// the next version would carry.
	Version string
	SHA256  string
	Check   bool
}

// Options say what to release, where, and how it is judged.
type Options struct {
	Platform Platform
	// Preview is the same function by an alias that callers do not call. When there
	// is one, the new build is validated there before it gets any traffic.
	Preview     Platform
	Name        string  // of the platform, for the file
	Image       string  // as the user named it
	Tag         string  // short name of the release
	ExpectBuild string  // what the new build calls itself
	URL         string  // where it is validated; empty: the alias's
	Canary      float64 // share for a first validation; 0: all at once
	// AcceptInconclusive keeps a build that was not decided. It never keeps one
	// whose validation was broken off.
	AcceptInconclusive bool
	Dir                string // of the release files
	Dry                bool   // the platform only prints; no file, no validation

	Health   func(ctx context.Context, url string) (build string, err error)
	Validate func(ctx context.Context, url string, divided bool) Judgement
	// Foresee returns an error when a validation at the URL would be in vain,
	// asked while what is live still is. It may be nil.
	Foresee  func(ctx context.Context, url string) error
	Now      func() time.Time
	Say      func(format string, args ...any)
	Patience Patience
}

// Patience bounds the waiting.
type Patience struct {
	Poll   time.Duration // between two looks; 1 s when 0
	Settle time.Duration // until a shifted alias shows the build; 1 min when 0
	Undo   time.Duration // of a rollback; 10 min when 0
}

func (p *Patience) setDefaults() {
	for _, f := range []struct {
		field *time.Duration
		value time.Duration
	}{{&p.Poll, time.Second}, {&p.Settle, time.Minute}, {&p.Undo, 10 * time.Minute}} {
		if *f.field <= 0 {
			*f.field = f.value
		}
	}
}

// Judgement is the result of a validation.
type Judgement struct {
	Verdict Verdict
	Partial bool     // broken off; an INCONCLUSIVE of this kind is never accepted
	Reasons []string // why it is not a PASS
	Run     string   // directory; may be empty
	Build   string   // that was validated, as the run says
	Err     error    // why there is no verdict
}

// Verdict is PASS, FAIL or INCONCLUSIVE; empty: it could not be judged.
type Verdict string

// The verdicts.
const (
	Pass         Verdict = "PASS"
	Fail         Verdict = "FAIL"
	Inconclusive Verdict = "INCONCLUSIVE"
)
