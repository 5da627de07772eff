package refserver

import (
	"errors"
	"net/http"
	"path"
	"slices"
	"strings"

	"github.com/occbench/occbench/internal/loopback"
)

// routes builds the API. The paths are matched by a mux of its own, the
// methods here, because the mux's answer to a wrong one is not in the envelope.
func (a *api) routes(metrics http.Handler, pages map[string]http.Handler) http.Handler {
	move, board := http.Handler(http.HandlerFunc(a.move)), http.Handler(http.HandlerFunc(a.board))
	card := methods{http.MethodGet: http.HandlerFunc(a.card)}
	if a.opts.Faults != nil {
		move, board = a.opts.Faults.Move(move), a.opts.Faults.Board(board)
		if edit := a.opts.Faults.Edit(); edit != nil {
			card[http.MethodPatch] = edit
		}
	}
	mux := http.NewServeMux()
	for pattern, calls := range map[string]methods{
		"/healthz":                          {http.MethodGet: http.HandlerFunc(a.health)},
		"/api/admin/appointments/board":     {http.MethodGet: board},
		"/api/admin/appointments/stream":    {http.MethodGet: http.HandlerFunc(a.stream)},
		"/api/admin/appointments/{id}":      card,
		"/api/admin/appointments/{id}/move": {http.MethodPost: a.attempts.count(move)},
		"/api/admin/appointments":           {http.MethodPost: http.HandlerFunc(a.addAppointment)},
		"/api/admin/dashboard/stats":        {http.MethodGet: http.HandlerFunc(a.stats)},
		"/api/admin/customers":              {http.MethodPost: http.HandlerFunc(a.addCustomer)},
		"/api/admin/vehicles":               {http.MethodPost: http.HandlerFunc(a.addVehicle)},
		"/api/admin/services": {http.MethodGet: http.HandlerFunc(a.services),
			http.MethodPost: http.HandlerFunc(a.addService)},
		"/api/client-metrics": {http.MethodPost: http.HandlerFunc(a.clientMetrics)},
		"/metrics":            {http.MethodGet: metrics},
		"/":                   nil,
	} {
		mux.Handle(pattern, calls)
	}
	for pattern, file := range pages {
		mux.Handle(pattern, methods{http.MethodGet: file})
	}
	return a.identify(mux)
}

// methods answers one path by method. Without any the path is unknown.
type methods map[string]http.Handler

func (m methods) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	method := r.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	switch h, ok := m[method]; {
	case ok:
		h.ServeHTTP(w, r)
	case len(m) == 0:
		refuse(w, http.StatusNotFound, notFound("there is no such path"))
	default:
		w.Header().Set("Allow", m.allow())
		refuse(w, http.StatusMethodNotAllowed, refusal{Code: "method_not_allowed", Message: "allowed here: " + m.allow()})
	}
}

func (m methods) allow() string {
	var all []string
	for method := range m {
		all = append(all, method)
		if method == http.MethodGet {
			all = append(all, http.MethodHead)
		}
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

// identify puts the headers of every answer, and refuses what a page of another
// server sends. A path that the mux would answer with a redirect to its clean
// form, as for an empty id, is unknown instead.
func (a *api) identify(next http.Handler) http.Handler {
	guard := loopback.NewGuard(a.opts.Hosts...)
	build := []string{a.opts.Build}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header()["X-App-Version"] = build
		if id := r.Header.Get("X-Correlation-Id"); sane(id) {
			w.Header().Set("X-Correlation-Id", id)
		}
		if err := guard.Check(r); err != nil {
			refuseForeign(w, err)
			return
		}
		if path.Clean(r.URL.Path) != r.URL.Path {
			refuse(w, http.StatusNotFound, notFound("there is no such path"))
			return
		}
		next.ServeHTTP(w, r)
	})
}

func refuseForeign(w http.ResponseWriter, err error) {
	var host *loopback.ForeignHost
	if errors.As(err, &host) {
		refuse(w, http.StatusMisdirectedRequest, refusal{Code: codeForeignHost,
			Message: err.Error() + "; occbench serve --served-host allows it"})
		return
	}
	refuse(w, http.StatusForbidden, refusal{Code: codeCrossOrigin, Message: err.Error()})
}

// sane reports whether a correlation id may be echoed: it ends up in the client's logs.
func sane(id string) bool {
	return id != "" && len(id) <= 128 && strings.IndexFunc(id, func(r rune) bool { return r <= ' ' || r > '~' }) < 0
}
