package client

import "errors"

// cover hides secrets in an answer.
func (c *Client) cover(got *reply) {
	if c.hide == nil {
		return
	}
	c.hide(got.body)
	c.hide(got.fields)
	for _, values := range got.header {
		for i, value := range values {
			values[i] = c.hidden(value)
		}
	}
}

func (c *Client) hidden(s string) string {
	text := []byte(s)
	c.hide(text)
	return string(text)
}

// covered hides secrets in what a transport says, which quotes an answer that is
// no HTTP. An error without any stays what it is.
func (c *Client) covered(err error) error {
	if c.hide == nil {
		return err
	}
	if words := c.hidden(err.Error()); words != err.Error() {
		return errors.New(words)
	}
	return err
}
