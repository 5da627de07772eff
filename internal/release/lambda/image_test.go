package lambda

import (
	"strings"
	"testing"
)

const digest = "@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

func TestImageNames(t *testing.T) {
	for _, test := range []struct {
		text       string
		tag, short string
		bad        bool
	}{
		{"1.5.0", "1.5.0", "1.5.0", false},
		{"registry.example.org/shop:1.5.0", "1.5.0", "1.5.0", false},
		{"registry.example.org:5000/team/shop:1.5.0", "1.5.0", "1.5.0", false},
		{"registry.example.org/shop" + digest, "", "0123456789ab", false},
		{"registry.example.org/shop:1.5.0" + digest, "", "0123456789ab", false},
		{"s3://builds/shop.zip?versionId=abc", "", "shop.zip-abc", false},
		{"s3://builds/team/shop.zip", "", "shop.zip", false},
		{"registry.example.org:5000/shop", "", "registry.example.org:5000/shop", true},
		{"registry.example.org/shop:", "", "registry.example.org/shop:", true},
		{"", "", "", true},
		{"-v1", "", "-v1", true},
		{"a b", "", "a b", true},
		{"s3://builds", "", "s3://builds", true},
		{"s3://builds/shop.zip?version=abc", "", "s3://builds/shop.zip?version=abc", true},
		{"s3://me:secret@builds/shop.zip", "", "s3://me:secret@builds/shop.zip", true},
		{"shop@sha256:0123", "", "shop@sha256:0123", true},
	} {
		err := CheckImage(test.text)
		if tag, short := ImageTag(test.text), ShortName(test.text); tag != test.tag || short != test.short || (err != nil) != test.bad {
			t.Errorf("%q: tag %q, short %q, %v; want %q, %q, bad %t", test.text, tag, short, err, test.tag, test.short, test.bad)
		}
	}
}

// FuzzParse reads names that users give; what is read in full is read again as
// the same.
func FuzzParse(f *testing.F) {
	for _, text := range []string{"registry.example.org/shop:1.5.0", "registry.example.org/shop" + digest, "s3://builds/a%20b/shop.zip?versionId=a%2Fb", "s3://b/%", "a/b:c@d"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := parseImage(text)
		if err != nil {
			return
		}
		again, err := parseImage(s.String())
		if err != nil || again.String() != s.String() {
			t.Errorf("%q is %q, which is read as %q (%v)", text, s, again, err)
		}
		if strings.ContainsAny(s.image, " \r\n") {
			t.Errorf("%q: the image %q holds white space", text, s.image)
		}
	})
}

func TestSame(t *testing.T) {
	const arn = "arn:aws:lambda:eu-central-1:123456789012:function:shop"
	for function, want := range map[string]bool{"shop": true, arn: true, "123456789012:function:shop": true, "123456789013:function:shop": false, "hop": false, "": false, strings.Replace(arn, "eu", "us", 1): false} {
		if got := IsSameFunction(function, arn); got != want {
			t.Errorf("%q is the function of %s: %t, want %t", function, arn, got, want)
		}
	}
	if got := RegionOf(arn); got != "eu-central-1" {
		t.Errorf("region %q, want eu-central-1", got)
	}
}
