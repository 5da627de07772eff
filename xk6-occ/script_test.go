package occ_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bufbuild/protocompile"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"

	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/history/historytest"
	"github.com/occbench/occbench/internal/k6run"
	"github.com/occbench/occbench/internal/workload"
)

// shelf holds items with a version, which rises over all of them. With a gap it
// compares first and writes later.
type shelf struct {
	mu       sync.Mutex
	versions map[string]int
	notes    map[string]string
	last     int
	gap      time.Duration
	updates  int64 // asked for
}

func newShelf(n int, gap time.Duration) *shelf {
	s := &shelf{versions: map[string]int{}, notes: map[string]string{}, gap: gap, last: 1}
	for i := range n {
		s.versions[fmt.Sprintf("item-%d", i+1)] = 1
	}
	return s
}

func (s *shelf) get(id string) (version int, note string, there bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	version, there = s.versions[id]
	return version, s.notes[id], there
}

// update returns the new version; 0 for a stale one.
func (s *shelf) update(id string, version int, note string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.updates++
	if s.versions[id] != version {
		return 0
	}
	if s.gap > 0 {
		s.mu.Unlock()
		time.Sleep(s.gap)
		s.mu.Lock()
	}
	s.last++
	s.versions[id], s.notes[id] = s.last, note
	return s.last
}

// serveGraphQL answers the two operations of scenarios/graphql.js, as a GraphQL server
// does: with HTTP 200, errors too.
func (s *shelf) serveGraphQL(w http.ResponseWriter, r *http.Request) {
	var asked struct {
		Query     string
		Variables struct {
			ID      string
			Version int
			Note    string
		}
	}
	if err := json.NewDecoder(r.Body).Decode(&asked); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	v, answer := asked.Variables, any(nil)
	if strings.HasPrefix(asked.Query, "query Item(") {
		answer = map[string]any{"data": map[string]any{"item": nil}}
		if version, note, there := s.get(v.ID); there {
			answer = map[string]any{"data": map[string]any{"item": map[string]any{"version": version, "note": note}}}
		}
	} else if version := s.update(v.ID, v.Version, v.Note); version > 0 {
		answer = map[string]any{"data": map[string]any{"updateItem": map[string]any{"version": version}}}
	} else {
		answer = map[string]any{"data": nil, "errors": []any{map[string]any{"message": "stale", "extensions": map[string]any{"code": "CONFLICT"}}}}
	}
	_ = json.NewEncoder(w).Encode(answer)
}

// startGRPC serves items.proto and returns its address.
func (s *shelf) startGRPC(t *testing.T) string {
	t.Helper()
	compiler := protocompile.Compiler{Resolver: &protocompile.SourceResolver{ImportPaths: []string{"../scenarios"}}}
	files, err := compiler.Compile(context.Background(), "items.proto")
	if err != nil {
		t.Fatal(err)
	}
	service := files[0].Services().ByName("Items")
	desc := &grpc.ServiceDesc{ServiceName: string(service.FullName()), HandlerType: (*any)(nil)}
	for name, answer := range map[protoreflect.Name]func(in, out *dynamicpb.Message) error{"Get": s.answerGet, "Update": s.answerUpdate} {
		method := service.Methods().ByName(name)
		desc.Methods = append(desc.Methods, grpc.MethodDesc{
			MethodName: string(name),
			Handler: func(_ any, _ context.Context, decode func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
				in, out := dynamicpb.NewMessage(method.Input()), dynamicpb.NewMessage(method.Output())
				if err := decode(in); err != nil {
					return nil, err
				}
				return out, answer(in, out)
			},
		})
	}
	server := grpc.NewServer()
	server.RegisterService(desc, s)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(server.Stop)
	return listener.Addr().String()
}

func (s *shelf) answerGet(in, out *dynamicpb.Message) error {
	id := text(in, "id")
	version, note, there := s.get(id)
	if !there {
		return status.Error(codes.NotFound, "no such item")
	}
	set(out, id, version, note)
	return nil
}

func (s *shelf) answerUpdate(in, out *dynamicpb.Message) error {
	revision, err := strconv.Atoi(strings.TrimPrefix(text(in, "revision"), "r"))
	if err != nil {
		return status.Error(codes.InvalidArgument, "no revision")
	}
	version := s.update(text(in, "id"), revision, text(in, "note"))
	if version == 0 {
		return status.Error(codes.Aborted, "stale")
	}
	set(out, text(in, "id"), version, text(in, "note"))
	return nil
}

func text(m *dynamicpb.Message, name protoreflect.Name) string {
	return m.Get(m.Descriptor().Fields().ByName(name)).String()
}

func set(m *dynamicpb.Message, id string, version int, note string) {
	for name, value := range map[protoreflect.Name]string{"id": id, "revision": fmt.Sprint("r", version), "note": note} {
		m.Set(m.Descriptor().Fields().ByName(name), protoreflect.ValueOfString(value))
	}
}

