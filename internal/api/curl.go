package api

import (
	"strings"

	"github.com/occbench/occbench/internal/shell"
)

// Curl returns a command for a POSIX shell that sends the request to a target, with
// a body of the caller's; nil: without one.
func (r *Request) Curl(target string, v *Vars, body []byte) (string, error) {
	path, err := r.AppendPath(nil, v)
	if err != nil {
		return "", err
	}
	words := []string{"curl -sS"}
	if r.Method != "GET" {
		words = append(words, "-X "+r.Method)
	}
	for i := range r.headers {
		value, err := r.headers[i].Append(nil, v)
		if err != nil {
			return "", err
		}
		words = append(words, "-H "+shell.Quote(r.headers[i].Name+": "+string(value)))
	}
	if body != nil {
		if r.header("Content-Type") == nil {
			words = append(words, "-H 'Content-Type: application/json'")
		}
		option := "--data "
		if r.body == nil || !r.body.json {
			option = "--data-raw " // a text may begin with @
		}
		words = append(words, option+shell.Quote(string(body)))
	}
	return strings.Join(append(words, shell.Quote(strings.TrimRight(target, "/")+string(path))), " "), nil
}
