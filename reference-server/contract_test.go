package refserver_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	refserver "github.com/occbench/occbench/reference-server"
	"github.com/occbench/occbench/reference-server/refservertest"
)

// obj is a JSON object; numbers are float64, as encoding/json reads them.
type obj = map[string]any

const (
	moves1  = "/api/admin/appointments/1/move"
	booking = "/api/admin/appointments"
)

// contract holds requests and what they are answered with by a server with three
// cards in version 1, scheduled.
var contract = []struct {
	name         string
	method, path string
	body         string
	status       int
	want         obj // members of data, or of error, that the answer must have
}{
	{"healthy", "GET", "/healthz", "", 200, obj{"status": "ok", "version": "build-7"}},

	{"move", "POST", moves1, `{"new_status":"in_progress","expected_version":1}`, 200,
		obj{"appointment_id": "1", "status": "in_progress", "version": 2.0, "position": 0.0}},
	{"move with position", "POST", moves1, `{"new_status":"in_progress","expected_version":1,"position":4}`, 200, obj{"version": 2.0, "position": 4.0}},
	{"move with new_position", "POST", moves1, `{"new_status":"in_progress","expected_version":1,"new_position":5}`, 200, obj{"position": 5.0}},
	{"move with null position", "POST", moves1, `{"new_status":"in_progress","expected_version":1,"position":null}`, 200, obj{"position": 0.0}},
	{"move with more members", "POST", moves1, ` {"who":{"a":[1]},"new_status":"no_show","expected_version":1} `, 200, obj{"status": "no_show"}},
	{"move of both positions", "POST", moves1, `{"new_status":"in_progress","expected_version":1,"position":1,"new_position":1}`, 400, obj{"field": "new_position"}},
	{"stale version from the future", "POST", moves1, `{"new_status":"in_progress","expected_version":9}`, 409,
		obj{"code": "version_conflict", "appointment_id": "1", "expected_version": 9.0, "current_version": 1.0, "current_status": "scheduled"}},
	{"stale version zero", "POST", moves1, `{"new_status":"in_progress","expected_version":0}`, 409, obj{"expected_version": 0.0, "current_version": 1.0}},
	{"stale and illegal is stale", "POST", moves1, `{"new_status":"completed","expected_version":2}`, 409, obj{"code": "version_conflict"}},
	{"stale and to the same status is stale", "POST", moves1, `{"new_status":"scheduled","expected_version":2}`, 409, obj{"code": "version_conflict"}},
	{"illegal transition", "POST", moves1, `{"new_status":"completed","expected_version":1}`, 422,
		obj{"code": "invalid_transition", "from": "scheduled", "to": "completed"}},
	{"to the same status", "POST", moves1, `{"new_status":"scheduled","expected_version":1}`, 422, obj{"from": "scheduled", "to": "scheduled"}},
	{"unknown id", "POST", "/api/admin/appointments/99/move", `{"new_status":"ready","expected_version":1}`, 404, obj{"code": "not_found"}},
	{"non-numeric id", "POST", "/api/admin/appointments/abc/move", `{"new_status":"ready","expected_version":1}`, 404, obj{"code": "not_found"}},
	{"id of another spelling", "POST", "/api/admin/appointments/01/move", `{"new_status":"in_progress","expected_version":1}`, 404, obj{"code": "not_found"}},
	{"id beyond 64 bits", "POST", "/api/admin/appointments/92233720368547758070/move", `{"new_status":"ready","expected_version":1}`, 404, obj{"code": "not_found"}},
	{"empty id", "POST", "/api/admin/appointments//move", `{"new_status":"ready","expected_version":1}`, 404, obj{"code": "not_found"}},

	{"no body", "POST", moves1, ``, 400, obj{"code": "validation_error"}},
	{"not JSON", "POST", moves1, `new_status=ready`, 400, obj{"code": "validation_error"}},
	{"not an object", "POST", moves1, `[1]`, 400, obj{"code": "validation_error"}},
	{"trailing garbage", "POST", moves1, `{"new_status":"in_progress","expected_version":1} x`, 400, obj{"code": "validation_error"}},
	{"two objects", "POST", moves1, `{"new_status":"in_progress","expected_version":1}{}`, 400, obj{"code": "validation_error"}},
	{"not UTF-8", "POST", moves1, "{\"new_status\":\"in_progress\",\"expected_version\":1,\"x\":\"\xff\"}", 400, obj{"code": "validation_error"}},
	{"missing version", "POST", moves1, `{"new_status":"in_progress"}`, 400, obj{"code": "validation_error", "field": "expected_version"}},
	{"missing status", "POST", moves1, `{"expected_version":1}`, 400, obj{"field": "new_status"}},
	{"null version", "POST", moves1, `{"new_status":"in_progress","expected_version":null}`, 400, obj{"field": "expected_version"}},
	{"version as string", "POST", moves1, `{"new_status":"in_progress","expected_version":"1"}`, 400, obj{"field": "expected_version"}},
	{"version as float", "POST", moves1, `{"new_status":"in_progress","expected_version":1.0}`, 400, obj{"field": "expected_version"}},
	{"version with exponent", "POST", moves1, `{"new_status":"in_progress","expected_version":1e0}`, 400, obj{"field": "expected_version"}},
	{"negative version", "POST", moves1, `{"new_status":"in_progress","expected_version":-1}`, 400, obj{"field": "expected_version"}},
	{"version beyond 64 bits", "POST", moves1, `{"new_status":"in_progress","expected_version":9223372036854775808}`, 400, obj{"field": "expected_version"}},
	{"version twice", "POST", moves1, `{"new_status":"in_progress","expected_version":1,"expected_version":2}`, 400, obj{"field": "expected_version"}},
	{"unknown status", "POST", moves1, `{"new_status":"done","expected_version":1}`, 400, obj{"field": "new_status"}},
	{"upper-case status", "POST", moves1, `{"new_status":"IN_PROGRESS","expected_version":1}`, 400, obj{"field": "new_status"}},
	{"status as number", "POST", moves1, `{"new_status":3,"expected_version":1}`, 400, obj{"field": "new_status"}},
	{"position as string", "POST", moves1, `{"new_status":"in_progress","expected_version":1,"position":"0"}`, 400, obj{"field": "position"}},
	{"negative position", "POST", moves1, `{"new_status":"in_progress","expected_version":1,"position":-1}`, 400, obj{"field": "position"}},
	{"position beyond 32 bits", "POST", moves1, `{"new_status":"in_progress","expected_version":1,"position":2147483648}`, 400, obj{"field": "position"}},
	{"body over 64 KiB", "POST", moves1, `{"x":"` + strings.Repeat("x", 64<<10) + `"}`, 413, obj{"code": "body_too_large"}},

	{"card", "GET", "/api/admin/appointments/2", "", 200, obj{
		"id": "2", "customer_id": "2", "vehicle_id": "2", "status": "scheduled", "position": 0.0, "version": 1.0, "notes": "occbench:load",
		"appt_start": "2026-01-06T08:01:00Z", "appt_end": "2026-01-06T09:01:00Z", "customer_name": "Customer 1", "make": "Toyota", "model": "Corolla", "year": 2020.0}},
	{"card unknown", "GET", "/api/admin/appointments/99", "", 404, obj{"code": "not_found"}},
	{"card non-numeric", "GET", "/api/admin/appointments/x", "", 404, obj{"code": "not_found"}},
	{"stats", "GET", "/api/admin/dashboard/stats?date=2026-01-06", "", 200, obj{"jobsToday": 3.0, "onPrem": 0.0,
		"statusCounts": obj{"scheduled": 3.0, "in_progress": 0.0, "ready": 0.0, "completed": 0.0, "no_show": 0.0}}},
	{"stats of today", "GET", "/api/admin/dashboard/stats", "", 200, obj{"jobsToday": 0.0}},
	{"board of another day", "GET", "/api/admin/appointments/board?date=2026-01-07", "", 200, obj{"date": "2026-01-07", "columns": obj{
		"scheduled": obj{"items": []any{}}, "in_progress": obj{"items": []any{}}, "ready": obj{"items": []any{}},
		"completed": obj{"items": []any{}}, "no_show": obj{"items": []any{}}}}},
	{"board of today", "GET", "/api/admin/appointments/board", "", 200, obj{"date": "2026-01-05"}},
	{"board of a bad date", "GET", "/api/admin/appointments/board?date=2026-02-30", "", 400, obj{"code": "validation_error", "field": "date"}},
	{"board of an empty date", "GET", "/api/admin/appointments/board?date=", "", 400, obj{"field": "date"}},

	{"customer", "POST", "/api/admin/customers", `{"name":"Ada","phone":"+49 30 1"}`, 201, obj{"id": "4"}},
	{"customer without phone", "POST", "/api/admin/customers", `{"name":"Ada"}`, 201, obj{"id": "4"}},
	{"customer without name", "POST", "/api/admin/customers", `{"phone":"1"}`, 400, obj{"field": "name"}},
	{"customer with NUL", "POST", "/api/admin/customers", `{"name":"A\u0000"}`, 400, obj{"field": "name"}},
	{"vehicle", "POST", "/api/admin/vehicles", `{"customer_id":"1","vin":"V","year":2020,"make":"VW","model":"Golf"}`, 201, obj{"id": "4"}},
	{"vehicle of a numeric customer", "POST", "/api/admin/vehicles", `{"customer_id":1,"vin":"V","year":2020,"make":"VW","model":"Golf"}`, 201, obj{"id": "4"}},
	{"vehicle of nobody", "POST", "/api/admin/vehicles", `{"customer_id":"99","vin":"V","year":2020,"make":"VW","model":"Golf"}`, 400, obj{"field": "customer_id"}},
	{"vehicle with a year in words", "POST", "/api/admin/vehicles", `{"customer_id":"1","vin":"V","year":"2020","make":"VW","model":"Golf"}`, 400, obj{"field": "year"}},
	{"service", "POST", "/api/admin/services", `{"code":"TYRES","name":"Tyres","base_price_cents":100,"est_minutes":30}`, 201, obj{"id": "2"}},
	{"service of a taken code", "POST", "/api/admin/services", `{"code":"OIL","name":"Oil","base_price_cents":100,"est_minutes":30}`, 409, obj{"code": "already_exists"}},
	{"services", "GET", "/api/admin/services", "", 200, obj{"services": []any{obj{"code": "OIL", "name": "Oil change", "base_price_cents": 4900.0, "est_minutes": 30.0}}}},
	{"service with a negative price", "POST", "/api/admin/services", `{"code":"X","name":"X","base_price_cents":-1,"est_minutes":30}`, 400, obj{"field": "base_price_cents"}},

	{"appointment", "POST", booking, appointmentBody("1", "1", "2026-01-06T10:00:00Z", "2026-01-06T11:00:00+00:00", `["OIL","OIL"]`), 201, obj{"id": "4"}},
	{"appointment in the past", "POST", booking, appointmentBody("1", "1", "2026-01-05T11:59:59Z", "2026-01-06T11:00:00Z", `["OIL"]`), 400, obj{"field": "appt_start"}},
	{"appointment that ends at its start", "POST", booking, appointmentBody("1", "1", "2026-01-06T11:00:00Z", "2026-01-06T11:00:00Z", `["OIL"]`), 400, obj{"field": "appt_end"}},
	{"appointment without services", "POST", booking, appointmentBody("1", "1", "2026-01-06T10:00:00Z", "2026-01-06T11:00:00Z", `[]`), 400, obj{"field": "service_codes"}},
	{"appointment of an unknown service", "POST", booking, appointmentBody("1", "1", "2026-01-06T10:00:00Z", "2026-01-06T11:00:00Z", `["OIL","WASH"]`), 400, obj{"field": "service_codes"}},
	{"appointment of a service that is none", "POST", booking, appointmentBody("1", "1", "2026-01-06T10:00:00Z", "2026-01-06T11:00:00Z", `["OIL",3]`), 400, obj{"field": "service_codes"}},
	{"appointment of nobody", "POST", booking, appointmentBody("99", "1", "2026-01-06T10:00:00Z", "2026-01-06T11:00:00Z", `["OIL"]`), 400, obj{"field": "customer_id"}},
	{"appointment of another's vehicle", "POST", booking, appointmentBody("1", "2", "2026-01-06T10:00:00Z", "2026-01-06T11:00:00Z", `["OIL"]`), 400, obj{"field": "vehicle_id"}},
	{"appointment at no time", "POST", booking, appointmentBody("1", "1", "tomorrow", "2026-01-06T11:00:00Z", `["OIL"]`), 400, obj{"field": "appt_start"}},

	{"unknown path", "GET", "/api/admin/", "", 404, obj{"code": "not_found"}},
}

