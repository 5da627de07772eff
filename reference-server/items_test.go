package refserver_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	refserver "github.com/occbench/occbench/reference-server"
	"github.com/occbench/occbench/reference-server/fault"
	"github.com/occbench/occbench/reference-server/items"
)

// itemCall is one request on an item and what its answer must be.
type itemCall struct {
	method, name string
	header       [2]string // one header; a value of tag0, tag1 … is the ETag that the request of that number was answered with
	body         string
	status       int
	note         string // that a GET shows
	sameTag      string // tag0, tag1 …: the answer's ETag is that one
}

// playItems sends the requests one after the other and returns their ETags.
func playItems(t *testing.T, base string, calls []itemCall) (tags []string) {
	t.Helper()
	tag := func(name string) string {
		if n, ok := strings.CutPrefix(name, "tag"); ok && len(n) == 1 {
			return tags[n[0]-'0']
		}
		return name
	}
	for i, c := range calls {
		req, err := http.NewRequest(c.method, base+"/items/"+c.name, strings.NewReader(c.body))
		if err != nil {
			t.Fatal(err)
		}
		if c.header[0] != "" {
			req.Header.Set(c.header[0], tag(c.header[1]))
		}
		r, err := send(req)
		if err != nil && c.status != 0 {
			t.Fatal(err)
		}
		tags = append(tags, r.header.Get("ETag"))
		if r.status != c.status {
			t.Errorf("%d: %s %s %v is answered with %d %v, want %d", i, c.method, c.name, c.header, r.status, r.body, c.status)
		}
		if c.method == http.MethodGet && r.status == http.StatusOK && r.body["note"] != c.note {
			t.Errorf("%d: the note is %v, want %q", i, r.body["note"], c.note)
		}
		if c.sameTag != "" && tags[i] != tag(c.sameTag) {
			t.Errorf("%d: %s answers the ETag %s, want %s", i, c.method, tags[i], tag(c.sameTag))
		}
	}
	return tags
}

const (
	read, put, del = http.MethodGet, http.MethodPut, http.MethodDelete
	noteA, noteB   = `{"status":"open","note":"a"}`, `{"status":"shut","note":"b"}`
)

var fresh = [2]string{"If-None-Match", "*"}

func ifMatch(tag string) [2]string { return [2]string{"If-Match", tag} }

func TestItems(t *testing.T) {
	onEachStore(t, func(t *testing.T, kind, url string) {
		_, base := serve(t, refserver.Options{Store: openStore(t, kind, url), API: items.Name})
		tags := playItems(t, base, []itemCall{
			{method: put, name: "a%2Fb%20%25", header: fresh, body: noteA, status: 201},
			{method: read, name: "a%2Fb%20%25", status: 200, note: "a", sameTag: "tag0"},
			{method: put, name: "a%2Fb%20%25", header: fresh, body: noteB, status: 412},
			{method: put, name: "a%2Fb%20%25", header: ifMatch("tag1"), body: noteB, status: 204},
			{method: read, name: "a%2Fb%20%25", status: 200, note: "b", sameTag: "tag3"},
			{method: put, name: "a%2Fb%20%25", header: ifMatch("tag1"), body: noteA, status: 412},
			{method: put, name: "a%2Fb%20%25", body: noteA, status: 428},
			{method: put, name: "a%2Fb%20%25", header: ifMatch("*"), body: noteA, status: 204},
			{method: put, name: "a%2Fb%20%25", header: ifMatch("plain"), body: noteA, status: 400},
			{method: put, name: "a%2Fb%20%25", header: ifMatch(`"other", W/"weak"`), body: noteA, status: 412},
		})
		if !strings.HasPrefix(tags[0], `"`) || tags[0] == tags[3] || tags[3] == tags[7] {
			t.Errorf("tags %q are not strong and different", tags)
		}
		after := playItems(t, base, []itemCall{
			{method: put, name: "x", header: fresh, body: noteA, status: 201},
			{method: put, name: "y", header: fresh, body: noteA, status: 201},
			{method: put, name: "y", header: ifMatch("tag0"), body: noteB, status: 412},
			{method: put, name: "y", header: ifMatch(`"a,b" , tag1`), body: noteB, status: 400},
			{method: put, name: "y", header: ifMatch("tag1"), body: `{"note":`, status: 400},
			{method: put, name: "y", header: ifMatch("tag1"), body: `{"note":"\u0000"}`, status: 400},
			{method: put, name: "z", header: ifMatch("tag1"), body: noteB, status: 404},
			{method: read, name: "z", status: 404},
			{method: read, name: "%00", status: 404},
			{method: put, name: strings.Repeat("x", 1001), header: fresh, body: noteA, status: 400},
		})
		again := playItems(t, base, []itemCall{
			{method: del, name: "x", header: ifMatch(after[1]), status: 412},
			{method: del, name: "x", header: ifMatch(after[0]), status: 204},
			{method: del, name: "x", status: 404},
			{method: put, name: "x", header: fresh, body: noteA, status: 201},
			{method: del, name: "y", status: 204},
			{method: http.MethodPost, name: "x", body: noteA, status: 405},
		})
		if again[3] == after[0] {
			t.Error("the ETag of a deleted item came back")
		}
		for _, path := range []string{"/", "/api/admin/appointments/board", "/items/"} {
			if r := call(t, http.MethodGet, base+path, ""); r.status != http.StatusNotFound {
				t.Errorf("GET %s is answered with %d", path, r.status)
			}
		}
		if r := call(t, http.MethodGet, base+"/healthz", ""); r.status != http.StatusOK || r.data()["store"] != kind {
			t.Errorf("the health is %d %v", r.status, r.body)
		}
	})
}

