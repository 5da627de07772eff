package auth

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"github.com/occbench/occbench/internal/api/apitest"
	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/sigcheck"
)

const (
	keyID  = "AKIAIOSFODNN7EXAMPLE"
	secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
	token  = "FwoGZXIvYXdzE+CANARY/session=="
)

// alone keeps the machine's own AWS configuration out of a test.
func alone(t *testing.T, env map[string]string) {
	t.Helper()
	for name, value := range map[string]string{
		"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_SESSION_TOKEN": "", "AWS_REGION": "", "AWS_DEFAULT_REGION": "", "AWS_PROFILE": "",
		"AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": "/nonexistent", "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent",
	} {
		t.Setenv(name, value)
	}
	for name, value := range env {
		t.Setenv(name, value)
	}
}

func withKeys(more ...string) map[string]string {
	env := map[string]string{"AWS_ACCESS_KEY_ID": keyID, "AWS_SECRET_ACCESS_KEY": secret}
	for i := 0; i+1 < len(more); i += 2 {
		env[more[i]] = more[i+1]
	}
	return env
}

func open(t *testing.T, text string) *Signer {
	t.Helper()
	spec, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := spec.Open(t.Context(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	return signer
}

// door is a server that checks what knocks.
type door struct {
	*httptest.Server
	mu     sync.Mutex
	seen   map[string]int // requests let in, by method and path
	wrong  []error
	verify func(r *http.Request, body []byte) error
}

func newDoor(t *testing.T, verify func(*http.Request, []byte) error) *door {
	d := &door{seen: map[string]int{}, verify: verify}
	d.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err == nil {
			err = d.verify(r, body)
		}
		d.mu.Lock()
		defer d.mu.Unlock()
		if err != nil {
			d.wrong = append(d.wrong, fmt.Errorf("%s %s: %w", r.Method, r.RequestURI, err))
			w.WriteHeader(http.StatusForbidden)
			return
		}
		d.seen[r.Method+" "+r.URL.Path]++
		fmt.Fprint(w, `{"ok":true,"data":{"columns":{},"appointment_id":"1","status":"ready","version":2}}`)
	}))
	t.Cleanup(d.Close)
	return d
}

// verifier returns a verifier for the keys of these tests.
func verifier(service, region, token string) func(*http.Request, []byte) error {
	v := &sigcheck.Verifier{Service: service, Region: region, Now: time.Now, Secret: func(id string) (string, string, bool) { return secret, token, id == keyID }}
	return v.Verify
}

func newClient(t *testing.T, d *door, s *Signer, date string) *client.Client {
	t.Helper()
	c, err := client.New(client.Config{API: apitest.Appointments(t), Target: d.URL + "/stage", Date: date, Sign: s.Sign, Hide: s.Hide})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.CloseIdle)
	return c
}

// TestSigV4 sends every kind of call that the client knows, ids that need
// encoding among them, past an independent verifier.
func TestSigV4(t *testing.T) {
	tests := []struct{ name, spec, service, region, token string }{
		{"named", "sigv4:service=execute-api,region=eu-west-1", "execute-api", "eu-west-1", ""},
		{"region of the chain", "sigv4", "lambda", "ap-south-1", ""},
		{"object store", "sigv4:service=s3,region=eu-west-1", "s3", "eu-west-1", ""},
		{"temporary credentials", "sigv4:region=eu-west-1", "lambda", "eu-west-1", token},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			alone(t, withKeys("AWS_REGION", "ap-south-1", "AWS_SESSION_TOKEN", tt.token))
			d := newDoor(t, verifier(tt.service, tt.region, tt.token))
			c := newClient(t, d, open(t, tt.spec), "2026-11-24")
			var board client.List
			for _, id := range []string{"17", "a b", "ä/ö", "x%2Fy", "1+1=2&3", "~._-"} {
				if a := c.Update(t.Context(), &client.Attempt{ID: id, To: "ready", Token: 1}); a.HTTP != 200 {
					t.Errorf("moving %q: HTTP %d, %v", id, a.HTTP, a.Err)
				}
			}
			if a := c.List(t.Context(), &board); !a.OK() {
				t.Error(a.Failure())
			}
			for _, call := range []struct {
				method, path string
				body         []byte
			}{{"GET", "/healthz", nil}, {"GET", "/x?b=2&a=1&a=0&q=a+b%2B%3D&empty=", nil}, {"POST", "/api/admin/customers", []byte(`{"name":"é"}`)}, {"DELETE", "/x", nil}, {"POST", "/empty", []byte{}}} {
				if _, err := c.Do(t.Context(), call.method, call.path, call.body); err != nil {
					t.Error(err)
				}
			}
			if len(d.wrong) > 0 || len(d.seen) < 10 {
				t.Errorf("%d kinds of calls let in, refused: %v", len(d.seen), errors.Join(d.wrong...))
			}
		})
	}
}