func appointmentBody(customer, vehicle, start, end, services string) string {
	return `{"customer_id":"` + customer + `","vehicle_id":"` + vehicle + `","appt_start":"` + start + `","appt_end":"` + end +
		`","service_codes":` + services + `,"notes":"occbench:load"}`
}

// TestContract gives a server of its own to each request that changes something. The
// others share one, so that a refusal with an effect spoils what is asked after it.
func TestContract(t *testing.T) {
	onEachStore(t, func(t *testing.T, kind, url string) {
		open := func(t *testing.T) string {
			s := openStore(t, kind, another(t, kind, url))
			addCards(t, s, 3)
			_, base := serve(t, refserver.Options{Store: s, Build: "build-7"})
			return base
		}
		shared := open(t)
		for _, c := range contract {
			t.Run(c.name, func(t *testing.T) {
				base := shared
				if c.method == "POST" && c.status < 400 {
					base = open(t)
				}
				r := call(t, c.method, base+c.path, c.body)
				if r.status != c.status {
					t.Errorf("status %d, want %d (%v)", r.status, c.status, r.body)
				}
				if r.body["ok"] != (c.status < 400) {
					t.Errorf("ok is %v beside status %d", r.body["ok"], r.status)
				}
				if got := r.header.Get("X-App-Version"); got != "build-7" {
					t.Errorf("X-App-Version %q", got)
				}
				half := r.data()
				if c.status >= 400 {
					half = r.refusal()
				}
				for name, want := range c.want {
					if diff := cmp.Diff(want, half[name]); diff != "" {
						t.Errorf("%s (-want +got):\n%s", name, diff)
					}
				}
			})
		}
	})
}

