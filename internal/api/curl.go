package api

import "strings"

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
		words = append(words, "-H "+quoteShell(r.headers[i].Name+": "+string(value)))
	}
	if body != nil {
		words = append(words, "-H 'Content-Type: application/json' --data "+quoteShell(string(body)))
	}
	return strings.Join(append(words, quoteShell(strings.TrimRight(target, "/")+string(path))), " "), nil
}

// quoteShell makes any text one word of a POSIX shell.
func quoteShell(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }
