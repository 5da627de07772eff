package refserver

import (
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/occbench/occbench/reference-server/appointment"
)

// refusal is the error member of an answer.
type refusal = appointment.Error

// The codes of refusals that the move contract does not name.
const (
	codeExists      appointment.Code = "already_exists"
	codeTooLarge    appointment.Code = "body_too_large"
	codeUnavailable appointment.Code = "store_unavailable"
	codeTooMany     appointment.Code = "too_many_streams"
	codeInternal    appointment.Code = "internal_error"
	codeForeignHost appointment.Code = "foreign_host"
	codeCrossOrigin appointment.Code = "cross_origin"
)

func notFound(message string) refusal {
	return refusal{Code: appointment.NotFound, Message: message}
}

// invalid refuses a request for one field of it.
func invalid(field, message string) refusal {
	return refusal{Code: appointment.ValidationError, Message: field + " " + message, Field: field}
}

// send writes a complete JSON body. The length is given so that a body longer
// than the server's buffer is not sent in chunks.
func send(w http.ResponseWriter, status int, body []byte) {
	h := w.Header()
	h["Content-Type"] = jsonType
	h["Content-Length"] = []string{strconv.Itoa(len(body))}
	w.WriteHeader(status)
	// An error here means that the client's connection is gone: no answer can reach it.
	_, _ = w.Write(body)
}

var jsonType = []string{"application/json; charset=utf-8"}

// answer writes data in the envelope.
func answer(w http.ResponseWriter, status int, data any) {
	envelope(w, status, struct {
		OK   bool `json:"ok"`
		Data any  `json:"data"`
	}{true, data})
}

// refuse writes a refusal in the envelope.
func refuse(w http.ResponseWriter, status int, e refusal) {
	envelope(w, status, struct {
		OK    bool    `json:"ok"`
		Error refusal `json:"error"`
	}{false, e})
}

func envelope(w http.ResponseWriter, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		// Only types of this package come here, and all of them marshal.
		panic(err)
	}
	send(w, status, body)
}
