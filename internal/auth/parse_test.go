package auth

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestParse(t *testing.T) {
	header := func(name, variable string) Header { return Header{Name: name, Variable: variable} }
	tests := []struct {
		text, written string
		want          Spec
	}{
		{"none", "none", Spec{}},
		{"", "none", Spec{}},
		{"sigv4", "sigv4", Spec{Scheme: SigV4}},
		{"sigv4:service=lambda,region=eu-central-1", "sigv4:service=lambda,region=eu-central-1", Spec{Scheme: SigV4, Service: "lambda", Region: "eu-central-1"}},
		{"sigv4:profile=load-test,service=execute-api", "sigv4:service=execute-api,profile=load-test", Spec{Scheme: SigV4, Service: "execute-api", Profile: "load-test"}},
		{"bearer:env=SHOP_TOKEN", "bearer:env=SHOP_TOKEN", Spec{Scheme: Bearer, Headers: []Header{{"Authorization", "SHOP_TOKEN", "Bearer "}}}},
		{"header:x-api-key=env:KEY", "header:X-Api-Key=env:KEY", Spec{Scheme: Headers, Headers: []Header{header("X-Api-Key", "KEY")}}},
		{"header:A=env:K1,B=env:K2", "header:A=env:K1,B=env:K2", Spec{Scheme: Headers, Headers: []Header{header("A", "K1"), header("B", "K2")}}},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			got, err := Parse(tt.text)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got, cmp.AllowUnexported(Header{}), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("spec (-want +got):\n%s", diff)
			}
			if got.String() != tt.written {
				t.Errorf("written as %q, want %q", got, tt.written)
			}
		})
	}
}

// canary stands for a secret that was put where it does not belong.
const canary = "eyJhbGciOi-CANARY-hush"

// TestRefusals holds that a bad spec is refused with the grammar, and never
// repeated: it may be the secret itself.
func TestRefusals(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"a token for a scheme", canary, "unknown"},
		{"a whole header", "Bearer " + canary, "unknown"},
		{"a token in the flag", "bearer:" + canary, "variable that holds it"},
		{"a token for a variable", "bearer:env=" + canary, "capitals"},
		{"a key in the flag", "header:X-Api-Key=" + canary, "variable that holds its value"},
		{"a key for a variable", "header:X-Api-Key=env:" + canary, "capitals"},
		{"a header that is none", "header:a b=env:KEY", "none that HTTP knows"},
		{"a header of the client's", "header:host=env:KEY", "Host is not free"},
		{"a header twice", "header:a=env:K,A=env:L", "twice"},
		{"credentials for sigv4", "sigv4:secret=" + canary, "neither service, region nor profile"},
		{"an option twice", "sigv4:region=a,region=b", "twice"},
		{"an option without value", "sigv4:region", "not a word"},
		{"no options after all", "sigv4:", "neither service"},
		{"a variable that k6 does not get", "bearer:env=OCC_TOKEN", "does not reach k6"},
		{"too long", "header:" + strings.Repeat("a", 2000), "too long"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Parse(tt.text)
			if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), "bearer:env=VARIABLE") {
				t.Fatalf("error %v, want %q and the grammar", err, tt.want)
			}
			if strings.Contains(err.Error(), "CANARY") {
				t.Errorf("the error repeats what was given: %v", err)
			}
		})
	}
}

func TestFor(t *testing.T) {
	const function, gateway = "https://abc123.lambda-url.eu-west-1.on.aws/", "https://abc.execute-api.us-east-2.amazonaws.com/prod"
	tests := []struct{ name, spec, target, want, err string }{
		{"a function's URL tells both", "sigv4", function, "sigv4:service=lambda,region=eu-west-1", ""},
		{"a gateway's host tells both", "sigv4", gateway, "sigv4:service=execute-api,region=us-east-2", ""},
		{"the profile stays", "sigv4:profile=p", function, "sigv4:service=lambda,region=eu-west-1,profile=p", ""},
		{"another host is a function's", "sigv4:region=eu-west-1", "https://shop.example", "sigv4:service=lambda,region=eu-west-1", ""},
		{"the wrong region", "sigv4:region=us-east-1", function, "", "in region eu-west-1"},
		{"the wrong service", "sigv4:service=execute-api", function, "", "of service lambda"},
		{"not by a host that only looks like it", "sigv4", "https://x.lambda-url.eu-west-1.on.aws.evil.example", "sigv4:service=lambda", ""},
		{"two ways at once", "bearer:env=T", "https://me:pass@shop.example", "", "give one of them"},
		{"a user without more", "none", "https://me:pass@shop.example", "none", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			spec, err := Parse(tt.spec)
			if err != nil {
				t.Fatal(err)
			}
			got, err := spec.FitTarget(tt.target)
			if tt.err != "" {
				var e *Error
				if !errors.As(err, &e) || e.ExitCode() != 2 || !strings.Contains(err.Error(), tt.err) || strings.Contains(err.Error(), "pass") {
					t.Errorf("error %v, want %q", err, tt.err)
				}
				return
			}
			if err != nil || got.String() != tt.want {
				t.Errorf("%q, %v; want %q", got, err, tt.want)
			}
		})
	}
}

func TestExposed(t *testing.T) {
	for _, tt := range []struct {
		spec, target string
		exposed      bool
	}{
		{"bearer:env=T", "http://shop.example", true},
		{"header:A=env:T", "http://10.0.0.1:80", true},
		{"bearer:env=T", "https://shop.example", false},
		{"bearer:env=T", "http://127.0.0.1:8080", false},
		{"sigv4", "http://shop.example", false}, // the key stays here
	} {
		spec, err := Parse(tt.spec)
		if err != nil {
			t.Fatal(err)
		}
		if got := spec.DescribeExposure(tt.target); (got != "") != tt.exposed {
			t.Errorf("%s to %s: %q", tt.spec, tt.target, got)
		}
	}
}

// FuzzParse holds that what is read is written so that it is read alike, and
// that no error repeats a word it was given.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"none", "sigv4:service=lambda,region=a", "bearer:env=TOKEN", "header:X-Key=env:KEY,Y=env:Z", "bearer:" + canary} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		spec, err := Parse(text)
		if err == nil {
			again, err := Parse(spec.String())
			if err != nil || again.String() != spec.String() {
				t.Errorf("%q is written as %q and read as %q, %v", text, spec, again, err)
			}
			return
		}
		for _, word := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(":=, ", r) }) {
			if len(word) > 20 && strings.Contains(err.Error(), word) && !strings.Contains(text, "K6_") && !strings.Contains(text, "OCC_") {
				t.Errorf("the refusal of %q repeats %q", text, word)
			}
		}
	})
}
