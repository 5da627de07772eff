package refserver

import (
	"context"
	"fmt"

	"github.com/occbench/occbench/reference-server/store"
	"github.com/occbench/occbench/reference-server/store/postgres"
	"github.com/occbench/occbench/reference-server/store/sqlite"
)

// Stores are the kinds of store that OpenStore knows.
func Stores() []string { return []string{"sqlite", "postgres"} }

// OpenStore opens a store of a kind: sqlite with the path of a file, or an
// empty one for a temporary file that Close removes; postgres with a URL
// (postgres://user@host/database).
func OpenStore(ctx context.Context, kind, databaseURL string) (store.Store, error) {
	switch {
	case kind == "sqlite":
		return asStore(sqlite.Open(ctx, databaseURL))
	case kind == "postgres" && databaseURL == "":
		return nil, fmt.Errorf("opening the store postgres: it needs a database URL (postgres://user@host/database)")
	case kind == "postgres":
		return asStore(postgres.Open(ctx, databaseURL))
	default:
		return nil, fmt.Errorf("opening the store %q: there are sqlite and postgres", kind)
	}
}

// asStore keeps a nil pointer from becoming a store that is not nil.
func asStore[S store.Store](s S, err error) (store.Store, error) {
	if err != nil {
		return nil, err
	}
	return s, nil
}
