package api

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/go-faster/jx"
	"go.yaml.in/yaml/v3"
)

// List is the call that shows many records at once.
type List struct {
	Request
	Items   string // where the records stand, as the file says it
	ok      condition
	answer  *answer
	record  *answer
	id      field
	token   field
	state   field
	marker  field
	changed field
	tag     field
	// grouped says that the name which .* stood for is the state of its records.
	grouped bool
	lasting bool // all that a row has stands in its record
}

// Field returns the name of the member of a record that holds its token, state, tag or
// time of its last change (changed); empty where there is none.
func (l *List) Field(what string) string {
	at := map[string]field{"token": l.token, "state": l.state, "tag": l.tag, "changed": l.changed}[what]
	if len(at) == 0 || at[0].slot < 0 {
		return ""
	}
	return at[0].source[strings.LastIndex(at[0].source, ".")+1:]
}

// HasTag reports whether a record shows its tag.
func (l *List) HasTag() bool { return len(l.tag) > 0 }

// Row is one record as a list shows it. Its texts belong to the body; nil where
// nothing usable stands.
type Row struct {
	ID, Token, State, Tag []byte
	Marker                []byte // of the update that wrote the record last
	Changed               []byte // when the record was written last, as the server says it
	Group                 []byte // the state of the group that it stands in; nil where the API has no groups

	// Note was left here by use when it got the same row of the last reading, but perhaps
	// of another group; nil for a record that has changed since.
	Note any
}

// ListScratch is the memory of one reading of a list at a time. It keeps the records of
// the last one: reading those that have not changed costs a tenth.
type ListScratch struct {
	// WithoutTags leaves unread the tags of records and when they were changed.
	WithoutTags bool

	outline      outline
	outer, inner Scratch
	kept         keptRows
	list         *List
	response     *Response
	use          func(*Row)
	dec          jx.Decoder // of one record at a time
}

// Forget lets go of the answer that was read last.
func (s *ListScratch) Forget() {
	s.outer.Forget()
	s.inner.Forget()
	s.outline.body, s.list, s.response, s.use = nil, nil, nil, nil
	s.outline.dec.ResetBytes(nil)
	s.dec.ResetBytes(nil)
}

// Rows reads a list and hands each of its records to use. An error says what is
// missing that the file promises; records may have been handed out by then.
func (l *List) Rows(s *ListScratch, r *Response, v *Vars, use func(*Row)) error {
	if !l.ok.hasStatus(r.Status) {
		return fmt.Errorf("it has HTTP status %d", r.Status)
	}
	s.list, s.response, s.use = l, r, use
	s.kept.begin(l, s.WithoutTags)
	s.inner.scanFor(&l.record.reader).terse = s.WithoutTags
	o := &s.outline
	o.body, o.at, o.scan = r.Body, 0, s.outer.scanFor(&l.answer.reader)
	clear(o.scan.values)
	if o.take == nil {
		o.take = s.take // bound once
	}
	if err := o.read(l.answer.root); err != nil {
		return err
	}
	if words := l.ok.explainFailure(o.scan.values, r, v); words != "" {
		return errors.New(words)
	}
	return nil
}

// take reads the record before which the outline stands, unless it is as it was; then it
// takes those of the same array that follow, too, as far as they are.
func (s *ListScratch) take(group []byte, inArray bool) error {
	if !s.list.grouped {
		group = nil
	}
	o := &s.outline
	if known := s.kept.find(o.body[o.at:]); known != nil {
		for known != nil {
			o.at += len(known.text)
			known.row.Group = group
			s.use(&known.row)
			if !inArray || o.at == len(o.body) || o.body[o.at] != ',' {
				return nil
			}
			if known = s.kept.next(o.body[o.at+1:]); known != nil {
				o.at++
			}
		}
		return nil
	}
	is, err := s.read()
	if err != nil {
		return err
	}
	inner := &s.inner.scan
	s.list.fill(&is.row, inner.values, s.response)
	if s.WithoutTags {
		is.row.Tag = nil
	}
	is.row.Group = group
	s.use(&is.row)
	s.kept.keep(is)
	return nil
}

// read reads the record before which the outline stands, into a row that is to be filled.
func (s *ListScratch) read() (*keptRow, error) {
	inner, root := &s.inner.scan, s.list.record.root
	clear(inner.values)
	rest := s.outline.body[s.outline.at:]
	if length, ok := inner.readFlat(rest, root); ok {
		is := s.kept.row(rest[:length])
		inner.rebaseValues(rest, is.text)
		s.outline.at += length
		return is, nil
	}
	clear(inner.values)
	text, err := s.outline.value()
	if err != nil {
		return nil, err
	}
	is := s.kept.row(text)
	if err := inner.readWhole(&s.dec, is.text, root); err != nil {
		return nil, s.outline.locate(len(text), err)
	}
	return is, nil
}

// fill sets the texts of a row.
func (l *List) fill(row *Row, values []value, r *Response) {
	row.ID, row.Token, row.State = l.id.word(values, r), l.token.word(values, r), l.state.str(values, r)
	row.Tag, row.Marker, row.Changed = l.tag.str(values, r), l.marker.str(values, r), l.changed.word(values, r)
}

func (l *loader) records(n *yaml.Node) *List {
	list := &List{answer: newAnswer(), record: newAnswer(), ok: anySuccess()}
	list.Request = l.request(n, keys{
		"ok": func(n *yaml.Node) { list.ok = l.condition(n, list.answer) },
		"items": func(n *yaml.Node) {
			list.Items = l.text(n)
			steps, err := parsePath(list.Items, true)
			if err != nil {
				l.fail(n, "%s", err)
			}
			list.answer.addRecords(steps)
		},
		"group": func(n *yaml.Node) {
			if list.grouped = l.text(n) == "state"; !list.grouped {
				l.fail(n, "group is %q; want state: the name that .* stands for is the state of its records", n.Value)
			}
		},
		"record": func(n *yaml.Node) {
			l.object(n, keys{
				"id":      func(n *yaml.Node) { list.id = l.field(n, list.record) },
				"token":   func(n *yaml.Node) { list.token = l.field(n, list.record) },
				"state":   func(n *yaml.Node) { list.state = l.field(n, list.record) },
				"marker":  func(n *yaml.Node) { list.marker = l.field(n, list.record) },
				"changed": func(n *yaml.Node) { list.changed = l.field(n, list.record) },
				"tag":     func(n *yaml.Node) { list.tag = l.field(n, list.record) },
			})
		},
	})
	list.record.setAside(slices.Concat(list.tag, list.changed), slices.Concat(list.id, list.token, list.state, list.marker))
	list.lasting = !slices.ContainsFunc(slices.Concat(list.id, list.token, list.state, list.marker, list.changed, list.tag),
		place.isOutsideJSON)
	if list.Items == "" || len(list.id) == 0 {
		l.fail(n, "a list needs items, where the records stand, and record: {id: …}")
	}
	if len(list.token) == 0 {
		l.fail(n, "a list needs record: {token: …}, the place of what an update sends back")
	}
	return list
}
