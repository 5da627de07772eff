package apicheck

import (
	"bytes"
	"context"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/itemtest"
)

func check(t *testing.T, file, target, id string) (Result, string) {
	t.Helper()
	a, err := api.Compile("items.yaml", []byte(file))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	result, err := Run(context.Background(), Options{
		Target: client.Config{API: a, Target: target, Date: "2030-01-15"}, File: "items.yaml", ID: id, Out: &out, Now: time.Now,
	})
	if err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	return result, out.String()
}

// TestFindings holds that each thing that is not as the file says is one sentence with
// its line and the answer, and that nothing stays behind.
func TestFindings(t *testing.T) {
	tests := []struct {
		name, file, from, to string
		server               *itemtest.Server
		want                 []string
	}{
		{name: "a right server and a right file", file: itemtest.ETag},
		{name: "numbers and a list", file: itemtest.Numbers},
		{
			name: "a list alone", file: itemtest.Numbers, to: "",
			from: "read: {get: \"/items/{id}\", ok: 200, token: $.version, state: $.state, marker: $.note}\n",
		},
		{
			name: "two places in one list", file: itemtest.ETag, from: `token: "header:ETag", state`, to: `token: ["header:ETag", $.version], state`,
			want: []string{`5:60: two places disagree: "1-occbench-check-`, " stands at header:ETag and 1 at $.version; the first counts, as read.token"},
		},
		{
			name: "a pair", file: itemtest.ETag, from: `read: {get: "/items/{id}", ok: 200, token: "header:ETag", state: $.state`,
			to:   `read: {get: "/items/{id}", ok: 200, token: "header:ETag", changed: [[$.state, $.nothing]], state: $.state`,
			want: []string{"nothing stands at $.nothing, the place of read.changed.1"},
		},
		{
			name: "a place that never matches", file: itemtest.ETag, from: "marker: $.note", to: "marker: $.notes",
			want: []string{`nothing stands at $.notes, the place of read.marker; did you mean $.note?`},
		},
		{
			name: "a header that is not there", file: itemtest.ETag, from: `token: "header:ETag", state`, to: `token: "header:X-Version", state`,
			want: []string{`5:44: nothing stands at header:X-Version, the place of read.token; the answer has header:Content-Length, header:Content-Type`},
		},
		{
			name: "the list is elsewhere", file: itemtest.Numbers, from: `items: "$.items[*]"`, to: `items: "$.rows[*]"`,
			want: []string{"the list never shows item ", "no record stands at $.rows[*]; the answer has $.items[0].id, $.items[0].note"},
		},
		{
			name: "a list that never shows what was made", file: itemtest.Numbers, server: &itemtest.Server{Hidden: true},
			want: []string{"the list never shows item ", "no record stands at $.items[*]; the answer has nothing"},
		},
		{
			name: "another place in the list than in the read", file: itemtest.Numbers, from: "token: $.version, state: $.state, marker: $.note}}", to: "token: $.id, state: $.state, marker: $.note}}",
			want: []string{"two places disagree: the list shows the token"},
		},
		{
			name: "an answer that carries the token from before", file: itemtest.ETag, server: &itemtest.Server{OldAnswer: true},
			want: []string{"two places disagree: the answer to the update shows the token"},
		},
		{
			name: "no token in the answer", file: itemtest.ETag, server: &itemtest.Server{Silent: true},
			want: []string{"11:33: nothing stands at header:ETag, the place of update.applied.token", "an update with the token", "is answered as malformed"},
		},
		{
			name: "no token is looked at", file: itemtest.ETag, server: &itemtest.Server{Unconditional: true},
			want: []string{"the target applied an update with the token", "which was used up"},
		},
		{
			name: "a conflict that looks otherwise", file: itemtest.ETag, from: "conflict: [{status: 412}]", to: "conflict: [{status: 409}]",
			want: []string{"an update with a token that was used up is answered as rejected, and was to be a conflict (409): HTTP 412"},
		},
		{
			name: "a token that is a hash of the content", file: itemtest.ETag, server: &itemtest.Server{ContentHash: true},
		},
		{
			name: "a token that counts and does not", file: itemtest.Numbers, from: "token: counting", to: "token: opaque",
		},
		{
			name: "a state that the file does not name", file: itemtest.ETag, from: "names: [open, busy], legal: {open: [busy], busy: [open]}, walks: {cycle: {open: busy, busy: open}}",
			to: "names: [free, busy]", want: []string{`the state is "open" in a read, and the file names free, busy`},
		},
		{
			name: "a creation that is refused", file: itemtest.ETag, server: &itemtest.Server{Refusing: true},
			want: []string{"nothing was made by PUT /items/{id}: it has HTTP status"},
		},
		{
			name: "records that stay", file: itemtest.ETag, server: &itemtest.Server{Undying: true},
			want: []string{"was deleted, and the read does not say so: HTTP 200"},
		},
		{
			name: "a call that is not there", file: itemtest.ETag, from: `read: {get: "/items/{id}"`, to: `read: {get: "/item/{id}"`,
			want: []string{"the read says that there is no item", "HTTP 404"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			file := strings.Replace(tt.file, tt.from, tt.to, 1)
			if tt.from != "" && file == tt.file {
				t.Fatal("the test changes nothing")
			}
			server := tt.server
			if server == nil {
				server = &itemtest.Server{}
			}
			result, out := check(t, file, server.Start(t), "")
			var all []string
			for _, f := range result.Findings {
				if f.Line == 0 {
					t.Errorf("without a line: %s", f.Sentence)
				}
				all = append(all, strings.TrimSpace(strings.Join([]string{strconv.Itoa(f.Line), strconv.Itoa(f.Col), " " + f.Sentence}, ":")))
			}
			text := strings.Join(all, "\n")
			for _, want := range tt.want {
				if !strings.Contains(text, want) {
					t.Errorf("no finding says %q:\n%s\n%s", want, text, out)
				}
			}
			if len(tt.want) == 0 && len(all) > 0 {
				t.Errorf("findings:\n%s\n%s", text, out)
			}
			if left := server.Len(); left > 0 && !server.Undying && !strings.Contains(text, "list") {
				t.Errorf("%d items stay behind\n%s", left, out)
			}
		})
	}
}

// A record whose id only the list tells is found by its tag.
func TestFoundByTag(t *testing.T) {
	file := strings.NewReplacer("marker: $.note}}\n", "marker: $.note, tag: $.tag}}\n", ", id: $.id}", "}").Replace(itemtest.Numbers)
	server := &itemtest.Server{}
	result, out := check(t, file, server.Start(t), "")
	if len(result.Findings) > 0 || server.Len() > 0 || !strings.Contains(out, "stale update") {
		t.Errorf("%v, %d items stay\n%s", result.Findings, server.Len(), out)
	}
	server = &itemtest.Server{Hidden: true}
	result, out = check(t, file, server.Start(t), "")
	if len(result.Findings) != 1 || !strings.Contains(result.Findings[0].Sentence, "the list never shows the item that was made") {
		t.Errorf("%v\n%s", result.Findings, out)
	}
}
