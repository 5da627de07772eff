package refserver

import (
	"log/slog"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/occbench/occbench/reference-server/appointment"
	"github.com/occbench/occbench/reference-server/items"
	"github.com/occbench/occbench/reference-server/store"
)

// Options say what a Server serves. Only Store is required.
type Options struct {
	Store  store.Store // not closed by the server
	API    string      // that the server speaks: appointments, the default, or etag
	Build  string      // X-App-Version and the version in health answers; "dev" when empty
	Logger *slog.Logger
	Now    func() time.Time // decides what today and the past are
	Rand   *rand.Rand       // draws the pause before a retry; used under a lock
	Faults Faults           // nil: none, the server is correct
	Hosts  []string         // under which it answers besides the names and the address of its machine
	Grace  time.Duration    // how long a stop waits for requests in flight; 10 s when 0
	// Observe is told of every attempt before a byte of its answer is sent, from
	// many goroutines. It stands in the request's path, so it must not wait. It
	// may be nil.
	Observe func(Attempt)
	// ObserveClient is told of every move that a board in a browser reports,
	// under the same terms.
	ObserveClient func(ClientMove)
}

// Faults break a server on purpose.
type Faults interface {
	// Store and Items return what the server uses instead of its store.
	Store(store.Store) (store.Store, error)
	Items(store.Items) (store.Items, error)
	// Tags returns what the server uses instead of its ETags of items.
	Tags(items.Tags) items.Tags
	// Update and Read return what answers the calls that update a record, and by which records are read.
	Update(http.Handler) http.Handler
	Read(http.Handler) http.Handler
	// Edit returns what answers a PATCH of an appointment; nil: nothing does.
	Edit() http.Handler
}

func (o *Options) setDefaults() {
	if o.API == "" {
		o.API = appointment.Name
	}
	if o.Build == "" {
		o.Build = "dev"
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Rand == nil {
		o.Rand = rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64()))
	}
	if o.Grace == 0 {
		o.Grace = 10 * time.Second
	}
}
