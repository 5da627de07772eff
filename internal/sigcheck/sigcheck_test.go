package sigcheck

import (
	"bufio"
	"net/http"
	"strings"
	"testing"
	"time"
)

// published are requests with the signatures that AWS publishes for them, in its
// test suite of version 4 and in the example of the IAM user guide.
var published = []struct{ name, service, request, body, signature string }{
	{"get-vanilla", "service", "GET / HTTP/1.1\r\nHost: example.amazonaws.com\r\nX-Amz-Date: 20150830T123600Z\r\n", "",
		"5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
	{"get-vanilla-query-order-key-case", "service", "GET /?Param2=value2&Param1=value1 HTTP/1.1\r\nHost: example.amazonaws.com\r\nX-Amz-Date: 20150830T123600Z\r\n", "",
		"b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"},
	{"post-vanilla", "service", "POST / HTTP/1.1\r\nHost: example.amazonaws.com\r\nX-Amz-Date: 20150830T123600Z\r\n", "",
		"5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
	{"user guide", "iam", "GET /?Action=ListUsers&Version=2010-05-08 HTTP/1.1\r\nHost: iam.amazonaws.com\r\nContent-Type: application/x-www-form-urlencoded; charset=utf-8\r\nX-Amz-Date: 20150830T123600Z\r\n", "",
		"5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"},
}

func verifier(service string) *Verifier {
	return &Verifier{
		Service: service, Region: "us-east-1",
		Secret: func(key string) (string, string, bool) {
			return "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "", key == "AKIDEXAMPLE"
		},
		Now: func() time.Time { return time.Date(2015, 8, 30, 12, 36, 0, 0, time.UTC) },
	}
}

func read(t *testing.T, request string, authorization string) *http.Request {
	t.Helper()
	r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(request + "Authorization: " + authorization + "\r\n\r\n")))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func signedHeaders(request string) string {
	if strings.Contains(request, "Content-Type") {
		return "content-type;host;x-amz-date"
	}
	return "host;x-amz-date"
}

func TestPublishedSignatures(t *testing.T) {
	for _, tt := range published {
		t.Run(tt.name, func(t *testing.T) {
			authorization := algorithm + " Credential=AKIDEXAMPLE/20150830/us-east-1/" + tt.service + "/aws4_request, SignedHeaders=" + signedHeaders(tt.request) + ", Signature=" + tt.signature
			if err := verifier(tt.service).Verify(read(t, tt.request, authorization), []byte(tt.body)); err != nil {
				t.Error(err)
			}
			if err := verifier(tt.service).Verify(read(t, tt.request, authorization), []byte("x")); err == nil {
				t.Error("another body is taken for signed")
			}
		})
	}
}

func TestRefused(t *testing.T) {
	good := published[0]
	authorization := algorithm + " Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=" + good.signature
	tests := []struct{ name, from, to, why string }{
		{"another region", "us-east-1", "eu-west-1", "signed for service in eu-west-1"},
		{"another service", "/service/", "/lambda/", "signed for lambda"},
		{"another key", "AKIDEXAMPLE", "AKIDOTHER", "unknown"},
		{"another day", "20150830/", "20150829/", "the scope is of"},
		{"the host is not signed", "host;", "", "host is not signed"},
		{"another signature", "5fa00f", "6fa00f", "want " + good.signature},
		{"no signature", algorithm, "Bearer", "no signature"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := verifier("service").Verify(read(t, good.request, strings.Replace(authorization, tt.from, tt.to, 1)), nil)
			if err == nil || !strings.Contains(err.Error(), tt.why) {
				t.Errorf("error %v, want %q", err, tt.why)
			}
		})
	}
	late := verifier("service")
	late.Now = func() time.Time { return time.Date(2015, 8, 30, 12, 42, 0, 0, time.UTC) }
	if err := late.Verify(read(t, good.request, authorization), nil); err == nil || !strings.Contains(err.Error(), "old") {
		t.Errorf("a signature of six minutes ago: %v", err)
	}
	token := read(t, good.request+"X-Amz-Security-Token: other\r\n", authorization)
	if err := verifier("service").Verify(token, nil); err == nil || !strings.Contains(err.Error(), "session token") {
		t.Errorf("a session token that nobody gave out: %v", err)
	}
}
