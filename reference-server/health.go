package refserver

import (
	"context"
	"net/http"
	"time"
)

// pingLimit is how long the store may take to give a sign of life.
const pingLimit = 2 * time.Second

// answerHealth says whether the server can do its work, which takes a store.
func (a *api) answerHealth(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), pingLimit)
	defer cancel()
	if err := a.store.Ping(ctx); err != nil {
		a.log.Error("the store does not answer", "error", err)
		sendRefusal(w, http.StatusServiceUnavailable, refusal{Code: codeUnavailable, Message: "the store does not answer"})
		return
	}
	sendData(w, http.StatusOK, struct {
		Status  string `json:"status"`
		Service string `json:"service"`
		Version string `json:"version"`
		Store   string `json:"store"`
	}{"ok", "occbench-reference-server", a.opts.Build, a.store.Name()})
}
