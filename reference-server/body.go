package refserver

import (
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/occbench/occbench/reference-server/appointment"
)

// maxBody is how many bytes a request's body may have; a move takes 80.
const maxBody = 64 << 10

// readMembers reads the body of a request into members and reports whether it
// could; else it has answered.
func readMembers(w http.ResponseWriter, r *http.Request, members []member) bool {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		sendRefusal(w, http.StatusRequestEntityTooLarge, refusal{Code: codeTooLarge,
			Message: fmt.Sprintf("the body is over %d bytes", maxBody)})
		return false
	}
	if err != nil {
		sendRefusal(w, http.StatusBadRequest, refusal{Code: appointment.ValidationError, Message: "the body could not be read to its end"})
		return false
	}
	if err := decodeMembers(body, members); err != nil {
		sendRefusal(w, http.StatusBadRequest, *err)
		return false
	}
	return true
}
