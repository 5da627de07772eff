package items

import (
	"encoding/json"
	"net/http"
)

// sendProblem answers with problem details (RFC 9457).
func sendProblem(w http.ResponseWriter, status int, detail string) {
	body, err := json.Marshal(struct {
		Status int    `json:"status"`
		Title  string `json:"title"`
		Detail string `json:"detail"`
	}{status, http.StatusText(status), detail})
	if err != nil {
		panic(err) // texts and numbers marshal
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_, _ = w.Write(append(body, '\n')) // a client that left hears nothing
}
