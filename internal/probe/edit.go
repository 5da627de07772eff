package probe

import (
	"bytes"
	"context"
	"io"
	"net/http"
)

// editKey is the key of a change to a request in its context.
type editKey struct{}

// withEdit returns a context whose requests are changed before they are signed. The
// change returns the body that is sent.
func withEdit(ctx context.Context, change func(r *http.Request, body []byte) []byte) context.Context {
	return context.WithValue(ctx, editKey{}, change)
}

// applyEdit makes the change that the context of a request asks for.
func applyEdit(r *http.Request, body []byte) []byte {
	change, ok := r.Context().Value(editKey{}).(func(*http.Request, []byte) []byte)
	if !ok {
		return body
	}
	changed := change(r, body)
	if bytes.Equal(changed, body) {
		return body
	}
	r.ContentLength = int64(len(changed))
	r.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(changed)), nil }
	r.Body = io.NopCloser(bytes.NewReader(changed))
	return changed
}

// withHeader returns a context whose requests have another value in a header.
func withHeader(ctx context.Context, name, value string) context.Context {
	return withEdit(ctx, func(r *http.Request, body []byte) []byte {
		r.Header.Set(name, value)
		return body
	})
}

// withBody returns a context whose requests have another body.
func withBody(ctx context.Context, other []byte) context.Context {
	return withEdit(ctx, func(*http.Request, []byte) []byte { return other })
}
