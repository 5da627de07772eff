// Package sigcheck recomputes AWS Signature Version 4 as its specification has
// it, for tests that ask whether requests are signed right.
//
// It is written from the specification alone ("Create a signed AWS API request"
// in the IAM user guide) and shares no code with the signer, nor with the SDK: a
// verifier that used the signer would agree with any mistake of it.
package sigcheck

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Verifier checks requests as an AWS service does that gets them.
type Verifier struct {
	Service, Region string
	// Secret returns the secret key of an access key, and the session token
	// that must come with it ("": none).
	Secret func(accessKey string) (secret, token string, ok bool)
	Now    func() time.Time
}

// skew is how far the time of a signature may be off.
const skew = 5 * time.Minute

const algorithm = "AWS4-HMAC-SHA256"

// objectStore wants the hash of the body in a header too.
const objectStore = "s3"

// claim is an Authorization header, parsed.
type claim struct {
	accessKey, date, region, service string
	headers                          []string // signed, in lower case
	signature                        string
}

// Verify returns nil for a request that is signed right. The request is one that
// a server received; body is all of its body.
func (v *Verifier) Verify(r *http.Request, body []byte) error {
	c, err := parseAuthorization(r.Header.Get("Authorization"))
	if err != nil {
		return err
	}
	if c.service != v.Service || c.region != v.Region {
		return fmt.Errorf("signed for %s in %s, want %s in %s", c.service, c.region, v.Service, v.Region)
	}
	stamp := r.Header.Get("X-Amz-Date")
	if err := v.checkTime(stamp, c.date); err != nil {
		return err
	}
	secret, token, ok := v.Secret(c.accessKey)
	if !ok {
		return fmt.Errorf("access key %s is unknown", c.accessKey)
	}
	if got := r.Header.Get("X-Amz-Security-Token"); got != token {
		return errors.New("the session token is missing or another")
	}
	if err := c.checkHeaders(r.Header); err != nil {
		return err
	}
	if got := r.Header.Get("X-Amz-Content-Sha256"); c.service == objectStore && got != hashHex(body) {
		return fmt.Errorf("x-amz-content-sha256 is %q, want %s", got, hashHex(body))
	}
	if want := c.sign(r, body, stamp, secret); !hmac.Equal([]byte(want), []byte(c.signature)) {
		return fmt.Errorf("the signature is %s, want %s over\n%s", c.signature, want, buildCanonicalRequest(r, body, &c))
	}
	return nil
}

// parseAuthorization reads "AWS4-HMAC-SHA256 Credential=AKID/20150830/us-east-1/iam/aws4_request,
// SignedHeaders=host;x-amz-date, Signature=…".
func parseAuthorization(authorization string) (claim, error) {
	rest, ok := strings.CutPrefix(authorization, algorithm+" ")
	if !ok {
		return claim{}, errors.New("the request carries no signature of version 4")
	}
	fields := map[string]string{}
	for part := range strings.SplitSeq(rest, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		fields[name] = value
	}
	scope := strings.Split(fields["Credential"], "/")
	if len(scope) != 5 || scope[4] != "aws4_request" {
		return claim{}, fmt.Errorf("the credential %q is no scope", fields["Credential"])
	}
	c := claim{accessKey: scope[0], date: scope[1], region: scope[2], service: scope[3], signature: fields["Signature"],
		headers: strings.Split(fields["SignedHeaders"], ";")}
	return c, nil
}

func (v *Verifier) checkTime(stamp, date string) error {
	at, err := time.Parse("20060102T150405Z", stamp)
	if err != nil {
		return fmt.Errorf("the time %q of the signature cannot be read", stamp)
	}
	if off := v.Now().Sub(at); off.Abs() > skew {
		return fmt.Errorf("the signature is %s old", off)
	}
	if !strings.HasPrefix(stamp, date) {
		return fmt.Errorf("the scope is of %s, the signature of %s", date, stamp)
	}
	return nil
}

// checkHeaders wants the headers signed that a service insists on.
func (c *claim) checkHeaders(h http.Header) error {
	want := []string{"host", "x-amz-date"}
	for name := range h {
		if name = strings.ToLower(name); name == "content-type" || strings.HasPrefix(name, "x-amz-") {
			want = append(want, name)
		}
	}
	for _, name := range want {
		if !slices.Contains(c.headers, name) {
			return fmt.Errorf("the header %s is not signed", name)
		}
	}
	if !slices.IsSorted(c.headers) {
		return fmt.Errorf("the signed headers %v are not in order", c.headers)
	}
	return nil
}

// sign computes the signature that a request should carry.
func (c *claim) sign(r *http.Request, body []byte, stamp, secret string) string {
	scope := strings.Join([]string{c.date, c.region, c.service, "aws4_request"}, "/")
	text := strings.Join([]string{algorithm, stamp, scope, hashHex([]byte(buildCanonicalRequest(r, body, c)))}, "\n")
	key := []byte("AWS4" + secret)
	for _, part := range []string{c.date, c.region, c.service, "aws4_request"} {
		key = computeHMAC(key, part)
	}
	return hex.EncodeToString(computeHMAC(key, text))
}

func computeHMAC(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}

func hashHex(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// buildCanonicalRequest returns the canonical request of Signature Version 4.
func buildCanonicalRequest(r *http.Request, body []byte, c *claim) string {
	signed := c.headers
	path, query, _ := strings.Cut(r.RequestURI, "?")
	var b strings.Builder
	b.WriteString(r.Method + "\n" + c.canonicalPath(path) + "\n" + buildCanonicalQuery(query) + "\n")
	for _, name := range signed {
		b.WriteString(name + ":" + joinHeader(r, name) + "\n")
	}
	b.WriteString("\n" + strings.Join(signed, ";") + "\n" + hashHex(body))
	return b.String()
}

// canonicalPath encodes the path as it stands on the wire once more, as every
// service but S3 wants it.
func (c *claim) canonicalPath(path string) string {
	switch {
	case path == "":
		return "/"
	case c.service == objectStore:
		return path
	}
	segments := strings.Split(path, "/")
	for i, s := range segments {
		segments[i] = encodeURI(s)
	}
	return strings.Join(segments, "/")
}

// buildCanonicalQuery sorts the parameters by name, and those of one name by value.
func buildCanonicalQuery(query string) string {
	var pairs [][2]string
	for part := range strings.SplitSeq(query, "&") {
		if part == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		pairs = append(pairs, [2]string{encodeURI(decodeQuery(name)), encodeURI(decodeQuery(value))})
	}
	slices.SortFunc(pairs, func(a, b [2]string) int { return slices.Compare(a[:], b[:]) })
	var out []string
	for _, p := range pairs {
		out = append(out, p[0]+"="+p[1])
	}
	return strings.Join(out, "&")
}

func decodeQuery(s string) string {
	plain, err := url.QueryUnescape(s)
	if err != nil {
		return s
	}
	return plain
}

// encodeURI returns a text as UriEncode of the specification writes it: everything but the
// unreserved characters of RFC 3986 becomes %XY.
func encodeURI(s string) string {
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-_.~", c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// joinHeader joins the values of a header, blanks around them cut and runs of
// blanks within them made one. Two headers a Go server keeps apart from the
// others.
func joinHeader(r *http.Request, name string) string {
	switch name {
	case "host":
		return r.Host
	case "content-length":
		return strconv.FormatInt(r.ContentLength, 10)
	}
	var values []string
	for _, v := range r.Header.Values(name) {
		values = append(values, strings.Join(strings.Fields(v), " "))
	}
	return strings.Join(values, ",")
}
