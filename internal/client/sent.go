package client

import (
	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/history"
)

// MaxSent is how many bytes of an answer that something else received are read.
const MaxSent = 64 << 10

// ClassifyAnswer classifies the answer to an update that another program sent,
// such as a page in a browser. It takes the HTTP status, 0 without an answer,
// and the body, and applies the rules of Update. The caller adds the times of
// the answer.
func ClassifyAnswer(by *api.API, id string, status int, body []byte) Answer {
	mem := takeRoom()
	defer mem.release()
	got := reply{status: status, body: body[:min(len(body), MaxSent)], end: history.None}
	a := startAnswer(&got, nil)
	if status != 0 {
		v := mem.vars()
		v.ID = id
		a.judge(by, v, &got, mem)
	}
	return a
}
