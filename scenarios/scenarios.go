// Package scenarios holds the k6 scripts: embedded, so that occbench needs no
// file beside it, and as files, so that any k6 with the extension runs them.
//
// A scenario says who does what for how long and nothing about how: how a record
// is picked, updated and recovered is the extension's business, in Go and tested.
package scenarios

import (
	"embed"
	"fmt"
	"io/fs"
)

// Update is the scenario behind occbench run: operators who update records.
//
//go:embed update.js
var Update []byte

// BaselineHTTP is the turn of Update in plain k6 JavaScript, without the
// extension: what the extension's cost is measured against.
//
//go:embed baseline-http.js
var BaselineHTTP []byte

// Browser is the scenario behind occbench run --scenario browser: people in
// browsers beside the operators of Update. It imports the files of BrowserModules.
//
//go:embed browser.js
var Browser []byte

//go:embed update.js browser
var browserModules embed.FS

// BrowserModules returns what Browser imports, by the paths it imports them under.
func BrowserModules() map[string][]byte {
	modules := map[string][]byte{}
	err := fs.WalkDir(browserModules, ".", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			modules[path], err = browserModules.ReadFile(path)
		}
		return err
	})
	if err != nil {
		panic(fmt.Sprintf("scenarios: %v", err)) // they are embedded
	}
	return modules
}