// TestReSigned holds that a call that is made again is signed again, with the
// time of then.
func TestReSigned(t *testing.T) {
	alone(t, withKeys())
	var dates []string
	d := newDoor(t, func(r *http.Request, _ []byte) error { dates = append(dates, r.Header.Get("X-Amz-Date")); return nil })
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	signer, err := Spec{Scheme: SigV4, Region: "eu-west-1"}.Open(t.Context(), Options{Now: func() time.Time { now = now.Add(time.Second); return now }})
	if err != nil {
		t.Fatal(err)
	}
	c := newClient(t, d, signer, "")
	var board client.List
	c.List(t.Context(), &board)
	c.List(t.Context(), &board)
	if strings.Join(dates, " ") != "20261123T120001Z 20261123T120002Z" {
		t.Errorf("signed at %v", dates)
	}
}

func TestHeaders(t *testing.T) {
	t.Setenv("SHOP_TOKEN", canary)
	t.Setenv("SHOP_KEY", "key-0123456789")
	for spec, want := range map[string]map[string]string{
		"bearer:env=SHOP_TOKEN":                            {"Authorization": "Bearer " + canary},
		"header:X-Api-Key=env:SHOP_KEY":                    {"X-Api-Key": "key-0123456789"},
		"header:X-A=env:SHOP_KEY,X-B=env:SHOP_TOKEN":       {"X-A": "key-0123456789", "X-B": canary},
		"header:Authorization=env:SHOP_KEY,b=env:SHOP_KEY": {"Authorization": "key-0123456789", "B": "key-0123456789"},
	} {
		t.Run(spec, func(t *testing.T) {
			d := newDoor(t, func(r *http.Request, _ []byte) error {
				for name, value := range want {
					if r.Header.Get(name) != value {
						return fmt.Errorf("%s is %q", name, r.Header.Get(name))
					}
				}
				return nil
			})
			s := open(t, spec)
			var board client.List
			if a := newClient(t, d, s, "").List(t.Context(), &board); !a.OK() {
				t.Error(errors.Join(d.wrong...))
			}
			if strings.Contains(s.DescribeOwner()+s.Spec().String(), "CANARY") {
				t.Errorf("the signer tells its secret: %s %s", s.DescribeOwner(), s.Spec())
			}
		})
	}
}

func TestNothingToSignWith(t *testing.T) {
	tests := []struct {
		name, spec string
		env        map[string]string
		want       string
		code       int
	}{
		{"no variable", "bearer:env=SHOP_TOKEN", nil, "SHOP_TOKEN is not set", 2},
		{"an empty variable", "bearer:env=SHOP_TOKEN", map[string]string{"SHOP_TOKEN": ""}, "SHOP_TOKEN is not set", 2},
		{"a line break", "bearer:env=SHOP_TOKEN", map[string]string{"SHOP_TOKEN": canary + "\n"}, "line break", 2},
		{"two lines", "header:X-Key=env:SHOP_TOKEN", map[string]string{"SHOP_TOKEN": "CANARY\r\nX-Evil: 1"}, "line break", 2},
		{"no credentials", "sigv4:region=eu-west-1", nil, "AWS_ACCESS_KEY_ID", 0},
		{"no region", "sigv4", withKeys(), "$AWS_REGION", 2},
		{"no such profile", "sigv4:profile=nobody", nil, "nobody", 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			alone(t, tt.env)
			spec, err := Parse(tt.spec)
			if err != nil {
				t.Fatal(err)
			}
			_, err = spec.Open(t.Context(), Options{})
			if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "CANARY") {
				t.Fatalf("error %v, want %q", err, tt.want)
			}
			var e *Error
			if code := 0; errors.As(err, &e) {
				if code = e.ExitCode(); code != tt.code {
					t.Errorf("exit code %d, want %d", code, tt.code)
				}
			}
		})
	}
	if signer, err := (Spec{}).Open(t.Context(), Options{}); signer != nil || err != nil {
		t.Errorf("no authentication: %v, %v", signer, err)
	}
}

// changing hands out other credentials in every call, then none.
type changing struct{ calls atomic.Int64 }

func (c *changing) Retrieve(context.Context) (aws.Credentials, error) {
	n := c.calls.Add(1)
	if n > 3 {
		return aws.Credentials{}, errors.New("the session has ended")
	}
	return aws.Credentials{AccessKeyID: keyID, SecretAccessKey: secret, SessionToken: fmt.Sprintf("session-token-%d", n)}, nil
}

