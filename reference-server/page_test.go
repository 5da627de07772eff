package refserver_test

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	refserver "github.com/occbench/occbench/reference-server"
)

// get reads a file of the page.
func get(t *testing.T, url, etag string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if etag != "" {
		req.Header.Set("If-None-Match", etag)
	}
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer, string(body)
}

var linked = regexp.MustCompile(`(?:src|href)="(/board/[^"]+)"|from "\./([^"]+)"`)

// Every file that the page needs is served, with its type, under a policy that
// loads nothing from elsewhere; nothing in it needs an exception of that policy.
func TestPage(t *testing.T) {
	_, base := serve(t, refserver.Options{Store: openStore(t, "sqlite", "")})
	types := map[string]string{".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}
	seen := map[string]bool{}
	for queue := []string{"/"}; len(queue) > 0; queue = queue[1:] {
		at := queue[0]
		if seen[at] {
			continue
		}
		seen[at] = true
		answer, body := get(t, base+at, "")
		extension := filepath.Ext(at)
		if at == "/" {
			extension = ".html"
		}
		if answer.StatusCode != http.StatusOK || answer.Header.Get("Content-Type") != types[extension] {
			t.Errorf("%s is answered with %d, %s", at, answer.StatusCode, answer.Header.Get("Content-Type"))
		}
		if policy := answer.Header.Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'self';") || strings.Contains(policy, "unsafe") {
			t.Errorf("%s has the policy %q", at, policy)
		}
		if again, _ := get(t, base+at, answer.Header.Get("ETag")); again.StatusCode != http.StatusNotModified {
			t.Errorf("%s, known already, is answered with %d", at, again.StatusCode)
		}
		if regexp.MustCompile(`https?://[^w]| style="| on[a-z]+="|<script>|innerHTML|eval\(`).MatchString(body) {
			t.Errorf("%s holds something that the policy or good sense forbids", at)
		}
		for _, m := range linked.FindAllStringSubmatch(body, -1) {
			next := m[1]
			if next == "" {
				next = "/board/" + m[2]
			}
			queue = append(queue, next)
		}
	}
	files, err := filepath.Glob("board/*.*")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		at := "/" + filepath.ToSlash(file)
		if file == "board/index.html" || file == "board/package.json" {
			at = "/"
		}
		if !seen[at] {
			t.Errorf("%s is no part of the page", file)
		}
	}
	for _, at := range []string{"/board/", "/board/test/move.test.js", "/board/package.json", "/board/index.html", "/index.html"} {
		if answer, _ := get(t, base+at, ""); answer.StatusCode != http.StatusNotFound {
			t.Errorf("%s is answered with %d", at, answer.StatusCode)
		}
	}
	if answer, _ := get(t, base+"/?date=x&operator=1", ""); answer.StatusCode != http.StatusOK {
		t.Errorf("the page with a query is answered with %d", answer.StatusCode)
	}
}

// The page loads quickly everywhere: there is no build step that would squeeze
// it.
func TestPageIsSmall(t *testing.T) {
	files, err := filepath.Glob("board/*.*")
	if err != nil {
		t.Fatal(err)
	}
	total := int64(0)
	for _, file := range files {
		info, err := os.Stat(file)
		if err != nil {
			t.Fatal(err)
		}
		total += info.Size()
	}
	if total > 80_000 {
		t.Errorf("the page is %d bytes in %d files", total, len(files))
	}
}
