package client

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/run"
)

// New returns a client, or says what is wrong with the configuration. Nothing
// is sent.
func New(cfg Config) (*Client, error) {
	base, user, err := parseTarget(cfg.Target)
	if err != nil {
		return nil, err
	}
	if cfg.API == nil {
		return nil, errors.New("configuring the client: it needs an API")
	}
	if err := checkDate(cfg.Date); err != nil {
		return nil, err
	}
	if cfg.Timeout < 0 || cfg.UpdateLimit < 0 || cfg.ListLimit < 0 {
		return nil, fmt.Errorf(
			"configuring the client: timeout %s and body limits %d and %d must not be negative",
			cfg.Timeout,
			cfg.UpdateLimit,
			cfg.ListLimit,
		)
	}
	preset := run.Preset()
	c := &Client{
		base:      base,
		transport: cfg.Transport,
		timeout:   cmp.Or(cfg.Timeout, preset.Timeout),
		update:    newBodyLimit(cmp.Or(cfg.UpdateLimit, preset.UpdateLimit), "the answer to an update", "--update-limit"),
		read:      newBodyLimit(cmp.Or(cfg.ListLimit, preset.ListLimit), "the answer to a read", "--list-limit"),
		tally:     cfg.Tally,
		sign:      cfg.Sign,
		hide:      cfg.Hide,
		clock:     cfg.Clock,
		api:       cfg.API,
		date:      cfg.Date,
		tag:       cfg.Tag,
	}
	c.setDefaults()
	if err := c.prepare(user); err != nil {
		return nil, fmt.Errorf("preparing the requests of API %s: %w", c.api.Name, err)
	}
	return c, nil
}

func (c *Client) setDefaults() {
	if c.transport == nil {
		c.transport = newTransport()
	}
	c.direct = c.isDirect()
	if c.clock == nil {
		start := time.Now()
		c.clock = func() int64 { return int64(time.Since(start)) }
	}
}

func checkDate(date string) error {
	if date == "" {
		return nil
	}
	if _, err := time.Parse(time.DateOnly, date); err != nil {
		return fmt.Errorf("reading date %q: want YYYY-MM-DD", date)
	}
	return nil
}

// prepare makes once what every request shares.
func (c *Client) prepare(user *url.Userinfo) error {
	// An ETag belongs to a representation, so all requests ask for the same one.
	c.plain = http.Header{
		"Accept":          {"*/*"},
		"Accept-Encoding": {"identity"}, // without it a server may choose any (RFC 9110, 12.5.3)
	}
	if err := addHeaders(c.plain, c.api.Headers, &api.Vars{Date: c.date, Tag: c.tag}); err != nil {
		return err
	}
	if user != nil {
		password, _ := user.Password()
		token := base64.StdEncoding.EncodeToString([]byte(user.Username() + ":" + password))
		c.plain["Authorization"] = []string{"Basic " + token}
	}
	c.json = c.plain.Clone()
	c.json["Content-Type"] = []string{"application/json"}
	c.address = addressOf(&c.base)
	c.wires.update = c.newWire(&c.api.Update.Request, false)
	if c.api.Read != nil {
		c.wires.read = c.newWire(&c.api.Read.Request, true)
	}
	if c.api.List == nil {
		return nil
	}
	list, err := c.buildCall(&c.api.List.Request, &api.Vars{Date: c.date, Tag: c.tag})
	if c.list = list.request; err != nil {
		return err
	}
	if c.wires.list = c.newWire(&c.api.List.Request, false); c.wires.list != nil {
		var text bytes.Buffer
		err = c.list.Clone(context.Background()).Write(&text)
		c.wires.list.fixed = text.Bytes()
	}
	return err
}

// newWire returns the wire of a call, or nil.
func (c *Client) newWire(call *api.Request, again bool) *wire {
	base := c.base.EscapedPath()
	if !c.direct || c.sign != nil || call.Method == http.MethodHead || !strings.HasPrefix(base+"/", "/") || strings.HasPrefix(base, "//") {
		return nil
	}
	header := c.plain.Clone()
	if call.HasBody() {
		header = c.json.Clone()
	}
	names := map[string]bool{"Host": true, "User-Agent": true, "Content-Length": true, "Transfer-Encoding": true, "Trailer": true,
		repeatable: true}
	for _, own := range call.Headers() {
		if names[own.Name] {
			return nil // net/http has rules of its own for it
		}
		names[own.Name] = true
		delete(header, own.Name)
	}
	shared := c.newTemplate(http.MethodGet, &c.base, nil)
	shared.Header = header
	var text bytes.Buffer
	if shared.Write(&text) != nil {
		return nil
	}
	_, head, _ := strings.Cut(text.String(), "\r\n")
	return &wire{
		call: call, start: call.Method + " " + base, head: " HTTP/1.1\r\n" + strings.TrimSuffix(head, "\r\n"), own: call.Headers(),
		again: again || call.Method == http.MethodGet,
	}
}

// addHeaders adds headers of the API file with their values.
func addHeaders(to http.Header, headers []api.Header, v *api.Vars) error {
	for i := range headers {
		value, err := headers[i].Append(nil, v)
		if err != nil {
			return err
		}
		to[headers[i].Name] = []string{string(value)}
	}
	return nil
}
