package blobs

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/exit"
)

// hurry makes the pauses between tries short.
func hurry(t *testing.T) {
	t.Helper()
	before := firstPause
	firstPause = time.Millisecond
	t.Cleanup(func() { firstPause = before })
}

// content is what the generators of a run leave, in short.
var content = map[string]string{
	"generator.json": "{}", "history.csv": strings.Repeat("1,2,3\n", 1000), "screens/1.png": "\x89PNG", "empty": "",
}

func fill(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// found returns the files of a folder but for those of this package.
func found(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	files, err := listFiles(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		text, err := os.ReadFile(filepath.Join(dir, f.name))
		if err != nil {
			t.Fatal(err)
		}
		all[f.name] = string(text)
	}
	return all
}

func parse(t *testing.T, url string) Place {
	t.Helper()
	p, err := ParsePlace(url)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// What is uploaded comes back byte for byte, from one place or from the one above it.
func TestRoundTrip(t *testing.T) {
	_, s3 := newStore(t)
	for _, url := range []string{s3, "file://" + filepath.Join(t.TempDir(), "made", "here")} {
		dir := fill(t, content)
		if err := os.WriteFile(filepath.Join(dir, ".work"), []byte("x"), 0o644); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"a", "b", "a"} { // the same again is no mistake
			if err := Upload(t.Context(), dir, parse(t, url).Join(name)); err != nil {
				t.Fatal(err)
			}
		}
		back := t.TempDir()
		if err := Fetch(t.Context(), url, back); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"a", "b"} {
			if diff := cmp.Diff(content, found(t, filepath.Join(back, name))); diff != "" {
				t.Errorf("%s of %s (-want +got):\n%s", name, url, diff)
			}
		}
	}
}

// Another run at the same place is refused before anything of it is sent.
func TestPlaceIsTaken(t *testing.T) {
	_, s3 := newStore(t)
	for _, url := range []string{s3, "file://" + t.TempDir()} {
		if err := Upload(t.Context(), fill(t, content), parse(t, url)); err != nil {
			t.Fatal(err)
		}
		err := Upload(t.Context(), fill(t, map[string]string{"history.csv": "other"}), parse(t, url))
		if err == nil || !strings.Contains(err.Error(), "give each run a place of its own") {
			t.Errorf("%s: %v", url, err)
		}
		back := t.TempDir()
		if err := Fetch(t.Context(), url, back); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(content, found(t, back)); diff != "" {
			t.Errorf("%s has changed (-want +got):\n%s", url, diff)
		}
	}
}

// Each failure of a server is one line with exit code 4, and holds no secret.
func TestUploadFails(t *testing.T) {
	puts := 0
	for name, tt := range map[string]struct {
		bucket, says string
		puts         int // that are tried
		hook         func(s *store) func(w http.ResponseWriter, r *http.Request, key string) bool
	}{
		"wrong credentials": {says: "InvalidAccessKeyId: no; check the credentials", hook: func(*store) func(http.ResponseWriter, *http.Request, string) bool {
			return func(w http.ResponseWriter, r *http.Request, _ string) bool {
				refuse(w, 403, "InvalidAccessKeyId")
				return true
			}
		}},
		"no bucket": {bucket: "another", says: "make the bucket first"},
		"a server that dies in the middle": {says: "EOF", puts: tries, hook: func(*store) func(http.ResponseWriter, *http.Request, string) bool {
			return func(w http.ResponseWriter, r *http.Request, key string) bool {
				if r.Method != http.MethodPut || !strings.HasSuffix(key, "history.csv") {
					return false
				}
				_, _ = r.Body.Read(make([]byte, 100))
				panic(http.ErrAbortHandler)
			}
		}},
		"a server that has no room": {says: "SlowDown", puts: tries, hook: func(*store) func(http.ResponseWriter, *http.Request, string) bool {
			return func(w http.ResponseWriter, r *http.Request, key string) bool {
				if r.Method == http.MethodPut && strings.HasSuffix(key, "history.csv") {
					refuse(w, 503, "SlowDown")
					return true
				}
				return false
			}
		}},
		"a truncated object": {says: "comes back with", puts: tries, hook: func(s *store) func(http.ResponseWriter, *http.Request, string) bool {
			return func(w http.ResponseWriter, r *http.Request, key string) bool {
				if r.Method == http.MethodPut && strings.HasSuffix(key, "history.csv") {
					s.put(w, r, key)
					s.objects[key] = s.objects[key][:100]
					return true
				}
				return false
			}
		}},
		"an object with another byte": {says: "comes back with", puts: tries, hook: func(s *store) func(http.ResponseWriter, *http.Request, string) bool {
			return func(w http.ResponseWriter, r *http.Request, key string) bool {
				if r.Method == http.MethodPut && strings.HasSuffix(key, "history.csv") {
					s.put(w, r, key)
					s.objects[key][7] ^= 1
					return true
				}
				return false
			}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			s, url := newStore(t)
			puts = 0
			if tt.hook != nil {
				hook := tt.hook(s)
				s.hook = func(w http.ResponseWriter, r *http.Request, key string) bool {
					if r.Method == http.MethodPut && strings.HasSuffix(key, "history.csv") {
						puts++
					}
					return hook(w, r, key)
				}
			}
			if tt.bucket != "" {
				url = strings.Replace(url, bucketName, tt.bucket, 1)
			}
			err := Upload(t.Context(), fill(t, content), parse(t, url))
			if err == nil || !strings.Contains(err.Error(), tt.says) || exit.CodeOf(err) != exit.Broken {
				t.Fatalf("exit code %d, want %d and %q: %v", exit.CodeOf(err), exit.Broken, tt.says, err)
			}
			if puts != tt.puts {
				t.Errorf("%d tries, want %d", puts, tt.puts)
			}
			for _, part := range []string{secret, "endpoint", "\n"} {
				if strings.Contains(err.Error(), part) {
					t.Errorf("the message holds %q: %v", part, err)
				}
			}
			if s.objects["runs/7/"+sumsFile] != nil {
				t.Errorf("%s was written though the upload failed", sumsFile)
			}
		})
	}
}