func TestUnknownAPI(t *testing.T) {
	_, err := refserver.New(refserver.Options{Store: openStore(t, "sqlite", ""), API: "webdav"})
	if err == nil || !strings.Contains(err.Error(), `no API "webdav"; there are appointments and etag`) {
		t.Errorf("error %v", err)
	}
}

// brokenItems are faults that show without a race: the requests after an item "i"
// with the note "a" was made by request 0, so that tag0 is its ETag.
var brokenItems = []struct {
	fault string
	calls []itemCall
}{
	{"lost-update", []itemCall{write("tag0", 204), write("tag0", 204)}},
	{"retry-on-conflict", []itemCall{write("tag0", 204), write("tag0", 204)}},
	{"check-then-act", []itemCall{write("tag0", 204), write("tag0", 412), write("tag1", 204)}},
	{"version-skew", []itemCall{write("tag0", 204), write("tag0", 412), write("tag1", 204)}},
	{"no-increment", []itemCall{write("tag0", 204), shows("b", "tag0"), write("tag1", 204)}},
	{"phantom-success:1", []itemCall{write("tag0", 204), shows("a", "tag0"), write("tag1", 412)}},
	{"ack-then-rollback:1", []itemCall{write("tag0", 204), shows("a", "tag0"), write("tag1", 412)}},
	{"dirty-refusal:1", []itemCall{write("tag0", 412), shows("b", "")}},
	{"spurious-conflict:1", []itemCall{write("tag0", 412), shows("a", "tag0")}},
	{"weak-tag", []itemCall{shows("a", ""), write("tag1", 412), write("tag0", 412)}},
	{"masked-conflict", []itemCall{write("tag0", 204), write("tag0", 422)}},
	{"stale-board", []itemCall{shows("a", "tag0"), write("tag0", 204), shows("a", "tag0")}},
	{"double-increment:1", []itemCall{write("tag0", 204), write("tag1", 412)}},
	{"double-apply:1", []itemCall{write("tag0", 204), write("tag1", 412)}},
	{"version-reset:1", []itemCall{write("tag0", 204), shows("b", "tag0")}},
	{"torn-status:1", []itemCall{write("tag0", 204), shows("a", "tag1")}},
	{"unversioned-writer:1", []itemCall{shows("a", "tag0"), shows("changed by another endpoint", "tag0")}},
	{"phantom-failure:1", []itemCall{write("tag0", 500), shows("b", "")}},
	{"malformed-answer:1", []itemCall{write("tag0", 204), shows("b", "")}},
	{"no-token-in-answer", []itemCall{write("tag0", 204), shows("b", "")}},
	{"token-reuse", []itemCall{write("tag0", 204), shows("b", "tag0"), write("tag0", 204)}},
	{"foreign-tag", []itemCall{write(`"x"`, 204), write(`"x"`, 204), write("tag0", 412)}},
	{"unconditional-write", []itemCall{{method: put, name: "i", body: noteB, status: 204}, shows("b", "tag1")}},
	{"error-500:1", []itemCall{write("tag0", 500), shows("a", "tag0")}},
	{"throttle-429:1", []itemCall{write("tag0", 429), shows("a", "tag0")}},
	{"latency=1ms", []itemCall{write("tag0", 204), shows("b", "tag1")}},
	{"drop-reply:1", []itemCall{write("tag0", 0), shows("b", "")}},
	{"hang=1ms:1", []itemCall{write("tag0", 0), shows("a", "tag0")}},
	{"collection-tag", []itemCall{
		{method: put, name: "j", header: fresh, body: noteA, status: 201}, shows("a", "tag0"),
		{method: put, name: "j", header: ifMatch("tag1"), body: noteB, status: 204}, write("tag0", 412),
	}},
	{"representation-tag", []itemCall{
		{method: read, name: "i", header: [2]string{"Accept-Encoding", "br"}, status: 200, note: "a"}, write("tag1", 412), write("tag0", 204),
	}},
}

