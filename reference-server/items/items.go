// Package items is the second API of the reference server: texts under names that
// clients choose, each with an ETag that an update sends back in If-Match.
//
// It keeps to RFC 9110: the tags are strong and opaque, a stale one is answered with
// 412, and a write without a condition with 428 (RFC 6585), because a server that
// carries it out loses the update of another client.
package items

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/occbench/occbench/reference-server/appointment"
	"github.com/occbench/occbench/reference-server/store"
)

// Name is the API file by which clients speak this API.
const Name = "etag"

// storeLimit bounds the time that a call may spend in the store.
const storeLimit = 10 * time.Second

// API answers the calls on items.
type API struct {
	Items store.Items
	Tags  Tags
	// Move carries out an update on Items.
	Move func(ctx context.Context, on store.Items, m store.Move) (store.Moved, error)
	Log  *slog.Logger
}

// Get answers with an item.
func (a *API) Get(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := storeContext(r)
	defer cancel()
	is, err := a.findNamed(ctx, r.PathValue("id"))
	if err != nil {
		a.answerFailure(w, r, err)
		return
	}
	body, err := json.Marshal(struct {
		ID     string             `json:"id"`
		Status appointment.Status `json:"status"`
		Note   string             `json:"note"`
	}{is.Name, is.Status, is.Note})
	if err != nil {
		a.answerFailure(w, r, err)
		return
	}
	h := w.Header()
	h.Set("ETag", a.Tags.Tag(r, is))
	h.Set("Content-Type", "application/json")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(body) // a client that left hears nothing
}

// IsCreate reports whether a PUT is to make an item rather than to update one.
func IsCreate(r *http.Request) bool { return len(r.Header.Values("If-None-Match")) > 0 }

// Create makes an item that is not there yet.
func (a *API) Create(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("If-None-Match") != "*" || len(r.Header.Values("If-Match")) > 0 {
		sendProblem(w, http.StatusBadRequest, "a PUT takes either If-Match with a tag or If-None-Match with *")
		return
	}
	if !isName(r.PathValue("id")) {
		sendProblem(w, http.StatusBadRequest, "a name is Unicode text without NUL, of at most "+strconv.Itoa(maxName)+" bytes")
		return
	}
	text, ok := readContent(w, r)
	if !ok {
		return
	}
	ctx, cancel := storeContext(r)
	defer cancel()
	is, err := a.Items.Add(ctx, r.PathValue("id"), text.Status, text.Note)
	if errors.Is(err, store.ErrExists) {
		sendProblem(w, http.StatusPreconditionFailed, "there is an item of that name")
		return
	}
	if err != nil {
		a.answerFailure(w, r, err)
		return
	}
	w.Header().Set("ETag", a.Tags.Tag(r, is))
	w.WriteHeader(http.StatusCreated)
}

// Update writes an item whose tag is one of those in If-Match.
func (a *API) Update(w http.ResponseWriter, r *http.Request) {
	if len(r.Header.Values("If-Match")) == 0 {
		sendProblem(w, http.StatusPreconditionRequired, "a PUT needs If-Match with the ETag of the item, or If-None-Match with * to "+
			"make one")
		return
	}
	text, ok := readContent(w, r)
	if !ok {
		return
	}
	ctx, cancel := storeContext(r)
	defer cancel()
	is, wished, ok := a.findItem(ctx, w, r)
	if !ok {
		return
	}
	moved, err := a.Move(ctx, a.Items, store.Move{ID: is.ID, To: text.Status, Note: &text.Note, Expected: wished})
	if err != nil {
		a.answerFailure(w, r, err)
		return
	}
	is.Version, is.UpdatedAt = moved.Version, moved.UpdatedAt
	w.Header().Set("ETag", a.Tags.Tag(r, is))
	w.WriteHeader(http.StatusNoContent)
}

// Delete removes an item; with If-Match only one whose tag that is.
func (a *API) Delete(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := storeContext(r)
	defer cancel()
	is, wished, ok := a.findItem(ctx, w, r)
	if !ok {
		return
	}
	if len(r.Header.Values("If-Match")) == 0 {
		wished = 0
	}
	if err := a.Items.Remove(ctx, is.ID, wished); err != nil {
		a.answerFailure(w, r, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// findItem returns the item of a request and the version that its If-Match stands for,
// or it has answered.
func (a *API) findItem(ctx context.Context, w http.ResponseWriter, r *http.Request) (is store.Item, wished int64, ok bool) {
	is, err := a.findNamed(ctx, r.PathValue("id"))
	if err != nil {
		a.answerFailure(w, r, err)
		return is, Unknown, false
	}
	if len(r.Header.Values("If-Match")) == 0 {
		return is, Unknown, true
	}
	if wished, ok = readExpected(a.Tags, r, is); !ok {
		sendProblem(w, http.StatusBadRequest, "If-Match holds no list of entity tags")
	}
	return is, wished, ok
}

// maxName is how many bytes a name may have: an index of PostgreSQL takes 2704.
const maxName = 1000

func isName(name string) bool {
	return name != "" && len(name) <= maxName && utf8.ValidString(name) && !strings.ContainsRune(name, 0)
}

func (a *API) findNamed(ctx context.Context, name string) (store.Item, error) {
	if !isName(name) {
		return store.Item{}, store.ErrNotFound
	}
	return a.Items.Find(ctx, name)
}

// answerFailure answers a request that the store refused. What went wrong inside is logged
// and not told: it may hold the database's address.
func (a *API) answerFailure(w http.ResponseWriter, r *http.Request, err error) {
	var stale *store.Stale
	var illegal *store.Illegal
	switch {
	case errors.As(err, &stale):
		sendProblem(w, http.StatusPreconditionFailed, "the item has another ETag by now")
	case errors.As(err, &illegal):
		sendProblem(w, http.StatusUnprocessableEntity, "the item does not take this content")
	case errors.Is(err, store.ErrNotFound):
		sendProblem(w, http.StatusNotFound, "there is no such item")
	case errors.Is(err, store.ErrBusy):
		sendProblem(w, http.StatusServiceUnavailable, "the store is busy; nothing was written")
	default:
		a.Log.Error("request failed", "method", r.Method, "path", r.URL.Path, "error", err)
		sendProblem(w, http.StatusInternalServerError, "the request could not be carried out")
	}
}

// storeContext outlives the client: a write that was accepted is carried through.
func storeContext(r *http.Request) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(r.Context()), storeLimit)
}
