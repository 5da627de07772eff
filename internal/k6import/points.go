package k6import

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/measure"
)

// The metrics of k6 that are read.
const (
	durations = "http_req_duration"
	failures  = "http_req_failed"
	requests  = "http_reqs"
)

// envelope is one line of points: the declaration of a metric, or a sample.
type envelope struct {
	Metric string `json:"metric"`
	Type   string `json:"type"`
	Data   struct {
		Time  time.Time         `json:"time"`
		Value *float64          `json:"value"`
		Tags  map[string]string `json:"tags"`
	} `json:"data"`
}

// isPoint reports whether a line is one of points: a summary is an object too,
// but has no type.
func isPoint(line []byte) bool {
	var e envelope
	return json.Unmarshal(line, &e) == nil && e.Metric != "" && (e.Type == "Metric" || e.Type == "Point")
}

// points collects requests. Updates are the requests with method and path of the API's
// update, and those named like it; in a script that has none, every request that is
// not a read.
type points struct {
	api          *api.API
	ends         *regexp.Regexp   // of the paths of updates
	readCalls    []readCall       // those that are no GET
	named, other *measure.Measure // updates, and other requests that write
	nNamed       int
	nOther       int
	reads        int
	redirected   int // requests that write and were answered 3xx
	untold       int // updates whose status stands for applied and for conflict
	untagged     int
	seen         int
	base         time.Time
}

// readPoints reads the points that stand behind so many other lines.
func readPoints(l *lines, before int, policy gate.Policy, a *api.API) (Result, error) {
	p := &points{api: a, ends: a.Update.Pattern(), readCalls: readCalls(a), named: measure.New(policy.MeasureOptions()),
		other: measure.New(policy.MeasureOptions())}
	for {
		line, err := l.next()
		if err == nil && l.line <= before {
			continue
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return Result{}, err
		}
		if err := p.add(line); err != nil {
			return Result{}, l.wrapError(err)
		}
	}
	r, err := p.judge(l.name, policy)
	if err == nil && before > 0 {
		r.Notes = append(r.Notes, amount.Count(before)+" lines before the points are none of k6's and are left out")
	}
	if err == nil && l.cut {
		r.Notes = append(r.Notes, fmt.Sprintf("the file is cut off in line %d; what follows is lost", l.line))
	}
	return r, err
}

var wanted = []byte(`"` + durations + `"`)

// add takes a line. Those of other metrics are only looked at as far as to know
// that this is still the same kind of file.
func (p *points) add(line []byte) error {
	line = bytes.TrimSpace(line)
	if len(line) == 0 {
		return nil
	}
	if line[0] != '{' || line[len(line)-1] != '}' {
		return fmt.Errorf("%.40q is not a JSON object of k6's --out json", line)
	}
	if !bytes.Contains(line, wanted) {
		return nil
	}
	var e envelope
	if err := json.Unmarshal(line, &e); err != nil {
		return fmt.Errorf("the line is no point of k6: %s", formatJSONError(err))
	}
	if e.Type != "Point" || e.Metric != durations {
		return nil
	}
	return p.addRequest(&e)
}

func (p *points) addRequest(e *envelope) error {
	if e.Data.Value == nil || *e.Data.Value < 0 || *e.Data.Value > 1e9 || math.IsNaN(*e.Data.Value) {
		return errors.New("data.value is not a time in milliseconds")
	}
	if e.Data.Time.IsZero() {
		return errors.New("data.time is missing")
	}
	p.seen++
	method, status := e.Data.Tags["method"], e.Data.Tags["status"]
	if method == "" || status == "" {
		p.untagged++
		return nil
	}
	if p.isRead(method, e.Data.Tags["url"]) || p.isRead(method, e.Data.Tags["name"]) {
		p.reads++
		return nil
	}
	code, err := strconv.ParseUint(status, 10, 15)
	if err != nil || code > 999 {
		return fmt.Errorf("the tag status is %.20q, want a number", status)
	}
	if code/100 == 3 {
		p.redirected++
		return nil
	}
	if p.base.IsZero() {
		p.base = e.Data.Time.Add(-time.Hour)
	}
	updates := p.isUpdate(method, e.Data.Tags["name"]) || p.isUpdate(method, e.Data.Tags["url"])
	if updates && code < 300 && p.api.Update.ConflictsWith(int(code)) {
		p.untold++
		return nil
	}
	op := p.newUpdate(int16(code), e.Data.Time.Sub(p.base), time.Duration(math.Round(*e.Data.Value*1e6)))
	if updates {
		p.nNamed++
		p.named.Add(&op)
		return nil
	}
	p.nOther++
	p.other.Add(&op)
	return nil
}