// TestScriptsOfTheirOwn plays the examples of functions in the place of an API file,
// against a server that is right and one that compares and then writes: what they
// record proves which is which.
func TestScriptsOfTheirOwn(t *testing.T) {
	for name, start := range map[string]func(*testing.T, *shelf, *k6run.Options){
		"graphql": func(t *testing.T, s *shelf, o *k6run.Options) {
			server := httptest.NewServer(http.HandlerFunc(s.serveGraphQL))
			t.Cleanup(server.Close)
			o.Spec.Target = server.URL
		},
		"grpc": func(t *testing.T, s *shelf, o *k6run.Options) {
			o.Args = []string{"-e", "GRPC_TARGET=" + s.startGRPC(t)}
		},
	} {
		for fault, gap := range map[string]time.Duration{"right": 0, "compares and then writes": 3 * time.Millisecond} {
			t.Run(name+"/"+fault, func(t *testing.T) {
				s := newShelf(3, gap)
				o := options(t, "http://127.0.0.1:1", nil)
				start(t, s, &o)
				o.Script = "../scenarios/" + name + ".js"
				o.Spec.Operators, o.Spec.Records, o.Spec.Think, o.Spec.Pause = 6, 3, workload.Fixed(time.Millisecond), workload.Fixed(time.Millisecond)
				result := runK6(t, context.Background(), o)
				if result.State != k6run.Complete || result.ScriptErrors > 0 {
					t.Fatalf("result %+v", result)
				}
				ops := historytest.Load(t, o.Traces.History)
				if moves := int64(count(ops, isMove)); moves < 50 || moves != s.updates || count(ops, isAudit) != 6 {
					t.Errorf("the history has %d attempts and %d audits, the server counted %d", moves, count(ops, isAudit), s.updates)
				}
				lost := lostUpdates(t, o.Traces.History)
				if right := gap == 0; right != (lost == 0) {
					t.Errorf("%d lost updates were proven", lost)
				}
				for _, op := range ops {
					if op.Kind == history.Update && op.Outcome != history.Applied && op.Outcome != history.Conflict || op.Kind == history.Update && op.Marker == "" {
						t.Fatalf("recorded %+v", op)
					}
				}
				checkOrder(t, ops)
			})
		}
	}
}

// lostUpdates returns how many lost updates a history proves, and fails the test for
// any other anomaly of a server that is right.
func lostUpdates(t *testing.T, path string) int {
	t.Helper()
	open := func() (io.ReadCloser, error) { return os.Open(path) }
	report, err := check.File(open, path, check.Options{Opaque: true})
	if err != nil {
		t.Fatal(err)
	}
	lost := int(report.Count(check.OCC01))
	if lost == 0 && (len(report.Anomalies) > 0 || !report.Judged) {
		t.Errorf("report %+v", report)
	}
	return lost
}

// TestMisusedFunctions holds what is said of functions that cannot be played with, and
// that one which throws is a request without an answer.
func TestMisusedFunctions(t *testing.T) {
	const head = "import { Operator } from 'k6/x/occ';\nexport const options = { scenarios: { s: { executor: 'shared-iterations', vus: 1, iterations: 2 } } };\n"
	const tail = "\nexport default function () { o.turn(); }\nexport function handleSummary(d) { return { [__ENV.OCC_SUMMARY]: JSON.stringify(d) }; }\n"
	for name, test := range map[string]struct {
		options string
		state   k6run.State
		reason  string
		thrown  int
	}{
		"only one of them":    {"records: ['a'], read() { return { token: 1 }; }", k6run.Failed, "are functions and go together", 0},
		"no records":          {"read() { return { token: 1 }; }, update() { return {}; }", k6run.Failed, "takes them as `records`", 2},
		"a record not there":  {"records: ['a'], read() { return null; }, update() { return {}; }", k6run.Failed, "1 of the 1 records of the run are not there, the first is record a", 2},
		"a promise":           {"records: ['a'], async read() { return { token: 1 }; }, update() { return {}; }", k6run.Failed, "read returned a promise", 2},
		"no outcome":          {"records: ['a'], read() { return { token: 1 }; }, update() { return { outcome: 'lost' }; }", k6run.Failed, "outcome is \"lost\"; want applied, conflict,", 2},
		"no HTTP status":      {"records: ['a'], read() { return { token: 1 }; }, update() { return { http: 7 }; }", k6run.Failed, "http is 7, which is no HTTP status", 2},
		"two calls at a time": {"doubleUpdates: 0.5, records: ['a'], read() { return { token: 1 }; }, update() { return {}; }", k6run.Failed, "no doubleUpdates", 0},
		"it throws":           {"records: ['a'], read() { return { token: 1 }; }, update() { throw new Error('reset'); }", k6run.Complete, "", 0},
	} {
		t.Run(name, func(t *testing.T) {
			o := options(t, "http://127.0.0.1:1", []byte(head+"const o = new Operator({ "+test.options+" });"+tail))
			result := runK6(t, context.Background(), o)
			if result.State != test.state || !strings.Contains(result.Reason, test.reason) || result.ScriptErrors != test.thrown {
				t.Fatalf("result %+v, want %s, %d script errors and %q", result, test.state, test.thrown, test.reason)
			}
			if test.state != k6run.Complete {
				return
			}
			ops := historytest.Load(t, o.Traces.History)
			if n := count(ops, func(op history.Op) bool { return op.Outcome == history.NoAnswer && isMove(op) && op.Marker != "" }); n != 2 {
				t.Errorf("%d updates without an answer, want 2: %+v", n, ops)
			}
		})
	}
}
