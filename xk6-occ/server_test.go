package occ_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// server is a correct move API in memory, as fast as net/http allows: each record is
// a buffer that is made once and patched in place, and a board puts them together
// by column, so that a benchmark of clients on the same machine measures clients. A
// number or status shorter than its field is followed by blanks, which JSON allows.
type server struct {
	*httptest.Server
	attempts atomic.Int64
	boards   atomic.Int64
	intruder func() // called before every move, when set

	mu      sync.Mutex
	records []record
}

// record is an item of the board, and where its status and version stand in it.
type record struct {
	item            []byte
	status, version int
	text            string
	number          int64
}

const (
	statusWidth  = len(`"in_progress"`)
	versionWidth = 19
)

// newServer serves a board of so many records with the tag of the runs.
func newServer(tb testing.TB, records int) *server {
	tb.Helper()
	s := &server{}
	s.draw(records)
	s.Server = httptest.NewServer(http.HandlerFunc(s.serve))
	tb.Cleanup(s.Close)
	return s
}

func (s *server) draw(records int) {
	for i := range records {
		var b bytes.Buffer
		fmt.Fprintf(&b, `{"id":"%d","customer_id":"7","vehicle_id":"9","appt_start":"2030-01-15T09:00:00Z","appt_end":"2030-01-15T10:00:00Z","status":`, i+1)
		c := record{status: b.Len(), text: "scheduled", number: 1}
		b.WriteString(strings.Repeat(" ", statusWidth) + `,"position":0,"version":`)
		c.version = b.Len()
		b.WriteString(strings.Repeat(" ", versionWidth))
		b.WriteString(`,"notes":"brakes squeak, occbench:load","updated_at":"2030-01-14T12:00:00Z","customer_name":"Ada Lovelace","make":"Volvo","model":"240","year":1987}`)
		c.item = b.Bytes()
		c.patch()
		s.records = append(s.records, c)
	}
}

// patch writes a record's status and version into its item.
func (c *record) patch() {
	write := func(at, width int, text string) {
		copy(c.item[at:at+width], text+strings.Repeat(" ", width-len(text)))
	}
	write(c.status, statusWidth, strconv.Quote(c.text))
	write(c.version, versionWidth, strconv.FormatInt(c.number, 10))
}

var boards = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func (s *server) serve(w http.ResponseWriter, r *http.Request) {
	w.Header()["Content-Type"] = []string{"application/json"}
	id, isMove := strings.CutSuffix(strings.TrimPrefix(r.URL.Path, "/api/admin/appointments/"), "/move")
	switch {
	case isMove:
		s.move(w, r, id)
	case id == "board":
		s.showBoard(w)
	default:
		http.NotFound(w, r)
	}
}

func (s *server) showBoard(w http.ResponseWriter) {
	s.boards.Add(1)
	b := boards.Get().(*bytes.Buffer)
	defer boards.Put(b)
	b.Reset()
	s.mu.Lock()
	s.writeBoard(b)
	s.mu.Unlock()
	w.Header()["Content-Length"] = []string{strconv.Itoa(b.Len())}
	w.Write(b.Bytes())
}

func (s *server) writeBoard(b *bytes.Buffer) {
	b.WriteString(`{"ok":true,"data":{"date":"2030-01-15","columns":{`)
	for i, status := range []string{"scheduled", "in_progress", "ready", "completed", "no_show"} {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(`"` + status + `":{"items":[`)
		items := 0
		for k := range s.records {
			if c := &s.records[k]; c.text == status {
				if items++; items > 1 {
					b.WriteByte(',')
				}
				b.Write(c.item)
			}
		}
		b.WriteString(`]}`)
	}
	b.WriteString(`},"stats":{"jobsToday":0,"onPrem":0,"statusCounts":{}}}}`)
}

var moveBody = regexp.MustCompile(`^\{"new_status":"([a-z_]+)","expected_version":([0-9]+)\}$`)

func (s *server) move(w http.ResponseWriter, r *http.Request, id string) {
	s.attempts.Add(1)
	if s.intruder != nil {
		s.intruder()
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<10))
	match := moveBody.FindSubmatch(body)
	n, notANumber := strconv.Atoi(id)
	if err != nil || match == nil || notANumber != nil || n < 1 || n > len(s.records) {
		http.Error(w, `{"ok":false,"error":{"code":"validation_error","message":"no"}}`, http.StatusBadRequest)
		return
	}
	expected, _ := strconv.ParseInt(string(match[2]), 10, 64)
	s.mu.Lock()
	f := &s.records[n-1]
	if f.number != expected {
		version, status := f.number, f.text
		s.mu.Unlock()
		w.WriteHeader(http.StatusConflict)
		fmt.Fprintf(w, `{"ok":false,"error":{"code":"version_conflict","message":"stale","appointment_id":"%d","expected_version":%d,"current_version":%d,"current_status":%q}}`, n, expected, version, status)
		return
	}
	f.text, f.number = string(match[1]), expected+1
	f.patch()
	s.mu.Unlock()
	fmt.Fprintf(w, `{"ok":true,"data":{"appointment_id":"%d","status":"%s","position":0,"version":%d,"updated_at":"2030-01-14T12:00:00Z"}}`, n, match[1], expected+1)
}
