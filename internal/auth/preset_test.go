package auth

import "testing"

func TestChoose(t *testing.T) {
	for name, test := range map[string]struct{ given, preset, want string }{
		"nothing said":             {"", "", "none"},
		"the preset":               {"", "sigv4:service=s3", "sigv4:service=s3"},
		"a variable of the preset": {"", "bearer:env=TOKEN", "bearer:env=TOKEN"},
		"a token, without where":   {"", "bearer", "none"},
		"a token, as given":        {"bearer:env=TOKEN", "bearer", "bearer:env=TOKEN"},
		"none is said":             {"none", "sigv4:service=s3", "none"},
		"another way":              {"bearer:env=TOKEN", "sigv4:service=s3", "bearer:env=TOKEN"},
		"both":                     {"sigv4:region=eu-west-1,profile=p", "sigv4:service=s3,region=us-east-1", "sigv4:service=s3,region=eu-west-1,profile=p"},
		"basic":                    {"", "basic", "none"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Choose(test.given, test.preset)
			if err != nil || got.String() != test.want {
				t.Errorf("%s, %v; want %s", got, err, test.want)
			}
		})
	}
}
