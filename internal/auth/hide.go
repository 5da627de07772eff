package auth

import (
	"bytes"
	"cmp"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
)

// hidden are texts that must not be shown. The zero value hides nothing.
type hidden struct {
	texts atomic.Pointer[[][]byte]
}

// A shorter secret would be found in innocent text (a key called "ready" is a
// status on every board), and is no secret.
const shortest = 8

// set hides secrets, in the forms in which an answer may quote them, and nothing
// else any more. The longest comes first: a shorter one that is part of it would
// leave the rest.
func (h *hidden) set(secrets ...string) {
	var all []string
	for _, secret := range secrets {
		if len(secret) >= shortest {
			all = append(all, listForms(secret)...)
		}
	}
	slices.SortFunc(all, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	var texts [][]byte
	for _, form := range slices.Compact(all) {
		texts = append(texts, []byte(form))
	}
	h.texts.Store(&texts)
}

// listForms returns a secret as it may stand in JSON, in a URL and in an error of Go.
func listForms(secret string) []string {
	quoted, err := json.Marshal(secret)
	if err != nil { // a string always encodes
		quoted = []byte(`""`)
	}
	inside := string(quoted[1 : len(quoted)-1])
	word := strconv.Quote(secret)
	return []string{secret, inside, word[1 : len(word)-1], strings.ReplaceAll(inside, "/", `\/`), url.QueryEscape(secret),
		url.PathEscape(secret)}
}

// cover overwrites every hidden text in place. A board of 50 records takes it
// about a microsecond.
func (h *hidden) cover(text []byte) {
	texts := h.texts.Load()
	if texts == nil {
		return
	}
	for _, secret := range *texts {
		for rest := text; ; {
			at := bytes.Index(rest, secret)
			if at < 0 {
				break
			}
			for i := range secret {
				rest[at+i] = 'x'
			}
			rest = rest[at+len(secret):]
		}
	}
}

func (h *hidden) list() []string {
	texts := h.texts.Load()
	if texts == nil {
		return nil
	}
	var all []string
	for _, t := range *texts {
		all = append(all, string(t))
	}
	return all
}
