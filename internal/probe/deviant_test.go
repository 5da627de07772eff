package probe_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/probe"
	"github.com/occbench/occbench/reference-server/appointment"
)

const (
	deviation = string(probe.Deviation)
	defect    = string(probe.Broken)
	unasked   = string(probe.Unasked)
)

// TestDeviations breaks the reference server in one way at a time. The lines
// named are those that differ or could not be asked, all others are ok.
func TestDeviations(t *testing.T) {
	for _, c := range []struct {
		name   string
		around wrap
		want   map[string]string
		detail string // in the detail of one of these lines
	}{
		{"commits, then answers 500", onMove(phantomFailure),
			map[string]string{"update": defect, "token_changes": unasked, "answered_token": unasked, "other_record": unasked, "race": unasked}, "a phantom failure"},
		{"answers 200 and writes nothing", onMove(phantomSuccess),
			map[string]string{"token_changes": unasked, "answered_token": defect, "stale_update": unasked, "conflict_fields": unasked, "stale_illegal_update": unasked, "updated_at": unasked, "race": defect}, "a phantom success"},
		{"checks the transition first", onMove(transitionFirst), map[string]string{"stale_illegal_update": defect}, "a masked conflict: a stale token is answered HTTP 422"},
		{"hides lost races behind 422", onMove(masked(http.StatusUnprocessableEntity)),
			map[string]string{"stale_update": defect, "conflict_fields": unasked, "stale_illegal_update": defect, "future_token": deviation, "race": defect}, "answered HTTP 422 invalid_transition instead of 409"},
		{"takes stale moves", rewrite(func(body moveBody, record appointment.Card) {
			if v, ok := body["expected_version"].(float64); ok && int64(v) < record.Version && v > 0 {
				body["expected_version"] = record.Version
			}
		}), map[string]string{"stale_update": defect, "conflict_fields": unasked, "stale_illegal_update": defect, "race": defect}, "LOST UPDATE"},
		{"applies moves without a version", rewrite(func(body moveBody, record appointment.Card) {
			if _, ok := body["expected_version"]; !ok {
				body["expected_version"] = record.Version
			}
		}), map[string]string{"no_token": defect}, "it was accepted (HTTP 200)"},
		{"guesses versions from strings", rewrite(func(body moveBody, _ appointment.Card) {
			if s, ok := body["expected_version"].(string); ok {
				body["expected_version"] = json.Number(s)
			}
		}), map[string]string{"token_ill_typed": deviation}, "it was accepted"},
		{"refuses and applies all the same", onMove(dirtyRefusal), map[string]string{"illegal_update": defect, "same_state_update": defect}, "a dirty refusal"},
		{"answers another version", onMove(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			changed(w, r, next, func(data map[string]any) { data["version"] = data["version"].(float64) + 1 })
		}), map[string]string{"answered_token": defect}, "the answer says the token \"3\", and 2 is shown"},
		{"answers no version", onMove(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			changed(w, r, next, func(data map[string]any) { delete(data, "version") })
		}), map[string]string{"update": defect, "answered_token": defect}, "it holds no token at $.data.version"},
		{"answers an unknown id with 400", replaceCode(http.StatusNotFound, http.StatusBadRequest, "not_found", "validation_error"),
			map[string]string{"unknown_id": deviation, "non_numeric_id": deviation, "id_aliases": deviation}, "HTTP 400 validation_error"},
		{"gives errors as plain strings", onMove(plainErrors),
			map[string]string{"stale_update": defect, "conflict_fields": deviation, "stale_illegal_update": defect, "future_token": deviation, "illegal_update": deviation, "same_state_update": deviation,
				"no_token": defect, "token_ill_typed": deviation, "token_negative": deviation, "state_missing": deviation, "state_unknown": deviation,
				"unknown_id": deviation, "id_aliases": deviation, "non_numeric_id": deviation, "body_not_json": deviation, "refusal_form": deviation, "race": defect}, "409 comes without what makes it a conflict (409 version_conflict)"},
		{"leaves current_version out", replace(isMove, `"current_version"`, `"now"`), map[string]string{"conflict_fields": deviation}, "it tells the token (absent), not 3"},
		{"says current_version 0", onAnswer(isMove, func(rec *httptest.ResponseRecorder) {
			var body map[string]map[string]any
			_ = json.Unmarshal(rec.Body.Bytes(), &body) // "ok" does not fit, the error does
			if e := body["error"]; e["current_version"] != nil {
				rec.Body.Reset()
				_ = json.NewEncoder(rec.Body).Encode(map[string]any{"ok": false, "error": merged(e, "current_version", 0)})
			}
		}), map[string]string{"conflict_fields": deviation}, "it tells the token \"0\", not 3"},
		{"throttles now and then", onMove(now(3, func(w http.ResponseWriter) {
			w.WriteHeader(http.StatusTooManyRequests)
			_, _ = io.WriteString(w, `{"Reason":"ConcurrentInvocationLimitExceeded","message":"Rate Exceeded."}`)
		})), map[string]string{"race": unasked, "refusal_form": deviation}, "racers got no answer that decides (HTTP 429)"},
		{"throttles for ever", onMove(func(w http.ResponseWriter, r *http.Request, _ http.Handler) {
			refuse(w, r, http.StatusTooManyRequests, "throttled")
		}), map[string]string{"update": unasked, "token_changes": unasked, "answered_token": unasked, "other_record": unasked, "stale_update": unasked, "conflict_fields": unasked, "stale_illegal_update": unasked,
			"future_token": unasked, "illegal_update": unasked, "same_state_update": unasked, "id_aliases": unasked, "updated_at": unasked, "no_token": unasked, "token_ill_typed": unasked, "token_negative": unasked, "state_missing": unasked,
			"state_unknown": unasked, "unknown_id": unasked, "non_numeric_id": unasked, "body_not_json": unasked, "body_too_large": unasked, "race": unasked}, "HTTP 429 throttled"},
		{"leaves empty columns out", replace(isBoard, `"no_show":{"items":[]}`, `"no_show":null`), map[string]string{}, ""},
		{"has no column no_show", replace(isBoard, `"no_show":{"items":[]}`, `"other":{"items":[]}`), map[string]string{}, ""},
		{"has a column more", replace(isBoard, `"no_show":{"items":[]}`, `"no_show":{"items":[]},"waiting":{"items":[]}`), map[string]string{}, ""},
		{"lists unknown statuses", once(isBoard, `"status":"scheduled"`, `"status":"parked"`), map[string]string{"list_rows": deviation}, `its state is "parked", which the API file does not name`},
		{"has extra fields", replace(isBoard, `"version":`, `"amount":"12.50","version":`), map[string]string{}, ""},
		{"has versions in strings", replace(isBoard, `"version":1,`, `"version":"1",`), map[string]string{}, ""},
		{"has versions as floats", onAnswer(every, func(rec *httptest.ResponseRecorder) {
			rec.Body = bytes.NewBuffer(anyVersion.ReplaceAll(rec.Body.Bytes(), []byte(`"${1}version":$2.0`)))
		}), map[string]string{"list_rows": deviation, "read": deviation, "read_again": unasked}, "its token is 1.0, which is not written as an integer from 1"},
		{"names no build", onAnswer(every, func(rec *httptest.ResponseRecorder) { rec.Header().Del("X-App-Version") }), map[string]string{"build_header": deviation}, "GET /healthz"},
		{"echoes no correlation id", onAnswer(isMove, func(rec *httptest.ResponseRecorder) { rec.Header().Del("X-Correlation-Id") }), map[string]string{"trace_header": deviation}, "/move"},
		{"has no health call", noCall("/healthz"), map[string]string{"health": deviation}, "it has HTTP status 404"},
		{"has no call for a record", func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodGet && strings.HasPrefix(r.URL.Path, "/api/admin/appointments/") && strings.Count(r.URL.Path, "/") == 4 && !isBoard(r) {
					refuse(w, r, http.StatusNotFound, "not_found")
					return
				}
				next.ServeHTTP(w, r)
			})
		}, map[string]string{"read": deviation, "read_again": unasked}, "it has HTTP status 404"},
		{"says nothing about methods", onAnswer(every, func(rec *httptest.ResponseRecorder) { rec.Header().Del("Allow") }), map[string]string{"wrong_method": deviation}, "Allow is (absent)"},
		{"takes bodies of any size", replaceCode(http.StatusRequestEntityTooLarge, http.StatusConflict, "", "version_conflict"), map[string]string{"body_too_large": deviation}, "HTTP 409"},
		{"loses an answer now and then", onMove(lost(7)), map[string]string{"race": unasked}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			target := reference(t, "sqlite", "", c.around)
			r := ask(t, target, briefly)
			got := states(r)
			if c.name == "checks the transition first" {
				delete(got, "race") // losers that read before the winner wrote are answered 409
			}
			if c.name == "loses an answer now and then" {
				// Which lines are hit depends on the count of moves; none may be called different.
				for name, state := range got {
					if state != unasked {
						t.Errorf("%s %s", name, state)
					}
				}
				return
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("lines that are not ok (-want +got):\n%s", diff)
			}
			if r.Err() != nil {
				t.Errorf("the target is turned away: %v", r.Err())
			}
			if !strings.Contains(details(r), c.detail) {
				t.Errorf("no detail has %q:\n%s", c.detail, details(r))
			}
			for id, s := range board(t, target) {
				if s := appointment.Status(s); s.IsFinal() && s.IsValid() {
					t.Errorf("record %s was left in %s", id, s)
				}
			}
		})
	}
}

