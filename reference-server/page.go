package refserver

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"time"
)

// The board is served as it lies here: no build step, so what a browser's
// debugger shows is what the repository holds.
//
//go:embed board/index.html board/board.css board/print.css board/icon.svg board/*.js
var boardFiles embed.FS

// pagePolicy lets the page load and ask nothing but this server, and run no
// script that is not one of its files: a customer's name stays text even where
// the page forgets to treat it as text.
const pagePolicy = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// page is one file of the board.
type page struct {
	body []byte
	kind string // content type
	etag string
}

// loadPages returns what answers the paths of the board: "/" and "/board/NAME".
func loadPages() (map[string]http.Handler, error) {
	all := map[string]http.Handler{}
	err := fs.WalkDir(boardFiles, "board", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		body, err := boardFiles.ReadFile(name)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(body)
		at := "/" + name
		if path.Base(name) == "index.html" {
			at = "/{$}"
		}
		all[at] = page{body, findContentType(name), `"` + hex.EncodeToString(sum[:8]) + `"`}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading the files of the board: %w", err)
	}
	return all, nil
}

// findContentType does not trust the machine's table alone: some know .js as
// text/plain, which a browser refuses for a module.
func findContentType(name string) string {
	if path.Ext(name) == ".js" {
		return "text/javascript; charset=utf-8"
	}
	return mime.TypeByExtension(path.Ext(name))
}

func (p page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", p.kind)
	h.Set("Content-Security-Policy", pagePolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("ETag", p.etag)
	h.Set("Cache-Control", "no-cache") // asked for each time, and 304 while it is the same
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(p.body))
}
