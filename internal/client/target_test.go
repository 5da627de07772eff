package client

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/occbench/occbench/internal/api/apitest"
)

func TestTargets(t *testing.T) {
	tests := []struct {
		target string
		want   string // the client's String
		err    string // part of the error; empty: none
	}{
		{target: "http://127.0.0.1:8080", want: "http://127.0.0.1:8080"},
		{target: "http://127.0.0.1:8080/", want: "http://127.0.0.1:8080"},
		{target: "https://shop.example/stage//", want: "https://shop.example/stage"},
		{target: "http://[::1]:80/a", want: "http://[::1]:80/a"},
		{target: "https://me:secret@shop.example/stage", want: "https://shop.example/stage"},
		{target: "https://me:sec%40ret%2F@shop.example", want: "https://shop.example"},
		{target: "", err: "http://"},
		{target: "127.0.0.1:8080", err: "first path segment"},
		{target: "shop.example", err: "http://"},
		{target: "ftp://shop.example", err: "http://"},
		{target: "http://", err: "no host"},
		{target: "http://:80", err: "no host"},
		{target: "http://shop.example/?token=secret", err: "query"},
		{target: "http://shop.example/#secret", err: "query"},
		{target: "http://shop.example/a%2Fb", err: "percent-encoding"},
		{target: "http://shop.example:port", err: "invalid port"},
		{target: "http://me:sec/ret@shop.example", err: "percent-encoded"},
		{target: "http://me:123/secret@shop.example", err: "percent-encoded"},
		{target: "http://me:sec%ret@shop.example", err: "percent-encoded"},
		{target: "http://me:sec?ret@shop.example", err: "percent-encoded"},
		{target: "me:secret@shop.example", err: "http://"},
	}
	for _, tt := range tests {
		t.Run(tt.target, func(t *testing.T) {
			cfg := Config{API: apitest.Appointments(t), Target: tt.target}
			shown := fmt.Sprintf("%v %+v %#v %s", cfg, cfg, cfg, Redact(tt.target))
			client, err := New(cfg)
			if (err == nil) != (tt.err == "") {
				t.Fatalf("error %v, want %q", err, tt.err)
			}
			if err != nil {
				shown += err.Error()
				if !strings.Contains(err.Error(), tt.err) {
					t.Errorf("error %q, want one with %q", err, tt.err)
				}
			} else {
				shown += fmt.Sprintf("%v %+v %#v", client, client, client)
				if client.String() != tt.want {
					t.Errorf("target %s, want %s", client, tt.want)
				}
			}
			for _, secret := range []string{"sec", "ret@", "me:"} {
				if strings.Contains(shown, secret) {
					t.Errorf("%q of the target is shown in %s", secret, shown)
				}
			}
		})
	}
}

func TestNewRefuses(t *testing.T) {
	const target = "http://127.0.0.1:1"
	if _, err := New(Config{Target: target}); err == nil {
		t.Error("a client without an API")
	}
	for name, cfg := range map[string]Config{
		"a date in words":     {Target: target, Date: "tomorrow"},
		"a date with a query": {Target: target, Date: "2026-11-24&x=1"},
		"no such day":         {Target: target, Date: "2026-02-30"},
		"a negative timeout":  {Target: target, Timeout: -1},
		"a negative limit":    {Target: target, ListLimit: -1},
	} {
		cfg.API = apitest.Appointments(t)
		if client, err := New(cfg); err == nil {
			t.Errorf("%s: got %v, want an error", name, client)
		}
	}
}

func TestBasicAuthentication(t *testing.T) {
	seen := map[string]string{}
	client := serve(t, Config{API: apitest.Appointments(t)}, func(_ http.ResponseWriter, r *http.Request) {
		seen[r.Method] = r.Header.Get("Authorization")
	})
	with, err := New(Config{API: apitest.Appointments(t), Target: strings.Replace(client.String(), "://", "://me:se%40cret@", 1)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(with.CloseIdle)
	want := "Basic " + base64.StdEncoding.EncodeToString([]byte("me:se@cret"))
	var board List
	with.List(t.Context(), &board)
	with.Update(t.Context(), &Attempt{ID: "1", To: "ready", Token: 1})
	if seen["GET"] != want || seen["POST"] != want {
		t.Errorf("authorization %q, want %q twice", seen, want)
	}
}

func TestTagged(t *testing.T) {
	tests := []struct {
		notes string
		want  bool
	}{
		{"occbench:load", true},
		{"made by occbench:load, do not touch", true},
		{"first;occbench:load\nlast", true},
		{"", false},
		{"occbench:loads", false},
		{"occbench:load-2", false},
		{"occbench:load2", false},
		{"xoccbench:load", false},
		{"occbench:", false},
		{"OCCBENCH:LOAD", false},
		{"occbench: load", false},
		{"(occbench:load)", false},
	}
	for _, tt := range tests {
		if got := HasTag(tt.notes, "load"); got != tt.want {
			t.Errorf("%q is tagged: %v, want %v", tt.notes, got, tt.want)
		}
	}
}