func TestRowsThatCannotBeRecordedAreCounted(t *testing.T) {
	row := `"items":[{"id":"..","status":"scheduled","version":1,"notes":"occbench:load"},`
	r := ask(t, reference(t, "sqlite", "", once(isBoard, `"items":[{`, row+`{`)))
	want := "1 rows of the board tagged occbench:load have an id that cannot be recorded; they are left out"
	if diff := cmp.Diff([]string{want}, r.Warnings); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
}

// TestUnversionedMove proves that a move without a version overwrites what others
// did.
func TestUnversionedMove(t *testing.T) {
	r := ask(t, reference(t, "sqlite", "", rewrite(func(body moveBody, record appointment.Card) {
		if _, ok := body["expected_version"]; !ok {
			body["expected_version"] = record.Version
		}
	})))
	if len(r.Defects) != 1 || r.Defects[0].ID != check.OCC01 || len(r.Defects[0].Proof) != 2 {
		t.Fatalf("the defects are %+v, want OCC-01 with the move before it", r.Defects)
	}
	if last := r.Defects[0].Proof[1]; last.Expected != history.None || last.Outcome != history.Applied || last.Token != r.Defects[0].Proof[0].Token+1 {
		t.Errorf("it ends with %+v", last)
	}
}

// TestStaleReads probes a target whose reads are one behind. The moves are in
// order, so it is a target for a run.
func TestStaleReads(t *testing.T) {
	var mu sync.Mutex
	last := map[string][]byte{}
	target := reference(t, "sqlite", "", onAnswer(func(r *http.Request) bool {
		return r.Method == http.MethodGet && strings.HasPrefix(r.URL.Path, "/api/admin/appointments/") && !strings.HasSuffix(r.URL.Path, "/move")
	}, func(rec *httptest.ResponseRecorder) {
		mu.Lock()
		defer mu.Unlock()
		key := rec.Body.String()[:min(rec.Body.Len(), 40)] // tells the board from a record, and a record from another
		fresh := rec.Body.Bytes()
		if before, ok := last[key]; ok && rec.Code == http.StatusOK {
			rec.Body = bytes.NewBuffer(before)
		}
		last[key] = fresh
	}))
	r := ask(t, target)
	if r.Err() != nil {
		t.Errorf("the target is turned away: %v", r.Err())
	}
	for _, name := range []string{"stale_update", "stale_illegal_update", "illegal_update", "race"} {
		if l := line(t, r, name); l.State == probe.Differs {
			t.Errorf("%s is called different: %s", name, l.Detail)
		}
	}
	if l := line(t, r, "answered_token"); l.State != probe.Differs {
		t.Errorf("the stale board was not noticed: %s", l.State)
	}
}

