package blobs

import (
	"encoding/xml"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// store answers as S3 does to the requests of this package, for one bucket. It is
// here for what a right server does not do: hook sees each request first and may
// answer it. The tests against a real server are those of internal/conformance.
type store struct {
	mu      sync.Mutex
	objects map[string][]byte
	hook    func(w http.ResponseWriter, r *http.Request, key string) (answered bool)
}

const bucketName = "bucket"

// newStore starts a store and makes the environment that of its user.
func newStore(t *testing.T) (*store, string) {
	t.Helper()
	s := &store{objects: map[string][]byte{}}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	hurry(t)
	for name, value := range map[string]string{
		"AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": secret, "AWS_REGION": "us-east-1", "AWS_MAX_ATTEMPTS": "1",
		"AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": "/nonexistent", "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent",
	} {
		t.Setenv(name, value)
	}
	return s, "s3://" + bucketName + "/runs/7?path_style=true&endpoint=" + server.URL
}

// secret must never be seen.
const secret = "the-secret-key"

func (s *store) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	bucket, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	switch {
	case s.hook != nil && s.hook(w, r, key):
	case bucket != bucketName:
		refuse(w, http.StatusNotFound, "NoSuchBucket")
	case key == "":
		s.list(w, r.URL.Query().Get("prefix"))
	case r.Method == http.MethodPut:
		s.put(w, r, key)
	case s.objects[key] == nil:
		refuse(w, http.StatusNotFound, "NoSuchKey")
	default:
		w.Header().Set("Content-Length", strconv.Itoa(len(s.objects[key])))
		w.Header().Set("Last-Modified", "Tue, 01 Jan 2030 00:00:00 GMT")
		_, _ = w.Write(s.objects[key]) // the client may be gone
	}
}

// put takes the body out of the chunks that a signed stream comes in.
func (s *store) put(w http.ResponseWriter, r *http.Request, key string) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	if strings.Contains(r.Header.Get("Content-Encoding"), "aws-chunked") {
		body = unchunk(body)
	}
	s.objects[key] = append([]byte{}, body...)
	w.Header().Set("ETag", `"1"`)
}

func unchunk(body []byte) (all []byte) {
	for rest := string(body); ; {
		size, after, found := strings.Cut(rest, "\r\n")
		size, _, _ = strings.Cut(size, ";")
		n, err := strconv.ParseInt(size, 16, 64)
		if !found || err != nil || n == 0 || int64(len(after)) < n {
			return all
		}
		all, rest = append(all, after[:n]...), strings.TrimPrefix(after[n:], "\r\n")
	}
}

func (s *store) list(w http.ResponseWriter, prefix string) {
	type object struct {
		Key          string
		Size         int
		LastModified string
	}
	var found []object
	for _, key := range slices.Sorted(maps.Keys(s.objects)) {
		if strings.HasPrefix(key, prefix) {
			found = append(found, object{key, len(s.objects[key]), "2030-01-01T00:00:00Z"})
		}
	}
	w.Header().Set("Content-Type", "application/xml")
	_ = xml.NewEncoder(w).Encode(struct { // the client may be gone
		XMLName  xml.Name `xml:"ListBucketResult"`
		Contents []object
	}{Contents: found})
}

func refuse(w http.ResponseWriter, status int, code string) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	_ = xml.NewEncoder(w).Encode(struct { // the client may be gone
		XMLName xml.Name `xml:"Error"`
		Code    string
		Message string
	}{Code: code, Message: "no"})
}
