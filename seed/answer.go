package seed

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/occbench/occbench/internal/client"
)

// read takes the id out of the answer to a creating call, or says what is known
// of the thing that was to be made.
func read(what string, got client.Response) (json.RawMessage, *callError) {
	failed := &callError{what: what, http: got.Status}
	switch {
	case got.Status >= 200 && got.Status < 300:
		id, err := readID(got.Body)
		if err == nil {
			return id, nil
		}
		failed.fate, failed.cause = unknown, err
		return nil, failed
	case got.Status == http.StatusTooManyRequests:
		failed.fate = noEffect
	case got.Status >= 500:
		failed.fate = unknown
	}
	code, message := readRefusal(got.Body)
	// The contract promises that nothing was applied behind this code. Any
	// other 503 may come from a proxy that lost patience with a server that
	// went on.
	if got.Status == http.StatusServiceUnavailable && code == "store_busy" {
		failed.fate = noEffect
	}
	failed.wait = retryAfter(got.Header)
	failed.cause = fmt.Errorf("the target answered %s", strings.Join(nonEmpty("HTTP "+strconv.Itoa(got.Status), code, message), " "))
	return nil, failed
}

func readID(body []byte) (json.RawMessage, error) {
	var answer struct {
		Data struct {
			ID json.RawMessage `json:"id"`
		} `json:"data"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return nil, fmt.Errorf("reading the answer: %w", err)
	}
	id := answer.Data.ID
	if plain := plainID(id); plain == "" {
		return nil, errors.New("reading the answer: it has no data.id")
	}
	return id, nil
}

// plainID returns an id without quotes: "17" for both "17" and 17, "" for
// anything that is neither a string nor a number.
func plainID(id json.RawMessage) string {
	var s string
	if json.Unmarshal(id, &s) == nil {
		return s
	}
	var n json.Number
	if json.Unmarshal(id, &n) == nil {
		return n.String()
	}
	return ""
}

// readRefusal returns code and message of a refusal, printable and short; the
// message alone where the error is a plain string; nothing from a body that is
// not the API's.
func readRefusal(body []byte) (code, message string) {
	var answer struct {
		Error json.RawMessage `json:"error"`
	}
	if json.Unmarshal(body, &answer) != nil {
		return "", ""
	}
	var refusal struct{ Code, Message string }
	if json.Unmarshal(answer.Error, &refusal) == nil {
		return printable(refusal.Code), printable(refusal.Message)
	}
	var plain string
	if json.Unmarshal(answer.Error, &plain) == nil {
		return "", printable(plain)
	}
	return "", ""
}

// printable makes words of a target fit for a terminal and a log.
func printable(s string) string {
	const longest = 200
	s = strings.Map(func(r rune) rune {
		if strconv.IsPrint(r) {
			return r
		}
		return ' '
	}, s)
	if runes := []rune(s); len(runes) > longest {
		return string(runes[:longest]) + "…"
	}
	return s
}

func nonEmpty(words ...string) []string {
	var kept []string
	for _, w := range words {
		if w != "" {
			kept = append(kept, w)
		}
	}
	return kept
}

// retryAfter returns the seconds of a Retry-After, at most a minute.
func retryAfter(h http.Header) time.Duration {
	seconds, err := strconv.Atoi(h.Get("Retry-After"))
	if err != nil || seconds < 0 {
		return 0
	}
	return time.Duration(min(seconds, 60)) * time.Second
}
