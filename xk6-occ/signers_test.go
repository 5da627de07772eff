package occ

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/auth"
	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/run"
)

// TestOneSignerPerProcess lets many VUs ask at once: credentials are looked for
// once, and every VU signs with the same signer.
func TestOneSignerPerProcess(t *testing.T) {
	t.Setenv("SHOP_TOKEN", "a-token-of-the-shop")
	p, err := parseSpec(func(name string) (string, bool) {
		value, ok := map[string]string{"URL": "https://shop.example", "OCC_AUTH": "bearer:env=SHOP_TOKEN"}[name]
		return value, ok
	}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	spec, err := auth.Parse(p.Auth)
	if err != nil {
		t.Fatal(err)
	}
	var all signers
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			cfg := client.Config{API: &api.API{}}
			if err := all.authenticate(t.Context(), &p, &cfg); err != nil || cfg.Sign == nil || cfg.Hide == nil {
				t.Errorf("a VU got no signer: %v", err)
			}
		})
	}
	wg.Wait()
	first, err := all.open(t.Context(), spec)
	if err != nil {
		t.Fatal(err)
	}
	again, err := all.open(t.Context(), spec)
	if err != nil || first != again || len(all.bySpec) != 1 {
		t.Errorf("%d signers for one way to authenticate, %v", len(all.bySpec), err)
	}
}

func TestAuthenticateRefuses(t *testing.T) {
	tests := []struct{ name, url, spec, want string }{
		{"a variable that is not set", "https://shop.example", "bearer:env=NO_SUCH_TOKEN", "NO_SUCH_TOKEN is not set"},
		{"a target with a user", "https://me:pass@shop.example", "bearer:env=SHOP_TOKEN", "give one of them"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var all signers
			cfg := client.Config{API: &api.API{}}
			err := all.authenticate(t.Context(), &run.Spec{Target: tt.url, Auth: tt.spec}, &cfg)
			if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "pass") || cfg.Sign != nil {
				t.Errorf("error %v, want %q", err, tt.want)
			}
		})
	}
}
