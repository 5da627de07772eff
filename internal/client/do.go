package client

import (
	"bytes"
	"context"
	"net/http"

	"github.com/occbench/occbench/internal/api"
)

// Response is the answer to a call as it came.
type Response struct {
	Status     int
	Header     http.Header
	Body       []byte // the caller's
	Start, End int64  // ns of the client's clock
}

// Do makes any call. The path begins with a slash, is relative to the target
// and may carry a query; a body that is not nil is sent as JSON. An error
// means that there is no complete answer, whatever the server may have done;
// any status is an answer, a redirect too.
func (c *Client) Do(ctx context.Context, method, path string, body []byte) (Response, error) {
	at, err := c.resolveURL(path)
	if err != nil {
		return Response{}, err
	}
	return c.do(ctx, call{request: c.newTemplate(method, at, body), body: body, update: method != http.MethodGet})
}

// Send makes a call of the API file, as Do does.
func (c *Client) Send(ctx context.Context, call *api.Request, v *api.Vars) (Response, error) {
	made, err := c.buildCall(call, v)
	if err != nil {
		return Response{}, err
	}
	made.update = call.Method != http.MethodGet
	return c.do(ctx, made)
}

func (c *Client) do(ctx context.Context, made call) (Response, error) {
	mem := takeRoom()
	defer mem.release()
	got, err := c.exchange(ctx, made, mem)
	if err != nil {
		return Response{Start: got.start, End: got.end}, err
	}
	return Response{Status: got.status, Header: got.headers(), Body: bytes.Clone(got.body), Start: got.start, End: got.end}, nil
}