func write(tag string, status int) itemCall {
	return itemCall{method: put, name: "i", header: ifMatch(tag), body: noteB, status: status}
}

func shows(note, tag string) itemCall {
	return itemCall{method: read, name: "i", status: 200, note: note, sameTag: tag}
}

func TestFaultsOfItems(t *testing.T) {
	shown := map[string]bool{}
	onEachStore(t, func(t *testing.T, kind, url string) {
		for _, c := range brokenItems {
			t.Run(c.fault, func(t *testing.T) {
				s := openStore(t, kind, another(t, kind, url))
				faults, err := fault.Parse(c.fault, fault.Options{API: items.Name, Seed: 1})
				if err != nil {
					t.Fatal(err)
				}
				_, base := serve(t, refserver.Options{Store: s, API: items.Name, Faults: faults})
				if c.fault == "token-reuse" { // both contents must be of one second
					time.Sleep(time.Until(time.Now().Truncate(time.Second).Add(time.Second)))
				}
				made := itemCall{method: put, name: "i", header: fresh, body: noteA, status: 201}
				playItems(t, base, append([]itemCall{made}, c.calls...))
				for name, n := range faults.CountStrikes() {
					if shown[name] = true; n == 0 && name != "representation-tag" {
						t.Errorf("%s never struck", name)
					}
				}
			})
		}
	})
	for _, f := range fault.List(items.Name) {
		if !shown[f.Name] {
			t.Errorf("no test shows %s", f.Name)
		}
	}
}

// Unknown items stay unknown and conditions are asked for, whatever is broken.
func TestFaultsKeepTheRestOfItems(t *testing.T) {
	for _, f := range fault.List(items.Name) {
		if f.Invariant == "" || f.Rate < 1 {
			continue
		}
		faults, err := fault.Parse(f.Name, fault.Options{API: items.Name})
		if err != nil {
			t.Fatal(err)
		}
		_, base := serve(t, refserver.Options{Store: openStore(t, "sqlite", ""), API: items.Name, Faults: faults})
		playItems(t, base, []itemCall{
			{method: put, name: "i", header: fresh, body: noteA, status: 201},
			{method: put, name: "i", body: noteB, status: 428},
			{method: put, name: "k", header: ifMatch("tag0"), body: noteB, status: 404},
		})
	}
}

// Of many clients with one tag exactly one wins, and every answer is counted.
func TestItemsRace(t *testing.T) {
	onEachStore(t, func(t *testing.T, kind, url string) {
		server, base := serve(t, refserver.Options{Store: openStore(t, kind, url), API: items.Name})
		tags := playItems(t, base, []itemCall{{method: put, name: "i", header: fresh, body: noteA, status: 201}})
		replies := together(t, 8, func() (reply, error) {
			req, err := http.NewRequest(put, base+"/items/i", strings.NewReader(noteB))
			if err != nil {
				return reply{}, err
			}
			req.Header.Set("If-Match", tags[0])
			return send(req)
		})
		want := map[int]int{http.StatusNoContent: 1, http.StatusPreconditionFailed: 7}
		if diff := cmp.Diff(want, statuses(replies)); diff != "" {
			t.Errorf("answers (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(refserver.Attempts{204: 1, 412: 7}, server.Attempts()); diff != "" {
			t.Errorf("attempts counted (-want +got):\n%s", diff)
		}
	})
}