func details(r probe.Result) string {
	var b strings.Builder
	for _, l := range r.Lines {
		if l.Detail != "" {
			fmt.Fprintf(&b, "%s: %s\n", l.Name, l.Detail)
		}
	}
	return b.String()
}

func phantomFailure(w http.ResponseWriter, r *http.Request, next http.Handler) {
	rec := httptest.NewRecorder()
	next.ServeHTTP(rec, r)
	if rec.Code == http.StatusOK {
		refuse(w, r, http.StatusInternalServerError, "internal")
		return
	}
	send(w, rec)
}

// phantomSuccess acknowledges legal moves with a fresh version from thin air.
func phantomSuccess(w http.ResponseWriter, r *http.Request, next http.Handler) {
	sent, _ := io.ReadAll(r.Body)
	var m appointment.MoveRequest
	record := current(r, next)
	if json.Unmarshal(sent, &m) == nil && record.Version == m.ExpectedVersion && appointment.IsLegal(record.Status, m.NewStatus) {
		mark(w, r)
		_, _ = fmt.Fprintf(w, `{"ok":true,"data":{"appointment_id":%q,"status":%q,"version":%d}}`, record.ID, m.NewStatus, record.Version+1)
		return
	}
	r.Body = io.NopCloser(strings.NewReader(string(sent)))
	next.ServeHTTP(w, r)
}

