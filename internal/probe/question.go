package probe

import (
	"context"

	"github.com/occbench/occbench/internal/api"
)

// question is a line of the probe: what is asked, of which APIs, and what a
// difference means. Its texts name what the API file says in braces.
type question struct {
	name, expects, why string
	severity           Severity              // of a difference
	records            int                   // that it updates; 0: it needs none
	writes             bool                  // it asks for an update all the same
	of                 func(a *api.API) bool // nil: every API
	// ask asks it; nil: another question settles the line.
	ask func(s *session, ctx context.Context)
}

func isOpaque(a *api.API) bool { return !a.Counting }
func hasList(a *api.API) bool  { return a.List != nil }
func hasRead(a *api.API) bool  { return a.Read != nil }

// describesRefusal returns a condition: the API file describes a refusal of this kind.
func describesRefusal(kind api.Kind) func(*api.API) bool {
	return func(a *api.API) bool { return a.Update.Describes(kind) }
}
