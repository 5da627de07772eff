package api

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/go-faster/jx"
	"go.yaml.in/yaml/v3"
)

// Seed are the calls that make records, and the one that removes them.
type Seed struct {
	Once   []*SeedCall // made before the first record: what records refer to
	Each   []*SeedCall // made for each record, in their order
	Delete *Removal    // nil: the API cannot delete
	Done   []*SeedCall // made after all records are deleted: they remove what Once made
}

// UsesSlots reports whether a record is given a time: {slot.start} or {slot.end}.
func (s *Seed) UsesSlots() bool {
	return slices.ContainsFunc(s.Each, func(c *SeedCall) bool { return c.Uses("slot.start") || c.Uses("slot.end") })
}

// SeedCall makes a record, or something that records refer to.
type SeedCall struct {
	Request
	// Wait is how long the call is repeated until it is answered as it should be; 0:
	// it is sent once.
	Wait       time.Duration
	ok, exists condition // exists has no status where nothing says so
	answer     *answer
	id, token  field
	save       []saving
}

// saving is a value of an answer that later calls use by its name.
type saving struct {
	name string
	at   field
}

// Made describes the record that a call of the seeding made. Its texts are the caller's.
type Made struct {
	ID     string // empty: the answer holds none that is usable
	Token  string // empty: likewise
	Exists bool   // it was there before
	Saved  map[string]Saved
}

// NamesRecord reports whether the answer holds the id of the record made.
func (c *SeedCall) NamesRecord() bool { return len(c.id) > 0 }

// Take reads the answer to a call that was made with these values. An error says
// why nothing was made, or what the answer lacks of what later calls need.
func (c *SeedCall) Take(d *jx.Decoder, s *Scratch, r *Response, v *Vars) (Made, error) {
	there := c.exists.isMet(c.answer, d, s, r, v)
	if !there {
		if err := c.ok.check(c.answer, jx.DecodeBytes(r.Body), s, r, v); err != nil {
			return Made{}, err
		}
	}
	m := Made{ID: string(c.id.word(s.values, r)), Token: string(c.token.word(s.values, r)), Exists: there, Saved: maps.Clone(v.Saved)}
	if m.ID == "" && len(c.id) > 0 && !there {
		return m, fmt.Errorf("it holds no id at %s", c.id)
	}
	for i := range c.save {
		one := &c.save[i]
		got := one.at.valueIn(s.values, r)
		if !got.isScalar() {
			if there {
				continue // a refusal need not show what is there
			}
			return m, fmt.Errorf("it holds no %s at %s", one.name, one.at)
		}
		if m.Saved == nil {
			m.Saved = map[string]Saved{}
		}
		m.Saved[one.name] = got.toSaved()
	}
	return m, nil
}

func (v *value) toSaved() Saved {
	s := Saved{Text: string(v.text), JSON: string(v.text)}
	if v.kind == jx.String {
		s.JSON = string(append(appendJSON([]byte{'"'}, v.text), '"'))
	}
	return s
}

// Removal is the call that deletes a record.
type Removal struct {
	Request
	ok     condition
	answer *answer
}

// NeedsToken reports whether the call sends the record's token.
func (m *Removal) NeedsToken() bool { return m.Uses("token") }

// Check returns why an answer does not say that the record is gone, or nil.
func (m *Removal) Check(d *jx.Decoder, s *Scratch, r *Response, v *Vars) error {
	return m.ok.check(m.answer, d, s, r, v)
}

func (l *loader) seed(n *yaml.Node, named bool) *Seed {
	s := &Seed{}
	var once, each, drop, done *yaml.Node
	l.object(n, keys{
		"once":   func(n *yaml.Node) { once = n },
		"each":   func(n *yaml.Node) { each = n },
		"delete": func(n *yaml.Node) { drop = n },
		"done":   func(n *yaml.Node) { done = n },
	})
	if each == nil {
		l.fail(n, "seed has no `each`, the calls that make one record")
	}
	saved := names{}
	add := func(to *[]*SeedCall, known names) func(*yaml.Node) {
		return func(n *yaml.Node) {
			l.names = known.add()
			maps.Copy(l.names, saved)
			c := l.seedCall(n)
			for _, one := range c.save {
				saved[one.name] = nil
			}
			*to = append(*to, c)
		}
	}
	if once != nil {
		shared := seedNames.add()
		delete(shared, "id")
		l.enterStep("once", func() { l.list(once, add(&s.Once, shared)) })
	}
	l.enterStep("each", func() { l.list(each, add(&s.Each, seedNames)) })
	l.names = dropNames
	if drop != nil {
		l.enterStep("delete", func() { s.Delete = l.removal(drop) })
	}
	if done != nil {
		l.names = listNames
		l.enterStep("done", func() { l.list(done, func(n *yaml.Node) { s.Done = append(s.Done, l.seedCall(n)) }) })
	}
	for _, c := range s.Each {
		named = named || len(c.id) > 0
	}
	if !named {
		l.fail(each, "nothing tells the ids of the records that are made; want `ids` in the file, or `id`, its place in the answer")
	}
	return s
}

func (l *loader) seedCall(n *yaml.Node) *SeedCall {
	c := &SeedCall{answer: newAnswer(), ok: anySuccess()}
	c.Request = l.request(n, keys{
		"ok":     func(n *yaml.Node) { c.ok = l.condition(n, c.answer) },
		"exists": func(n *yaml.Node) { c.exists = l.condition(n, c.answer) },
		"id":     func(n *yaml.Node) { c.id = l.field(n, c.answer) },
		"token":  func(n *yaml.Node) { c.token = l.field(n, c.answer) },
		"wait": func(n *yaml.Node) {
			var err error
			if c.Wait, err = time.ParseDuration(l.text(n)); err != nil || c.Wait <= 0 {
				l.fail(n, "%q is no time to wait; want such as 10s", n.Value)
			}
		},
		"save": func(n *yaml.Node) {
			l.each(n, func(key, value *yaml.Node) {
				l.enterStep(key.Value, func() { c.save = append(c.save, saving{key.Value, l.field(value, c.answer)}) })
			})
		},
	})
	l.checkOr(n, &c.exists, &c.ok, "exists", "nothing would ever be made")
	return c
}

// removal reads the call that deletes a record: a path alone, a call, or none.
func (l *loader) removal(n *yaml.Node) *Removal {
	m := &Removal{answer: newAnswer(), ok: condition{status: []statusRange{{200, 299}, {404, 404}, {410, 410}}}}
	n = resolveAlias(n)
	if n.Kind != yaml.MappingNode {
		if l.text(n) == "none" {
			return nil
		}
		m.Method, m.path, m.Line, m.Col = "DELETE", l.path(n), n.Line, n.Column
		return m
	}
	m.Request = l.request(n, keys{"ok": func(n *yaml.Node) { m.ok = l.condition(n, m.answer) }})
	return m
}