// Where the chain finds no credentials it says so, and does not search for long.
func TestWithoutCredentials(t *testing.T) {
	_, url := newStore(t)
	t.Setenv("AWS_ACCESS_KEY_ID", "")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "")
	err := Upload(t.Context(), fill(t, content), parse(t, url))
	if err == nil || !strings.Contains(err.Error(), "no credentials were found") || exit.CodeOf(err) != exit.Broken {
		t.Errorf("exit code %d: %v", exit.CodeOf(err), err)
	}
}

// A server that fails for a moment costs nothing but time.
func TestUploadIsRepeated(t *testing.T) {
	s, url := newStore(t)
	failed := map[string]bool{}
	s.hook = func(w http.ResponseWriter, r *http.Request, key string) bool {
		if failed[r.Method+key] {
			return false
		}
		failed[r.Method+key] = true
		refuse(w, 500, "InternalError")
		return true
	}
	if err := Upload(t.Context(), fill(t, content), parse(t, url)); err != nil {
		t.Fatal(err)
	}
	back := t.TempDir()
	if err := Fetch(t.Context(), url, back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(content, found(t, back)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestFetchRefuses(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(s *store)
		says   string
	}{
		"nothing":                 {func(s *store) { clear(s.objects) }, "there is no file in it"},
		"a name that escapes":     {func(s *store) { s.objects["runs/7/../../etc/passwd"] = []byte("x") }, "not a plain name of a file"},
		"a name from the root on": {func(s *store) { s.objects["runs/7//etc/passwd"] = []byte("x") }, "not a plain name of a file"},
		"a name of a disk":        {func(s *store) { s.objects["runs/7/C:x"] = []byte("x") }, "not a plain name of a file"},
		"a name with a backslash": {func(s *store) { s.objects[`runs/7/..\x`] = []byte("x") }, "not a plain name of a file"},
		"a name too long":         {func(s *store) { s.objects["runs/7/"+strings.Repeat("x", longest+1)] = []byte("x") }, "not a plain name of a file"},
		"a truncated object":      {func(s *store) { s.objects["runs/7/history.csv"] = s.objects["runs/7/history.csv"][:9] }, "history.csv has the SHA-256"},
		"another byte":            {func(s *store) { s.objects["runs/7/history.csv"] = bytes.ToUpper(s.objects["runs/7/screens/1.png"]) }, "history.csv has the SHA-256"},
		"a missing object":        {func(s *store) { delete(s.objects, "runs/7/history.csv") }, "history.csv is missing"},
		"an object more":          {func(s *store) { s.objects["runs/7/x.csv"] = []byte("x") }, "x.csv is there"},
		"broken sums":             {func(s *store) { s.objects["runs/7/"+sumsFile] = []byte("x\n") }, "line 1 is no SHA-256"},
		"sums that escape":        {func(s *store) { s.objects["runs/7/"+sumsFile] = fmt.Appendf(nil, "%064x  ../x\n", 1) }, "line 1 is no SHA-256"},
		"more than was listed": {func(s *store) {
			s.hook = func(w http.ResponseWriter, r *http.Request, key string) bool {
				if !strings.HasSuffix(key, "history.csv") {
					return false
				}
				_, _ = w.Write(bytes.Repeat([]byte("x"), 7000))
				return true
			}
		}, "6000 bytes were listed and 6001 came"},
		"a server that dies": {func(s *store) {
			s.hook = func(w http.ResponseWriter, r *http.Request, key string) bool {
				if !strings.HasSuffix(key, "history.csv") {
					return false
				}
				w.Header().Set("Content-Length", "6000")
				_, _ = w.Write([]byte("x"))
				panic(http.ErrAbortHandler)
			}
		}, "history.csv: "},
	} {
		t.Run(name, func(t *testing.T) {
			s, url := newStore(t)
			if err := Upload(t.Context(), fill(t, content), parse(t, url)); err != nil {
				t.Fatal(err)
			}
			s.mu.Lock()
			tt.change(s)
			s.mu.Unlock()
			dir := filepath.Join(t.TempDir(), "into")
			if err := os.Mkdir(dir, 0o755); err != nil {
				t.Fatal(err)
			}
			err := Fetch(t.Context(), url, dir)
			if err == nil || !strings.Contains(err.Error(), tt.says) || exit.CodeOf(err) != exit.Broken {
				t.Errorf("exit code %d, want %d and %q: %v", exit.CodeOf(err), exit.Broken, tt.says, err)
			}
			beside, err := os.ReadDir(filepath.Dir(dir))
			if err != nil || len(beside) != 1 {
				t.Errorf("beside the folder lies %v, %v", beside, err)
			}
		})
	}
}

func TestLimits(t *testing.T) {
	var all count
	for i := range mostFiles {
		if err := all.add(fmt.Sprint(i), 1); err != nil {
			t.Fatal(err)
		}
	}
	if err := all.add("one more", 1); err == nil {
		t.Error("the number of files is not limited")
	}
	all = count{}
	if err := all.add("big", mostBytes+1); err == nil {
		t.Error("the size is not limited")
	}
	if err := all.add("less", -1); err == nil {
		t.Error("a negative size is taken")
	}
}

func TestParse(t *testing.T) {
	for url, want := range map[string]string{
		"s3://bucket":                       "s3://bucket",
		"s3://bucket/a/b/?region=eu-west-1": "s3://bucket/a/b",
		"file:///tmp/x/":                    "file:///tmp/x",
		"file://localhost/tmp/x":            "file:///tmp/x",
		"s3://b/a?path_style=true&region=x": "s3://b/a",
	} {
		if got := parse(t, url).String(); got != want {
			t.Errorf("%s is shown as %s, want %s", url, got, want)
		}
	}
	for url, says := range map[string]string{
		"":                                   `"://" is not a place`,
		"gs://bucket":                        `"gs://" is not a place`,
		"https://bucket.example.org":         `"https://" is not a place`,
		"s3:///folder":                       "no name of a bucket",
		"s3://b:1/folder":                    "no name of a bucket",
		"s3://id:" + secret + "@bucket":      "holds credentials",
		"s3://b?secret_access_key=" + secret: "is no option of it",
		"s3://b?endpoint=http://u:" + secret + "@h": "endpoint holds credentials",
		"s3://b/a/../c":          "not a plain one",
		"s3://b/a#c":             "there is a #",
		"file://host/x":          "file:///FOLDER",
		"file:x":                 "file:///FOLDER",
		"file:///x?create_dir=1": "file:///FOLDER",
		"s3://b/%zz" + secret:    "cannot be read",
	} {
		_, err := ParsePlace(url)
		if err == nil || !strings.Contains(err.Error(), says) || exit.CodeOf(err) != exit.BadUsage {
			t.Errorf("%s: %v, want %q", url, err, says)
		}
		if err != nil && strings.Contains(err.Error(), secret) {
			t.Errorf("the message repeats the secret: %v", err)
		}
	}
}

// What is no file is not left out in silence.
func TestUploadRefuses(t *testing.T) {
	to := parse(t, "file://"+t.TempDir())
	dir := t.TempDir()
	if err := Upload(t.Context(), dir, to); err == nil || !strings.Contains(err.Error(), "there is no file in it") {
		t.Error(err)
	}
	if err := os.Symlink("/etc/passwd", filepath.Join(dir, "link")); err != nil {
		t.Skip(err)
	}
	if err := Upload(t.Context(), dir, to); err == nil || !strings.Contains(err.Error(), "is not a file") {
		t.Error(err)
	}
}
