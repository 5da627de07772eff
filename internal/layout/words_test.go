package layout

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// shopWords are words of the shop's API, which only its file may know.
var shopWords = []string{"/api/admin", "new_status", "expected_version", "version_conflict"}

// speakers are where the shop's API is spoken without its file: the server itself,
// the page that people open, and a k6 script without occbench's extension.
var speakers = []string{"apis", "reference-server", filepath.Join("scenarios", "browser"), filepath.Join("scenarios", "baseline-http.js")}

func TestOnlyTheAPIFileKnowsTheShop(t *testing.T) {
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(path string, entry os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		for _, speaker := range speakers {
			if name == speaker {
				return skip(entry)
			}
		}
		if entry.IsDir() {
			if hidden := name != "." && name[0] == '.'; hidden || entry.Name() == "testdata" || entry.Name() == "node_modules" {
				return filepath.SkipDir
			}
			return nil
		}
		if ext := filepath.Ext(name); ext != ".go" && ext != ".js" && ext != ".ts" || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, word := range shopWords {
			if strings.Contains(string(text), word) {
				t.Errorf("%s knows %s, which is for %s to know", name, word, "apis/appointments.yaml")
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func skip(entry os.DirEntry) error {
	if entry.IsDir() {
		return filepath.SkipDir
	}
	return nil
}
