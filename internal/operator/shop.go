package operator

import (
	"context"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/client"
)

// Shop makes the calls of an API for an operator: the client of an API file, or the
// functions of a script.
type Shop interface {
	API() *api.API // what it speaks: tokens, states, and how records are read
	Clock() int64  // ns of the clock that answers are stamped with
	List(context.Context, *client.List) client.Answer
	Read(context.Context, *client.Record) client.Answer
	Update(context.Context, *client.Attempt) client.Answer
}

// Serial is a Shop that makes one call at a time.
type Serial interface{ Serial() }

func isSerial(s Shop) bool {
	_, is := s.(Serial)
	return is
}

// ReadsSingly reports whether operators read the records of an API one by one:
// it has no list, or one that shows no tokens.
func ReadsSingly(a *api.API) bool { return a.List == nil || a.List.Field("token") == "" }