// TestChangingCredentials holds that new credentials are used and hidden as soon
// as the chain gives them, and that a call without any is not sent.
func TestChangingCredentials(t *testing.T) {
	var tokens []string
	d := newDoor(t, func(r *http.Request, _ []byte) error {
		tokens = append(tokens, r.Header.Get("X-Amz-Security-Token"))
		return nil
	})
	signer := &Signer{}
	signer.sign = (&sigV4{spec: Spec{Service: "lambda", Region: "eu-west-1"}, signer: v4.NewSigner(), credentials: &changing{}, now: time.Now, hidden: &signer.hidden}).sign
	c := newClient(t, d, signer, "")
	var board client.List
	for range 3 {
		c.List(t.Context(), &board)
	}
	if strings.Join(tokens, " ") != "session-token-1 session-token-2 session-token-3" {
		t.Errorf("tokens %v", tokens)
	}
	text := []byte("session-token-2 session-token-3 " + secret)
	if signer.Hide(text); bytes.Contains(text, []byte("session-token")) || bytes.Contains(text, []byte("wJal")) {
		t.Errorf("left open: %s", text)
	}
	a := c.Update(t.Context(), &client.Attempt{ID: "1", To: "ready", Token: 1})
	if a.Outcome != history.Unauthorized || a.HTTP != 0 || len(tokens) != 3 || !strings.Contains(a.Failure().Error(), "the session has ended") {
		t.Errorf("a call that could not be signed: %+v, %d sent", a, len(tokens))
	}
}

// TestHide lets a server quote what it got, in its body, its headers and instead
// of HTTP.
func TestHide(t *testing.T) {
	const odd = `tok<en>/CANARY&"0"`
	t.Setenv("SHOP_TOKEN", odd)
	quote := func(w http.ResponseWriter, r *http.Request) {
		got := r.Header.Get("Authorization")
		switch r.URL.Path {
		case "/broken":
			conn, _, err := w.(http.Hijacker).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			defer conn.Close()
			fmt.Fprint(conn, got+"\r\n\r\n")
		case "/json":
			fmt.Fprintf(w, `{"message": %s, "path": "tok\u003cen\u003e\/CANARY\u0026\"0\""}`, `"tok\u003cen\u003e/CANARY\u0026\"0\""`)
		default:
			w.Header().Set("X-App-Version", got)
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprint(w, got+" tok%3Cen%3E%2FCANARY%26%220%22")
		}
	}
	server := httptest.NewServer(http.HandlerFunc(quote))
	defer server.Close()
	signer := open(t, "bearer:env=SHOP_TOKEN")
	c, err := client.New(client.Config{API: apitest.Appointments(t), Target: server.URL, Sign: signer.Sign, Hide: signer.Hide})
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/plain", "/json", "/broken"} {
		got, err := c.Do(t.Context(), "GET", path, nil)
		if all := fmt.Sprint(string(got.Body), got.Header, err); strings.Contains(all, "CANARY") {
			t.Errorf("%s shows the token: %s", path, all)
		}
		if (path == "/broken") != (err != nil) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// TestShortSecretsAreNotHidden: a key called ready is on every board.
func TestShortSecretsAreNotHidden(t *testing.T) {
	var h hidden
	h.set("ready", "scheduled-token")
	text := []byte(`{"status":"ready","note":"scheduled-token"}`)
	h.cover(text)
	if string(text) != `{"status":"ready","note":"xxxxxxxxxxxxxxx"}` {
		t.Errorf("%s", text)
	}
}

func BenchmarkSign(b *testing.B) {
	b.Setenv("AWS_ACCESS_KEY_ID", keyID)
	b.Setenv("AWS_SECRET_ACCESS_KEY", secret)
	signer, err := Spec{Scheme: SigV4, Region: "eu-west-1"}.Open(b.Context(), Options{})
	if err != nil {
		b.Fatal(err)
	}
	body := []byte(`{"new_status":"in_progress","expected_version":3}`)
	request, err := http.NewRequest("POST", "https://abc.lambda-url.eu-west-1.on.aws/api/admin/appointments/17/move", bytes.NewReader(body))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if err := signer.Sign(request.Clone(b.Context()), body); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkHide(b *testing.B) {
	var h hidden
	h.set(secret, strings.Repeat("FwoGZXIvYXdzEK", 30))
	board := bytes.Repeat([]byte(`{"id":"17","status":"scheduled","version":3,"notes":"occbench:load"},`), 250)
	b.SetBytes(int64(len(board)))
	for b.Loop() {
		h.cover(board)
	}
}
