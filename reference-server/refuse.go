package refserver

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/occbench/occbench/reference-server/appointment"
	"github.com/occbench/occbench/reference-server/store"
)

// answerFailure answers a request that the store refused. What went wrong inside is
// logged and not told: it may hold the database's address.
func (a *api) answerFailure(w http.ResponseWriter, r *http.Request, err error) {
	status, e := explainError(err)
	if status >= http.StatusInternalServerError {
		a.log.Error("request failed", "method", r.Method, "path", r.URL.Path, "status", status, "error", err)
	}
	sendRefusal(w, status, e)
}

func explainError(err error) (int, refusal) {
	var unknown *store.Unknown
	switch {
	case errors.Is(err, store.ErrNotFound):
		return http.StatusNotFound, newNotFound("there is no such appointment")
	case errors.Is(err, store.ErrBusy):
		return http.StatusServiceUnavailable, refusal{Code: appointment.StoreBusy, Message: "the store is busy; nothing was applied"}
	case errors.Is(err, store.ErrExists):
		return http.StatusConflict, refusal{Code: codeExists, Message: "it exists already"}
	case errors.As(err, &unknown):
		return http.StatusBadRequest, newInvalid(unknown.Field, "refers to something that does not exist")
	default:
		return http.StatusInternalServerError, refusal{Code: codeInternal, Message: "the request could not be carried out"}
	}
}

// answerFailedMove answers a move that was not applied.
func (a *api) answerFailedMove(w http.ResponseWriter, r *http.Request, m store.Move, err error) {
	var stale *store.Stale
	var illegal *store.Illegal
	switch {
	case errors.As(err, &stale):
		sendRefusal(w, http.StatusConflict, refusal{
			Code:          appointment.VersionConflict,
			Message:       fmt.Sprintf("the appointment is in version %d, not in %d", stale.Version, m.Expected),
			AppointmentID: r.PathValue("id"), ExpectedVersion: &m.Expected,
			CurrentVersion: &stale.Version, CurrentStatus: stale.Status,
		})
	case errors.As(err, &illegal):
		sendRefusal(w, http.StatusUnprocessableEntity, refusal{
			Code:    appointment.InvalidTransition,
			Message: fmt.Sprintf("no transition leads from %s to %s", illegal.From, m.To),
			From:    illegal.From, To: m.To,
		})
	default:
		a.answerFailure(w, r, err)
	}
}