// A refusal must leave the card as it was.
func TestRefusedMovesChangeNothing(t *testing.T) {
	onEachStore(t, func(t *testing.T, kind, url string) {
		s := openStore(t, kind, url)
		addCards(t, s, 1)
		_, base := serve(t, refserver.Options{Store: s})
		for _, c := range contract {
			if c.path != moves1 || c.status < 400 {
				continue
			}
			call(t, c.method, base+c.path, c.body)
			if status, version := cardNow(t, base, 1); status != "scheduled" || version != 1 {
				t.Errorf("after %q the card is %s in version %d", c.name, status, version)
			}
		}
	})
}

func TestMethods(t *testing.T) {
	_, base := serve(t, refserver.Options{Store: openStore(t, "sqlite", "")})
	for _, c := range []struct{ path, allow string }{
		{"/healthz", "GET, HEAD"},
		{"/api/admin/appointments/board", "GET, HEAD"},
		{"/api/admin/appointments/1", "GET, HEAD"},
		{"/api/admin/appointments/1/move", "POST"},
		{"/api/admin/appointments", "POST"},
		{"/api/admin/dashboard/stats", "GET, HEAD"},
		{"/api/admin/customers", "POST"},
		{"/api/admin/vehicles", "POST"},
		{"/api/admin/services", "GET, HEAD, POST"},
	} {
		r := call(t, http.MethodPatch, base+c.path, "{}")
		if r.status != http.StatusMethodNotAllowed || r.header.Get("Allow") != c.allow || r.refusal()["code"] != "method_not_allowed" {
			t.Errorf("PATCH %s: %d, Allow %q, %v", c.path, r.status, r.header.Get("Allow"), r.body)
		}
	}
}

