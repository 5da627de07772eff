package settings

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/occbench/occbench/internal/contention"
	"github.com/occbench/occbench/internal/shop"
)

// parser turns the text of a flag, a variable or a key into a value. Its errors
// say what would be right; the caller says where the text stood.
type parser func(s *Settings, text string) error

func text(field func(*Settings) *string) parser {
	return func(s *Settings, v string) error { *field(s) = v; return nil }
}

func oneOf(field func(*Settings) *string, choices ...string) parser {
	return func(s *Settings, v string) error {
		for _, c := range choices {
			if v == c {
				*field(s) = v
				return nil
			}
		}
		return refuse(Shape{Kind: Choice, Words: choices}, "%q is not one of %s", v, strings.Join(choices, ", "))
	}
}

func count(field func(*Settings) *int, limit int) parser {
	return func(s *Settings, v string) error {
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 || n > limit {
			return refuse(Shape{Kind: Integer, Least: 1, Most: float64(limit)}, "%q is not a whole number from 1 to %d", v, limit)
		}
		*field(s) = n
		return nil
	}
}

// duration accepts what time.ParseDuration does, from least upwards.
func duration(field func(*Settings) *time.Duration, least time.Duration, example string) parser {
	return func(s *Settings, v string) error {
		d, err := time.ParseDuration(v)
		if v == "0" {
			d, err = 0, nil
		}
		switch {
		case err != nil:
			return refuse(Shape{Kind: Duration}, "%q is not a duration such as %s", v, example)
		case d < least && least > 0:
			return fmt.Errorf("%q is too short; at least %s, e.g. %s", v, least, example)
		case d < least:
			return fmt.Errorf("%q is negative; e.g. %s", v, example)
		}
		*field(s) = d
		return nil
	}
}

// size accepts what shop.ParseSize does, from 1 KiB upwards.
func size(field func(*Settings) *int64) parser {
	return func(s *Settings, v string) error {
		n, err := shop.ParseSize(v)
		if err == nil && (n < 1<<10 || n > 1<<30) {
			err = fmt.Errorf("%q is not a size from 1KiB to 1GiB", v)
		}
		if err == nil {
			*field(s) = n
		}
		return err
	}
}

func parseWarmup(s *Settings, v string) error {
	if s.WarmupAuto = v == "auto"; s.WarmupAuto {
		s.Warmup = 0
		return nil
	}
	return orWord(duration(func(s *Settings) *time.Duration { return &s.Warmup }, 0, "2s, or auto")(s, v), "auto")
}

func parseCards(s *Settings, v string) error {
	if v == "auto" {
		s.Cards = 0
		return nil
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < 1 || n > 1_000_000 {
		return refuse(Shape{Kind: Integer, Least: 1, Most: 1_000_000, Words: []string{"auto"}}, "%q is neither auto nor a whole number from 1 to 1000000", v)
	}
	s.Cards = n
	return nil
}

func delay(field func(*Settings) *contention.Delay) parser {
	return func(s *Settings, v string) error {
		d, err := contention.ParseDelay(v)
		if err == nil {
			*field(s) = d
		}
		return err
	}
}

func parsePick(s *Settings, v string) error {
	p, err := contention.ParsePick(v)
	if err == nil {
		s.Pick = p
	}
	return err
}

func parseRaces(s *Settings, v string) error {
	r, err := contention.ParseRaces(v)
	if err == nil {
		s.Races = r
	}
	return err
}

func parseWalk(s *Settings, v string) error {
	w, err := contention.ParseWalk(v)
	if err != nil {
		return refuse(Shape{Kind: Choice, Words: []string{contention.Cycle.String(), contention.Forward.String()}}, "%v", err)
	}
	s.Walk = w
	return nil
}

func parseSeed(s *Settings, v string) error {
	n, err := strconv.ParseUint(v, 10, 64)
	if err != nil {
		return refuse(Shape{Kind: Integer}, "%q is not a whole number from 0 to 18446744073709551615", v)
	}
	s.RandSeed = n
	return nil
}

func parseBool(field func(*Settings) *bool) parser {
	return func(s *Settings, v string) error {
		b, err := strconv.ParseBool(v)
		if err != nil {
			return refuse(Shape{Kind: Boolean}, "%q is neither true nor false", v)
		}
		*field(s) = b
		return nil
	}
}

func hosts(field func(*Settings) *[]string) parser {
	return func(s *Settings, v string) error {
		var all []string
		for _, h := range strings.Split(v, ",") {
			if h = strings.TrimSpace(h); h == "" || strings.ContainsAny(h, "/@ ") {
				return fmt.Errorf("%q is not a host name such as shop.example.org", h)
			}
			all = append(all, h)
		}
		*field(s) = all
		return nil
	}
}

func parseTag(s *Settings, v string) error {
	ok := v != "" && len(v) <= 40
	for _, r := range v {
		ok = ok && (r == '-' || r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z')
	}
	if !ok {
		return fmt.Errorf("%q is not a tag of 1 to 40 letters, digits, - and _", v)
	}
	s.Tag = v
	return nil
}

// bundledTarget is the target that asks for occbench's own server by name.
const bundledTarget = "bundled"

func parseTarget(s *Settings, v string) error {
	if s.Bundled = v == bundledTarget; s.Bundled {
		s.Target = ""
		return nil
	}
	u, err := url.Parse(v)
	if err != nil {
		// The parser's own message would quote the URL, credentials included.
		return errors.New("the value is not a URL such as http://127.0.0.1:8080")
	}
	if (u.Scheme != "http" && u.Scheme != "https") || u.Hostname() == "" {
		return fmt.Errorf("%q is not a URL such as http://127.0.0.1:8080", Redact(v))
	}
	if port := u.Port(); port != "" && !isPort(port) {
		return fmt.Errorf("%q has no port from 1 to 65535; want a URL such as http://127.0.0.1:8080", Redact(v))
	}
	if u.RawQuery != "" || u.Fragment != "" {
		return fmt.Errorf("%q has a query or a fragment; the base URL is wanted", Redact(v))
	}
	s.Target = strings.TrimRight(v, "/")
	return nil
}

func isPort(text string) bool {
	n, err := strconv.ParseUint(text, 10, 16)
	return err == nil && n > 0
}

// parseAddr takes an address to listen on; port 0 is any free one.
func parseAddr(s *Settings, v string) error {
	_, port, err := net.SplitHostPort(v)
	if err != nil || port != "0" && !isPort(port) {
		return refuse(Shape{Kind: Text}, "%q is not an address such as 127.0.0.1:8080", v)
	}
	s.Addr = v
	return nil
}

// dateParser accepts YYYY-MM-DD, today and tomorrow (UTC).
func dateParser(now func() time.Time) parser {
	return func(s *Settings, v string) error {
		switch v {
		case "today":
			v = now().UTC().Format(time.DateOnly)
		case "tomorrow":
			v = now().UTC().AddDate(0, 0, 1).Format(time.DateOnly)
		}
		if _, err := time.Parse(time.DateOnly, v); err != nil {
			return refuse(Shape{Kind: Date, Words: []string{"today", "tomorrow"}}, "%q is not a date YYYY-MM-DD, today or tomorrow", v)
		}
		s.Date = v
		return nil
	}
}

func thinkField(s *Settings) *contention.Delay { return &s.Think }
func pauseField(s *Settings) *contention.Delay { return &s.Pause }
