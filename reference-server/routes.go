package refserver

import (
	"errors"
	"net/http"
	"path"
	"slices"
	"strings"

	"github.com/occbench/occbench/internal/loopback"
)

// buildRoutes builds the server of some calls, with those that it has whatever it
// speaks. The paths are matched by a mux of its own, the methods here, because the
// mux's answer to a wrong one is not in the envelope.
func (a *api) buildRoutes(calls map[string]methods, metrics http.Handler) http.Handler {
	mux := http.NewServeMux()
	for pattern, answers := range calls {
		mux.Handle(pattern, answers)
	}
	mux.Handle("/healthz", methods{http.MethodGet: http.HandlerFunc(a.answerHealth)})
	mux.Handle("/metrics", methods{http.MethodGet: metrics})
	mux.Handle("/", methods{})
	return a.identifyServer(mux)
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
		sendRefusal(w, http.StatusNotFound, newNotFound("there is no such path"))
	default:
		w.Header().Set("Allow", m.allowHeader())
		sendRefusal(w, http.StatusMethodNotAllowed, refusal{Code: "method_not_allowed", Message: "allowed here: " + m.allowHeader()})
	}
}

func (m methods) allowHeader() string {
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

// identifyServer puts the headers of every answer, and refuses what a page of another
// server sends. A path that the mux would answer with a redirect to its clean
// form, as for an empty id, is unknown instead.
func (a *api) identifyServer(next http.Handler) http.Handler {
	guard := loopback.NewGuard(a.opts.Hosts...)
	build := []string{a.opts.Build}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header()["X-App-Version"] = build
		if id := r.Header.Get("X-Correlation-Id"); isPrintable(id) {
			w.Header().Set("X-Correlation-Id", id)
		}
		if err := guard.Check(r); err != nil {
			refuseForeign(w, err)
			return
		}
		if path.Clean(r.URL.EscapedPath()) != r.URL.EscapedPath() {
			sendRefusal(w, http.StatusNotFound, newNotFound("there is no such path"))
			return
		}
		next.ServeHTTP(w, r)
	})
}

func refuseForeign(w http.ResponseWriter, err error) {
	var host *loopback.ForeignHost
	if errors.As(err, &host) {
		sendRefusal(w, http.StatusMisdirectedRequest, refusal{Code: codeForeignHost,
			Message: err.Error() + "; occbench serve --served-host allows it"})
		return
	}
	sendRefusal(w, http.StatusForbidden, refusal{Code: codeCrossOrigin, Message: err.Error()})
}

// isPrintable reports whether a correlation id may be echoed: it ends up in the client's logs.
func isPrintable(id string) bool {
	return id != "" && len(id) <= 128 && strings.IndexFunc(id, func(r rune) bool { return r <= ' ' || r > '~' }) < 0
}