// isRead reports whether a request writes nothing: by its method, or because it is a
// read of the API that is sent as a POST, to another address than its updates.
func (p *points) isRead(method, address string) bool {
	if slices.Contains([]string{"GET", "HEAD", "OPTIONS", "PROPFIND"}, method) {
		return true
	}
	for _, call := range p.readCalls {
		if call.method == method && call.ends.MatchString(cutPath(address)) && !p.ends.MatchString(cutPath(address)) {
			return true
		}
	}
	return false
}

// readCall is a read that is no GET.
type readCall struct {
	method string
	ends   *regexp.Regexp // of its paths
}

// readCalls returns the reads of an API that are no GET.
func readCalls(a *api.API) []readCall {
	var all []readCall
	if a.Read != nil && a.Read.Method != http.MethodGet {
		all = append(all, readCall{a.Read.Method, a.Read.Pattern()})
	}
	if a.List != nil && a.List.Method != http.MethodGet {
		all = append(all, readCall{a.List.Method, a.List.Pattern()})
	}
	return all
}

// cutPath returns the path of a URL, or of a name that stands for several.
func cutPath(address string) string {
	if u, err := url.Parse(address); err == nil {
		address = u.Path
	}
	return strings.TrimRight(address, "/")
}

// isUpdate reports whether a URL, or a name that stands for several, is that of an
// update. A script that groups its requests by name tags leaves no URL: the API's
// noun for an update, by itself or as the last segment, is taken for one.
func (p *points) isUpdate(method, address string) bool {
	path := cutPath(address)
	return strings.EqualFold(path[strings.LastIndexByte(path, '/')+1:], p.api.Words.Update) ||
		method == p.api.Update.Method && p.ends.MatchString(path)
}

// newUpdate makes an operation of a request; k6 stamps it when it is over.
func (p *points) newUpdate(code int16, over, took time.Duration) history.Op {
	op := history.New()
	op.Kind, op.Operator, op.Attempt, op.HTTP = history.Update, 1, 1, code
	op.Start, op.End = int64(over-took), int64(over)
	op.Outcome = p.outcome(code)
	if op.Outcome == history.NoAnswer {
		op.End = history.None
	}
	return op
}

// outcome returns what a status alone tells. Whether a 409 named a version conflict,
// or a 200 the new version, k6 did not record.
func (p *points) outcome(code int16) history.Outcome {
	o := api.Classify(int(code))
	switch {
	case o != history.NoAnswer && o != history.Unauthorized && p.api.Update.ConflictsWith(int(code)):
		return history.Conflict
	case code >= 200 && code < 300:
		return history.Applied
	}
	return o
}

// judge judges the updates as a gate does.
func (p *points) judge(name string, policy gate.Policy) (Result, error) {
	if p.seen == 0 {
		return Result{}, fmt.Errorf("importing %s: there is no point of %s in it, so k6 made no request", name, durations)
	}
	r := Result{
		File:       name,
		Kind:       Points,
		Of:         p.api.Words.Updates(),
		Requests:   p.seen,
		Reads:      p.reads,
		Thresholds: []Threshold{},
		Notes:      []string{},
		Cannot:     listUntold(Points),
	}
	m := p.named
	if p.nNamed == 0 {
		m = p.other
		if p.nOther > 0 {
			r.Notes = append(r.Notes, fmt.Sprintf(
				"no request is named %s or is a %s %s, so every request that is no read counts as %s", p.api.Words.Update,
				p.api.Update.Method,
				p.api.Update.Template(),
				p.api.Words.AnUpdate()))
		}
	} else if p.nOther > 0 {
		r.Notes = append(r.Notes, amount.Count(p.nOther)+" other requests that write are left out")
	}
	if p.redirected > 0 {
		r.Notes = append(
			r.Notes,
			amount.Count(p.redirected)+" requests that write were answered with a redirect and are left out, with their time: "+
				"k6 follows it with a request of its own, "+
				"often a GET, so what became of the "+p.api.Words.Update+" cannot be told, nor whether the script had k6 not follow it",
		)
	}
	if p.untold > 0 {
		r.Notes = append(r.Notes, amount.Plural(p.untold, p.api.Words.Update+" was",
			p.api.Words.Updates()+" were")+" answered with a status that stands for applied and for a conflict alike: "+
			"the body tells which, and k6 does not record it, so that is left out")
	}
	if p.untagged > 0 {
		r.Notes = append(r.Notes, amount.Count(p.untagged)+" requests carry no tag method or status and are left out")
	}
	n := m.Numbers()
	r.Outcomes = n.Outcomes
	r.Latency = &n.Latency.Latency
	policy.Off = nil
	for _, r := range gate.Rules() {
		if r.Kind != gate.Bounded { // k6 knows of no case
			policy.Off = append(policy.Off, r.Name)
		}
	}
	r.Gates = gate.Judge(policy, gate.Evidence{Numbers: &n}).Gates
	r.decideVerdict()
	return r, nil
}
