package fault

import (
	"io"
	"net/http"
	"time"
)

const defaultHang = 30 * time.Second

var hang = Fault{
	Name:     "hang",
	Sentence: "an update is neither carried out nor answered; after 30 s, or as told, the connection is closed",
	Rate:     0.02,
	Argument: "DELAY",
	parse:    func(in *scene, argument string) error { return parseDelay(in, argument, defaultHang) },
	answer: func(_ http.ResponseWriter, r *http.Request, in *scene, _ http.Handler) {
		// net/http notices that a client left only once its request is read.
		if _, err := io.Copy(io.Discard, io.LimitReader(r.Body, 64<<10)); err == nil {
			pauseFor(r.Context(), in.delay)
		}
		panic(http.ErrAbortHandler)
	},
}
