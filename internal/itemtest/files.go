package itemtest

import (
	"testing"

	"github.com/occbench/occbench/internal/api"
)

// ETag is the API file of items that the client names, with a tag in the header.
const ETag = `api: 1
name: items
words: {record: item}
token: opaque
read: {get: "/items/{id}", ok: 200, token: "header:ETag", state: $.state, marker: $.note}
states: {names: [open, busy], legal: {open: [busy], busy: [open]}, walks: {cycle: {open: busy, busy: open}}}
update:
  put: "/items/{id}"
  headers: {If-Match: "{token}"}
  body: '{"state":"{to}","note":"{marker}"}'
  applied: {status: 204, token: "header:ETag"}
  conflict: [{status: 412}]
ids: "occbench-{tag}-{n}"
seed:
  each:
    - put: "/items/{id}"
      headers: {If-None-Match: "*"}
      body: '{"state":"open","note":"{marker}"}'
      ok: [201]
      exists: 412
  delete: "/items/{id}"
`

// Numbers is the API file of items that the server names, with a version in the body
// that counts, a list and no tag.
const Numbers = `api: 1
name: numbers
words: {record: item}
token: counting
list: {get: /items, ok: 200, items: "$.items[*]", record: {id: $.id, token: $.version, state: $.state, marker: $.note}}
read: {get: "/items/{id}", ok: 200, token: $.version, state: $.state, marker: $.note}
states: {names: [open, busy], legal: {open: [busy], busy: [open]}, walks: {cycle: {open: busy, busy: open}}}
update:
  post: "/items/{id}/update"
  body: '{"state":"{to}","note":"{marker}","version":{token|int}}'
  applied: {status: 200, token: $.version, state: $.state}
  conflict: [{status: 409, when: {$.error: stale}}]
seed:
  each:
    - {post: /items, body: '{"state":"open","note":"{marker}","tag":"occbench:{tag}"}', ok: [201], id: $.id}
  delete: "/items/{id}"
`

// Load compiles an API file.
func Load(t testing.TB, text string) *api.API {
	t.Helper()
	a, err := api.Compile("items.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return a
}
