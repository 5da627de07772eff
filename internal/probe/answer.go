package probe

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/history"
)

// answer is the answer to a question.
type answer struct {
	asked  string
	status int // 0 without a complete answer
	header http.Header
	body   []byte
	start  int64       // ns of the client's clock
	end    int64       // the same; history.None without a complete answer
	err    error       // why there is no complete answer
	said   api.Refusal // of an answer to an update, and of any refusal
}

func (a *answer) response() *api.Response {
	return &api.Response{Status: a.status, Header: a.header, Body: a.body}
}

// isConflict reports whether an update was refused because its token was stale.
func (a *answer) isConflict() bool { return a.err == nil && a.said.Outcome == history.Conflict }

// isRefusal reports whether a refusal is of a kind that the API file describes.
func (a *answer) isRefusal(kind api.Kind) bool { return a.err == nil && a.said.Kind == kind }

// milliseconds returns how long the answer took.
func (a *answer) milliseconds() float64 { return float64(a.end-a.start) / 1e6 }

// isSuccess reports whether a call that is no update did what was asked.
func (a *answer) isSuccess() bool { return a.status >= 200 && a.status < 300 }

// isAccepted reports whether an update was said to be done, in the words of the API or
// in others.
func (a *answer) isAccepted() bool {
	return a.err == nil && a.isSuccess() && (a.said.Outcome == history.Applied || a.said.Outcome == history.Malformed)
}

// isThrottled reports an answer that had no effect and promises a better one.
func (a *answer) isThrottled() bool {
	return a.err == nil && (a.status == http.StatusTooManyRequests || a.said.Outcome == history.Throttled || a.isRefusal(api.Busy))
}

// describe says what was answered.
func (a *answer) describe() string {
	if a.err != nil {
		return a.err.Error()
	}
	if code := client.MakePrintable(a.said.Code); code != "" {
		return fmt.Sprintf("HTTP %d %s", a.status, code)
	}
	return fmt.Sprintf("HTTP %d", a.status)
}

// describeRequest returns the request, without headers and body.
func (a *answer) describeRequest() string {
	method, path, _ := strings.Cut(a.asked, " ")
	path, _, _ = strings.Cut(path, " ")
	return method + " " + path
}
