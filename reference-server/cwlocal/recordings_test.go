package cwlocal

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Answers of the real service, and what to know to compare with them, are
// described in testdata/recordings/README.md.
type recording struct {
	Name       string
	Protocol   any // a string, or a list of them
	Form       string
	Steps      []recordedStep
	Normalised []struct{ Token, Kind, Use string }
}

type recordedStep struct {
	Operation string
	Input     map[string]any
	Headers   map[string]string
	Status    int
	Recorded  any
	Snapshot  string
	Asserted  []string
	Sorted    []string
}

// differences are the places where this package answers otherwise than the
// recordings, each with its reason.
var differences = []struct{ where, reason string }{
	{"LogAlarms", "recorded before SDKs knew the member, which AWS sent already: README.md, Format"},
}

// seconds of a minute at which each recording is replayed; the service's
// answers do not depend on it.
var seconds60 = []int{0, 1, 29, 59}

func TestRecordings(t *testing.T) {
	raw, err := os.ReadFile("testdata/recordings/recordings.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []recording
	if err := json.Unmarshal(raw, &cases); err != nil {
		t.Fatal(err)
	}
	if len(cases) != 26 {
		t.Fatalf("%d recordings, want 26", len(cases))
	}
	for _, c := range cases {
		for _, protocol := range c.protocols() {
			for _, second := range seconds60 {
				t.Run(fmt.Sprintf("%s/%s/%d", c.Name, protocol, second), func(t *testing.T) {
					c.replay(t, wires[protocol], noon.Add(time.Duration(second)*time.Second))
				})
			}
		}
	}
}

func (c *recording) protocols() []string {
	if p, ok := c.Protocol.(string); ok {
		return []string{p}
	}
	var all []string
	for _, p := range c.Protocol.([]any) {
		all = append(all, p.(string))
	}
	return all
}

func (c *recording) replay(t *testing.T, w wire, base time.Time) {
	clk := newClock(base)
	local := clk.server(Options{Account: "111111111111"})
	server := httptest.NewServer(local)
	defer server.Close()
	r := &replay{recording: c, bound: map[string]string{}, base: base, wire: w}
	for i, step := range c.Steps {
		input := r.input(step.Input).(map[string]any)
		headers := map[string]string{"X-Amzn-Query-Mode": "true"}
		if c.Form == "body" {
			headers = step.Headers
		}
		got := post(t, server, w, step.Operation, input, headers)
		if problem := r.compare(step, got); problem != "" {
			t.Errorf("step %d, %s %s: %s\nanswer: %s", i+1, step.Operation, step.Snapshot, problem, got.body)
		}
		for _, what := range step.Asserted {
			r.assert(t, what, got, server)
		}
	}
}

type replay struct {
	*recording
	bound map[string]string // what the tokens of kind "bound" turned out to be
	base  time.Time
	wire  wire
}

var timeToken = regexp.MustCompile(`^@(now)?(-?\d+)?$`)

// input puts this run's names and times in.
func (r *replay) input(node any) any {
	switch v := node.(type) {
	case map[string]any:
		m := map[string]any{}
		for k, child := range v {
			m[k] = r.input(child)
		}
		return m
	case []any:
		l := make([]any, len(v))
		for i, child := range v {
			l[i] = r.input(child)
		}
		return l
	case string:
		if m := timeToken.FindStringSubmatch(v); m != nil {
			offset, _ := strconv.Atoi(m[2]) // "@now" has none
			return r.base.Add(time.Duration(offset) * time.Second)
		}
		return r.use(v)
	}
	return node
}

func (r *replay) use(s string) string {
	endpoint := map[string]string{"<partition>": "aws", "<region>": "us-east-1", "111111111111": "111111111111"}
	for _, n := range r.Normalised {
		switch n.Kind {
		case "sent":
			s = strings.ReplaceAll(s, n.Token, n.Use)
		case "endpoint":
			s = strings.ReplaceAll(s, n.Token, endpoint[n.Token])
		}
	}
	return s
}

// compare returns what is wrong with an answer, "" when nothing is.
func (r *replay) compare(step recordedStep, got reply) string {
	if step.Recorded == nil {
		if got.status != http.StatusOK {
			return fmt.Sprintf("status %d, want 200", got.status)
		}
		return ""
	}
	if r.Form == "body" {
		if got.status != step.Status {
			return fmt.Sprintf("status %d, want %d", got.status, step.Status)
		}
		tree := got.tree
		dropMetadata(tree)
		return r.differ("", step.Recorded, tree)
	}
	want := step.Recorded.(map[string]any)
	if meta, ok := want["ResponseMetadata"].(map[string]any); ok && meta["HTTPStatusCode"] != float64(got.status) {
		return fmt.Sprintf("status %d, want %v", got.status, meta["HTTPStatusCode"])
	}
	delete(want, "ResponseMetadata")
	return r.differ("", want, r.asSDK(got, step))
}

func dropMetadata(tree any) {
	if m, ok := tree.(map[string]any); ok {
		for _, child := range m {
			if c, ok := child.(map[string]any); ok {
				delete(c, "ResponseMetadata")
			}
		}
	}
}

// asSDK makes of an answer what botocore makes of it.
func (r *replay) asSDK(got reply, step recordedStep) any {
	if got.status != http.StatusOK {
		return r.sdkError(got)
	}
	tree := got.tree
	if r.wire.name == "query" {
		tree = members(tree).(map[string]any)[step.Operation+"Response"].(map[string]any)[step.Operation+"Result"]
	}
	if tree == nil {
		tree = map[string]any{}
	}
	return tree
}

func (r *replay) sdkError(got reply) any {
	if r.wire.name == "query" {
		return map[string]any{"Error": members(got.tree).(map[string]any)["ErrorResponse"].(map[string]any)["Error"]}
	}
	body := got.tree.(map[string]any)
	code, fault, _ := strings.Cut(got.header.Get("x-amzn-query-error"), ";")
	_, name, _ := strings.Cut(body["__type"].(string), "#")
	return map[string]any{"message": body["message"], "Error": map[string]any{
		"Code": code, "Type": fault, "QueryErrorCode": name, "Message": body["message"]}}
}

// differ compares a recorded tree with an answer.
func (r *replay) differ(path string, want, got any) string {
	switch w := want.(type) {
	case map[string]any:
		return r.differObject(path, w, got)
	case []any:
		return r.differList(path, w, got)
	case string:
		return r.differString(path, w, got)
	case nil:
		if got != nil {
			return fmt.Sprintf("%s is %v, want nothing", path, got)
		}
		return ""
	}
	if fmt.Sprint(want) == fmt.Sprint(got) {
		return ""
	}
	if s, ok := got.(string); ok { // the query protocol has no numbers
		if f, err := strconv.ParseFloat(s, 64); err == nil && want == f {
			return ""
		}
	}
	return fmt.Sprintf("%s is %v (%T), want %v", path, got, got, want)
}

func (r *replay) differObject(path string, want map[string]any, got any) string {
	g, ok := got.(map[string]any)
	if !ok && len(want) > 0 {
		return fmt.Sprintf("%s is %T, want an object", path, got)
	}
	for _, name := range sortedNames(want) {
		if problem := r.differMember(path+"."+name, name, want[name], g); problem != "" {
			return problem
		}
	}
	for _, name := range sortedNames(g) {
		_, known := want[name]
		allowed := slices.ContainsFunc(differences, func(d struct{ where, reason string }) bool { return d.where == name })
		if !known && !(allowed && r.Form == "sdk") {
			return fmt.Sprintf("%s.%s was not recorded", path, name)
		}
	}
	return ""
}

func (r *replay) differMember(path, name string, want any, g map[string]any) string {
	got, present := g[name]
	if !present {
		return path + " is absent"
	}
	if want == "timestamp" && strings.Contains(name, "Timestamp") {
		return r.differTimes(path, name, got, g)
	}
	return r.differ(path, want, got)
}

// differTimes checks a placeholder: an instant, or as many as there are values.
func (r *replay) differTimes(path, name string, got any, g map[string]any) string {
	if name != "Timestamps" {
		if !isInstant(got) {
			return fmt.Sprintf("%s is %v, want an instant", path, got)
		}
		return ""
	}
	times, values := asList(got), asList(g["Values"])
	if len(times) != len(values) || slices.ContainsFunc(times, func(t any) bool { return !isInstant(t) }) {
		return fmt.Sprintf("%s is %v, want as many instants as there are values", path, got)
	}
	return ""
}

// asList reads lists of all forms: an empty XML element is nil, and one that
// was not read with members is {member: …}.
func asList(node any) []any {
	switch v := node.(type) {
	case nil:
		return nil
	case []any:
		return v
	case map[string]any:
		if child, ok := v["member"]; ok && len(v) == 1 {
			return asList(child)
		}
	}
	return []any{node}
}

func isInstant(node any) bool {
	switch v := node.(type) {
	case time.Time:
		return true
	case float64:
		return v > 1e9
	case string:
		_, err := time.Parse(time.RFC3339, v)
		return err == nil
	}
	return false
}

func (r *replay) differList(path string, want []any, got any) string {
	g := asList(got)
	if len(g) != len(want) || r.wire.name != "query" && got == nil {
		return fmt.Sprintf("%s has %d entries, want %d", path, len(g), len(want))
	}
	for i := range want {
		if problem := r.differ(fmt.Sprintf("%s[%d]", path, i), want[i], g[i]); problem != "" {
			return problem
		}
	}
	return ""
}

func (r *replay) differString(path, want string, got any) string {
	g, ok := got.(string)
	if !ok {
		return fmt.Sprintf("%s is %v (%T), want the string %q", path, got, got, want)
	}
	for _, n := range r.Normalised {
		if n.Kind == "bound" && n.Token == want {
			return r.bind(path, want, g)
		}
	}
	if g != r.use(want) {
		return fmt.Sprintf("%s is %q, want %q", path, g, r.use(want))
	}
	return ""
}

// bind checks that a token always means the same and no two mean the same.
func (r *replay) bind(path, token, got string) string {
	if old, ok := r.bound[token]; ok && old != got {
		return fmt.Sprintf("%s is %q, and was %q before", path, got, old)
	}
	for other, value := range r.bound {
		if other != token && value == got {
			return fmt.Sprintf("%s is %q like %s", path, got, other)
		}
	}
	r.bound[token] = got
	return ""
}

// assert checks what the recordings say beside the recorded trees.
func (r *replay) assert(t *testing.T, what string, got reply, server *httptest.Server) {
	t.Helper()
	first := func() string { return string(got.body) }
	ok := false
	switch what {
	case "the answer has a header spelled exactly x-amzn-RequestId":
		ok = strings.Contains(rawAnswer(t, server), "\r\nx-amzn-RequestId: ")
	case "Timestamps of the first result holds one member, written YYYY-MM-DDTHH:MM:SSZ":
		ok = regexp.MustCompile(`<Timestamps><member>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ</member></Timestamps>`).MatchString(first())
	case "Timestamps[0] of the first result is a JSON number with a fraction or exponent, not a bare integer: ten digits of whole seconds":
		ok = regexp.MustCompile(`"Timestamps":\[\d{10}\.0\]`).MatchString(first())
	case "Timestamps[0] of the first result decodes to an instant without a fraction of a second":
		results := got.tree.(map[string]any)["MetricDataResults"].([]any)
		at := results[0].(map[string]any)["Timestamps"].([]any)[0].(time.Time)
		ok = at.Equal(at.Truncate(time.Second))
	case `in the raw body the key "Timestamps" is followed by the bytes 9f c1 fb 41: an array of indefinite length, tag 1, a 64-bit float`:
		ok = strings.Contains(first(), "Timestamps\x9f\xc1\xfb\x41")
	case "accepted: AWS does not refuse Values beside StatisticValues":
		ok = got.status == http.StatusOK
	}
	if !ok {
		t.Errorf("not so, or not checked here: %s\nanswer: %q", what, got.body)
	}
}

// rawAnswer is an answer as it is on the wire; net/http would respell headers.
func rawAnswer(t *testing.T, server *httptest.Server) string {
	t.Helper()
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprint(conn, "POST / HTTP/1.0\r\nX-Amz-Target: GraniteServiceVersion20100801.ListMetrics\r\nContent-Length: 2\r\n\r\n{}")
	var b strings.Builder
	buf := make([]byte, 4096)
	for {
		n, err := conn.Read(buf)
		b.Write(buf[:n])
		if err != nil {
			return b.String()
		}
	}
}
