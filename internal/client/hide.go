package client

import "errors"

// hideInReply hides secrets in an answer.
func (c *Client) hideInReply(got *reply) {
	if c.hide == nil {
		return
	}
	c.hide(got.body)
	c.hide(got.fields)
	for _, values := range got.header {
		for i, value := range values {
			values[i] = c.hideInText(value)
		}
	}
}

func (c *Client) hideInText(s string) string {
	text := []byte(s)
	c.hide(text)
	return string(text)
}

// hideInError hides secrets in an error of the transport, which may quote an
// answer that is no HTTP. It returns an error without secrets unchanged.
func (c *Client) hideInError(err error) error {
	if c.hide == nil {
		return err
	}
	if words := c.hideInText(err.Error()); words != err.Error() {
		return errors.New(words)
	}
	return err
}
