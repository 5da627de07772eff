package items

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/occbench/occbench/reference-server/appointment"
)

// maxBody is how many bytes the body of a PUT may have.
const maxBody = 64 << 10

// content is the body of an item.
type content struct {
	Status appointment.Status `json:"status"`
	Note   string             `json:"note"`
}

// readContent reads the body of a PUT and reports whether it could; else it has
// answered. PostgreSQL's text cannot hold a NUL.
func readContent(w http.ResponseWriter, r *http.Request) (is content, ok bool) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		sendProblem(w, http.StatusRequestEntityTooLarge, fmt.Sprintf("the body is over %d bytes", maxBody))
		return is, false
	}
	if err == nil {
		err = json.Unmarshal(body, &is)
	}
	if err != nil || strings.ContainsRune(string(is.Status)+is.Note, 0) {
		sendProblem(w, http.StatusBadRequest, `the body must be a JSON object like {"status":"open","note":"text"}`)
		return is, false
	}
	return is, true
}
