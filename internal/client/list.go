package client

import (
	"context"
	"fmt"
	"runtime"
	"sync"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/history"
)

// Record is a record as a list, or a read, shows it.
type Record struct {
	ID string
	// State is the state in the row, which need not be one of the API; empty when
	// it says nothing that can be recorded.
	State string
	Group string // the state under which the row is listed; empty unless this and the row's own are states of the API
	Token int64  // where tokens count: from 1; 0 when the row holds no such number
	Tag   string // the text that holds the tag; only of a List that wants tags

	TokenText string // where tokens are opaque; empty when the row holds none that can be recorded
	Marker    string // of the update that wrote the record; empty where the API shows none

	Index int // in the Roster of the List; negative: the record is not in it
}

// IsMisplaced reports whether a row stands in the group of another state than
// its own.
func (r *Record) IsMisplaced() bool { return r.Group != "" && r.State != r.Group }

// List is the list as one read showed it. It reuses its memory from read
// to read, so an operator keeps one; it is not for concurrent use. The zero
// List is ready.
type List struct {
	// Records are in the order of the answer. They are shared with other readings, and not
	// to be written to.
	Records []*Record
	// Unusable are the rows without an id that can be recorded, which are not
	// among Records.
	Unusable []*Record
	// Tags asks for the tag text of each record.
	Tags bool
	// Roster, when set, says which Index each record has.
	Roster Roster

	ids   map[string]string // every id is allocated once, not once per read
	by    *api.API
	group listedState    // of the last row
	take  func(*api.Row) // add, bound once
}

// Roster numbers the records of a run. It is comparable.
type Roster interface {
	Index(id string) (i int, ok bool)
}

// List reads the list into l. The answer is Seen, or l has no records.
func (c *Client) List(ctx context.Context, l *List) Answer {
	mem := takeRoom()
	defer mem.release()
	if c.list == nil {
		l.reset()
		now := c.clock()
		a := startAnswer(&reply{start: now, end: now}, &unsigned{fmt.Errorf("API %s has no list", c.api.Name)})
		return a
	}
	made, wired := c.wires.list.buildCall(nil, mem)
	if !wired {
		made.request = c.list
	}
	got, err := c.exchange(ctx, made, mem)
	a := startAnswer(&got, err)
	l.reset()
	switch {
	case err != nil:
	case got.status >= 400:
		a.Code = c.api.Update.Code(mem.decoder(got.body), &mem.scratch, mem.response(&got))
		a.Err = c.explainRoute(&got)
	default:
		c.readList(&a, l, &got, mem)
	}
	return a
}

// readList reads the list from the body of an answer that is no refusal.
func (c *Client) readList(a *Answer, l *List, got *reply, mem *room) {
	if err := l.read(c.api, mem, got); err != nil {
		l.reset()
		a.Err = fmt.Errorf("reading the %s: %w", c.api.Words.List, err)
		return
	}
	a.Outcome = history.Seen
}

// read parses the body of an answer.
func (l *List) read(a *api.API, mem *room, got *reply) error {
	l.reset()
	l.forgetIDs()
	l.by, l.group = a, listedState{}
	if l.take == nil {
		l.take = l.addRow
	}
	rows := takeScratch()
	defer putScratch(rows)
	rows.WithoutTags = !l.Tags
	return a.List.Rows(rows, mem.response(got), mem.vars(), l.take)
}

// lists are readers of lists. Each is in use for as long as one is read and no longer, so
// that there are few. The one that was used last is used next: what it keeps of its last
// reading is of the latest list.
var lists struct {
	mu   sync.Mutex
	free []*api.ListScratch
}

var mostLists = runtime.GOMAXPROCS(0)

func takeScratch() *api.ListScratch {
	lists.mu.Lock()
	defer lists.mu.Unlock()
	n := len(lists.free)
	if n == 0 {
		return new(api.ListScratch)
	}
	s := lists.free[n-1]
	lists.free = lists.free[:n-1]
	return s
}

func putScratch(s *api.ListScratch) {
	s.Forget()
	lists.mu.Lock()
	defer lists.mu.Unlock()
	if len(lists.free) < mostLists {
		lists.free = append(lists.free, s)
	}
}

// listing is a record as a list showed it in a group.
type listing struct {
	record Record
	group  string
	roster Roster
}

// addRow appends a record, or adds a row that is no record to the unusable
// ones. A row that is the same as in the last reading is not parsed again.
func (l *List) addRow(row *api.Row) {
	if known, is := row.Note.(*listing); is && known.group == string(row.Group) && known.roster == l.Roster {
		l.Records = append(l.Records, &known.record)
		return
	}
	if string(row.Group) != l.group.text {
		l.group = l.findState(row.Group)
	}
	is := &listing{group: l.group.text, roster: l.Roster}
	l.fillRecord(&is.record, row)
	if is.record.ID == "" {
		l.Unusable = append(l.Unusable, &is.record)
		return
	}
	l.Records = append(l.Records, &is.record)
	row.Note = is
}

// fillRecord copies a row into a record.
func (l *List) fillRecord(r *Record, row *api.Row) {
	r.ID = l.internID(row.ID)
	if l.Roster != nil {
		if i, known := l.Roster.Index(r.ID); known {
			r.Index = i
		} else {
			r.Index = -1
		}
	}
	r.read(l.by, row.Token, row.Marker)
	if l.group.known && string(row.State) == l.group.text { // as nearly all are
		r.State, r.Group = l.group.text, l.group.text
	} else if state := l.findState(row.State); state.known || history.Recordable(state.text) {
		r.State = state.text
		if state.known && l.group.known {
			r.Group = l.group.text
		}
	}
	if l.Tags {
		r.Tag = string(row.Tag)
	}
}

// internID returns the shared copy of an id; "" for an id that cannot be
// recorded, or that no server accepts as one segment of a path.
func (l *List) internID(text []byte) string {
	id, known := l.ids[string(text)]
	if known {
		return id
	}
	id = string(text)
	if !history.Recordable(id) || id == "." || id == ".." {
		return ""
	}
	l.ids[id] = id
	return id
}

// listedState is a state as a list says it.
type listedState struct {
	text  string
	known bool // it is one of the API's
}

func (l *List) findState(text []byte) listedState {
	s := listedState{text: l.by.States.Intern(text)}
	s.known = l.by.States.IsValid(s.text)
	return s
}

func (l *List) reset() {
	l.Records = l.Records[:0]
	l.Unusable = l.Unusable[:0]
}

// forgetIDs limits the memory of ids when a target shows ever new ones.
func (l *List) forgetIDs() {
	if l.ids == nil || len(l.ids) > 4*len(l.Records)+1024 {
		l.ids = make(map[string]string, len(l.Records))
	}
}
