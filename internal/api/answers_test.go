package api

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/go-faster/jx"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

// TestAnswers plays answers of real servers, as they write them, through every API
// file of the binary. A section of testdata/answers/NAME.txtar is an answer, behind a
// line with what has to be read in it; or a request as it has to be sent.
func TestAnswers(t *testing.T) {
	for _, name := range Names() {
		t.Run(name, func(t *testing.T) {
			a, err := Load(name)
			if err != nil {
				t.Fatal(err)
			}
			archive, err := txtar.ParseFile(filepath.Join("testdata", "answers", name+".txtar"))
			if err != nil {
				t.Fatal(err)
			}
			p := &player{api: a, vars: &Vars{Date: "2026-11-24", Tag: "load", Number: 1, Marker: "m2"}}
			if p.vars.ID = a.RecordID("load", 1); p.vars.ID == "" {
				p.vars.ID = "17"
			}
			if len(a.States.Names) > 0 {
				p.vars.To = a.States.Legal[a.States.Names[0]][0]
			}
			for _, f := range archive.Files {
				p.section(t, f.Name, string(f.Data))
			}
			for _, what := range []string{"read", "update", "applied", "conflict"} {
				if (what != "read" || a.Read != nil) && !p.played[what] {
					t.Errorf("there is no %s among the answers", what)
				}
			}
		})
	}
}

// player holds what was read last, as a client does.
type player struct {
	api    *API
	vars   *Vars
	played map[string]bool
}

func (p *player) section(t *testing.T, name, text string) {
	t.Helper()
	call, _, _ := strings.Cut(name, " ")
	if sent, ok := strings.CutPrefix(name, "request "); ok {
		if diff := cmp.Diff(text, strings.ReplaceAll(p.request(t, sent), "\r\n", "\n")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		p.mark(sent)
		return
	}
	want, answer, _ := strings.Cut(text, "\n")
	r := parseAnswer(t, answer)
	got := p.play(call, r)
	if got != want {
		t.Errorf("%s: HTTP %d %s\nread %s\nwant %s", name, r.Status, r.Body, got, want)
	}
	p.mark(call)
	p.mark(strings.Fields(got)[0])
}

func (p *player) mark(what string) {
	if p.played == nil {
		p.played = map[string]bool{}
	}
	p.played[what] = true
}

// call returns a call by its name: read, update, delete, list, or once.0 and each.0
// of the seeding.
func (p *player) call(name string) (*Request, *SeedCall) {
	kind, index, _ := strings.Cut(name, ".")
	n, _ := strconv.Atoi(index)
	switch kind {
	case "read":
		return &p.api.Read.Request, nil
	case "update":
		return &p.api.Update.Request, nil
	case "list":
		return &p.api.List.Request, nil
	case "delete":
		return &p.api.Seed.Delete.Request, nil
	case "once":
		return &p.api.Seed.Once[n].Request, p.api.Seed.Once[n]
	case "each":
		return &p.api.Seed.Each[n].Request, p.api.Seed.Each[n]
	}
	panic("there is no call " + name)
}

func (p *player) request(t *testing.T, name string) string {
	r, _ := p.call(name)
	path, err := r.AppendPath(nil, p.vars)
	if err != nil {
		t.Fatal(err)
	}
	text := r.Method + " " + string(path) + "\n"
	for _, h := range r.Headers() {
		value, err := h.Append(nil, p.vars)
		if err != nil {
			t.Fatal(err)
		}
		text += h.Name + ": " + string(value) + "\n"
	}
	body, err := r.AppendBody(nil, p.vars)
	if err != nil {
		t.Fatal(err)
	}
	if r.HasBody() {
		text += "\n" + string(body) + "\n"
	}
	return text
}

func (p *player) play(name string, r *Response) string {
	d, s := jx.DecodeBytes(r.Body), &Scratch{}
	switch {
	case name == "read" && p.api.Read.IsMissing(d, s, r, p.vars):
		return "missing"
	case name == "read":
		seen, err := p.api.Read.ReadSight(jx.DecodeBytes(r.Body), s, r, p.vars)
		if err != nil {
			return "error " + err.Error()
		}
		p.vars.Token = bytes.Clone(seen.Token)
		return strings.TrimSpace(fmt.Sprintf("read token %s state %s marker %s", seen.Token, seen.State, seen.Marker))
	case name == "update":
		got := p.api.Update.Judge(d, s, r, p.vars)
		text := fmt.Sprintf("%s token %s state %s code %s", got.Outcome, got.Token, got.State, got.Code)
		if got.Err != nil {
			text += " " + got.Err.Error()
		}
		return strings.TrimSpace(text)
	case name == "delete":
		if err := p.api.Seed.Delete.Check(d, s, r, p.vars); err != nil {
			return "error " + err.Error()
		}
		return "deleted"
	case name == "list":
		text := "list"
		if err := p.api.List.Rows(&ListScratch{}, r, p.vars, func(row *Row) {
			text += fmt.Sprintf(" %s %s %s", row.ID, row.Token, row.State)
		}); err != nil {
			return "error " + err.Error()
		}
		return text
	}
	_, c := p.call(name)
	made, err := c.Take(d, s, r, p.vars)
	if err != nil {
		return "error " + err.Error()
	}
	p.vars.Saved = made.Saved
	return strings.TrimSpace(fmt.Sprintf("made exists %v id %s token %s", made.Exists, made.ID, made.Token))
}

func parseAnswer(t *testing.T, text string) *Response {
	t.Helper()
	r, err := http.ReadResponse(bufio.NewReader(strings.NewReader(text)), nil)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return &Response{Status: r.StatusCode, Header: r.Header, Body: body}
}
