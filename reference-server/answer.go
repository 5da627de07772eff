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

func newNotFound(message string) refusal {
	return refusal{Code: appointment.NotFound, Message: message}
}

// newInvalid refuses a request for one field of it.
func newInvalid(field, message string) refusal {
	return refusal{Code: appointment.ValidationError, Message: field + " " + message, Field: field}
}

// sendBody writes a complete JSON body. The length is given so that a body longer
// than the server's buffer is not sent in chunks.
func sendBody(w http.ResponseWriter, status int, body []byte) {
	h := w.Header()
	h["Content-Type"] = jsonType
	h["Content-Length"] = []string{strconv.Itoa(len(body))}
	w.WriteHeader(status)
	// An error here means that the client's connection is gone: no answer can reach it.
	_, _ = w.Write(body)
}

var jsonType = []string{"application/json; charset=utf-8"}

// sendData writes data in the envelope.
func sendData(w http.ResponseWriter, status int, data any) {
	sendEnvelope(w, status, struct {
		OK   bool `json:"ok"`
		Data any  `json:"data"`
	}{true, data})
}

// sendRefusal writes a refusal in the envelope.
func sendRefusal(w http.ResponseWriter, status int, e refusal) {
	sendEnvelope(w, status, struct {
		OK    bool    `json:"ok"`
		Error refusal `json:"error"`
	}{false, e})
}

func sendEnvelope(w http.ResponseWriter, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		// Only types of this package come here, and all of them marshal.
		panic(err)
	}
	sendBody(w, status, body)
}