func transitionFirst(w http.ResponseWriter, r *http.Request, next http.Handler) {
	sent, _ := io.ReadAll(r.Body)
	var m appointment.MoveRequest
	record := current(r, next)
	body := string(sent)
	if json.Unmarshal(sent, &m) == nil && record.ID != "" && m.ExpectedVersion > 0 && m.ExpectedVersion < record.Version && !appointment.IsLegal(record.Status, m.NewStatus) {
		body = fmt.Sprintf(`{"new_status":%q,"expected_version":%d}`, m.NewStatus, record.Version)
	}
	r.Body = io.NopCloser(strings.NewReader(body))
	r.ContentLength = int64(len(body))
	next.ServeHTTP(w, r)
}

// masked answers conflicts as something else.
func masked(status int) func(http.ResponseWriter, *http.Request, http.Handler) {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		rec := httptest.NewRecorder()
		next.ServeHTTP(rec, r)
		if rec.Code == http.StatusConflict {
			rec.Code = status
			text := strings.ReplaceAll(rec.Body.String(), "version_conflict", "invalid_transition")
			rec.Body.Reset()
			rec.Body.WriteString(text)
		}
		send(w, rec)
	}
}

// dirtyRefusal applies a legal move of its own behind each 422.
func dirtyRefusal(w http.ResponseWriter, r *http.Request, next http.Handler) {
	rec := httptest.NewRecorder()
	next.ServeHTTP(rec, r)
	if rec.Code == http.StatusUnprocessableEntity {
		record := current(r, next)
		to := map[string]string{"scheduled": "in_progress", "in_progress": "scheduled", "ready": "in_progress"}[string(record.Status)]
		body := fmt.Sprintf(`{"new_status":%q,"expected_version":%d}`, to, record.Version)
		next.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "http://localhost"+r.URL.EscapedPath(), strings.NewReader(body)))
	}
	send(w, rec)
}

// changed changes the data of an accepted move.
func changed(w http.ResponseWriter, r *http.Request, next http.Handler, change func(map[string]any)) {
	rec := httptest.NewRecorder()
	next.ServeHTTP(rec, r)
	var body map[string]any
	if rec.Code == http.StatusOK && json.Unmarshal(rec.Body.Bytes(), &body) == nil {
		change(body["data"].(map[string]any))
		rec.Body.Reset()
		_ = json.NewEncoder(rec.Body).Encode(body)
	}
	send(w, rec)
}

func plainErrors(w http.ResponseWriter, r *http.Request, next http.Handler) {
	rec := httptest.NewRecorder()
	next.ServeHTTP(rec, r)
	if rec.Code >= 400 {
		rec.Body.Reset()
		rec.Body.WriteString(`{"ok":false,"error":"something is wrong"}`)
	}
	send(w, rec)
}

func merged(m map[string]any, key string, value any) map[string]any {
	m[key] = value
	return m
}

var anyVersion = regexp.MustCompile(`"(|current_|expected_)version":(\d+)`)

// replaceCode answers one status as another.
func replaceCode(from, to int, code, other string) wrap {
	return onAnswer(isMove, func(rec *httptest.ResponseRecorder) {
		if rec.Code != from {
			return
		}
		rec.Code = to
		text := rec.Body.String()
		if code != "" {
			text = strings.ReplaceAll(text, code, other)
		}
		rec.Body.Reset()
		rec.Body.WriteString(text)
	})
}

// once changes only the first occurrence in an answer.
func once(which func(*http.Request) bool, from, to string) wrap {
	return onAnswer(which, func(rec *httptest.ResponseRecorder) {
		text := strings.Replace(rec.Body.String(), from, to, 1)
		rec.Body.Reset()
		rec.Body.WriteString(text)
	})
}

func noCall(path string) wrap {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == path {
				r.URL.Path = "/nowhere"
			}
			next.ServeHTTP(w, r)
		})
	}
}

// now answers every n-th move in another way, without effect.
func now(n int64, other func(http.ResponseWriter)) func(http.ResponseWriter, *http.Request, http.Handler) {
	var count atomic.Int64
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if count.Add(1)%n == 0 {
			mark(w, r)
			other(w)
			return
		}
		next.ServeHTTP(w, r)
	}
}

// lost applies every n-th move and closes the connection.
func lost(n int64) func(http.ResponseWriter, *http.Request, http.Handler) {
	var count atomic.Int64
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if count.Add(1)%n == 0 {
			next.ServeHTTP(httptest.NewRecorder(), r)
			panic(http.ErrAbortHandler)
		}
		next.ServeHTTP(w, r)
	}
}