func TestCorrelationID(t *testing.T) {
	_, base := serve(t, refserver.Options{Store: openStore(t, "sqlite", "")})
	for _, c := range []struct{ name, sent, echoed string }{
		{"sane", "run-7/op.3:42", "run-7/op.3:42"},
		{"none", "", ""},
		{"with a space", "a b", ""},
		{"not ASCII", "ä", ""},
		{"too long", strings.Repeat("x", 129), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			req, err := http.NewRequest(http.MethodGet, base+"/healthz", nil)
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("X-Correlation-Id", c.sent)
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			if err := resp.Body.Close(); err != nil {
				t.Error(err)
			}
			if got := resp.Header.Get("X-Correlation-Id"); got != c.echoed {
				t.Errorf("echoed %q, want %q", got, c.echoed)
			}
		})
	}
}

// TestForeignPages holds that a page of another server neither reads by a name
// that was made to resolve here nor writes, and that the board and clients do.
func TestForeignPages(t *testing.T) {
	s := refservertest.New(t, refserver.Options{Hosts: []string{"shop.test"}})
	for _, c := range []struct {
		name, method, host, site string
		status                   int
		code                     string
	}{
		{"rebinding", "GET", "evil.example", "", 421, "foreign_host"},
		{"another page moves a card", "POST", "127.0.0.1:8080", "cross-site", 403, "cross_origin"},
		{"the board", "POST", "127.0.0.1:8080", "same-origin", 404, "not_found"},
		{"a client", "POST", "localhost:8080", "", 404, "not_found"},
		{"a client of a declared host", "POST", "shop.test", "", 404, "not_found"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := httptest.NewRequest(c.method, "http://"+c.host+"/api/admin/appointments/7/move", strings.NewReader(`{"new_status":"ready","expected_version":1}`))
			if c.site != "" {
				r.Header.Set("Sec-Fetch-Site", c.site)
			}
			w := httptest.NewRecorder()
			s.Handler().ServeHTTP(w, r)
			if w.Code != c.status || !strings.Contains(w.Body.String(), `"`+c.code+`"`) {
				t.Errorf("HTTP %d %s, want %d %s", w.Code, w.Body, c.status, c.code)
			}
		})
	}
}
