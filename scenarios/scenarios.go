// Package scenarios holds the k6 scripts: embedded, so that occbench needs no
// file beside it, and as files, so that any k6 with the extension runs them.
//
// A scenario says who does what for how long and nothing about how: how a card
// is picked, moved and recovered is the extension's business, in Go and tested.
package scenarios

import (
	"embed"
	"fmt"
	"io/fs"
)

// Move is the scenario behind occbench run: operators who move cards.
//
//go:embed move.js
var Move []byte

// BaselineHTTP is the turn of Move in plain k6 JavaScript, without the
// extension: what the extension's cost is measured against.
//
//go:embed baseline-http.js
var BaselineHTTP []byte

// Board is the scenario behind occbench run --scenario board: people in
// browsers beside the operators of Move. It imports the files of BoardModules.
//
//go:embed board.js
var Board []byte

//go:embed move.js board
var boardModules embed.FS

// BoardModules returns what Board imports, by the paths it imports them under.
func BoardModules() map[string][]byte {
	modules := map[string][]byte{}
	err := fs.WalkDir(boardModules, ".", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			modules[path], err = boardModules.ReadFile(path)
		}
		return err
	})
	if err != nil {
		panic(fmt.Sprintf("scenarios: %v", err)) // they are embedded
	}
	return modules
}
