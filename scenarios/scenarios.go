// Package scenarios holds the k6 scripts: embedded, so that occbench needs no
// file beside it, and as files, so that any k6 with the extension runs them.
//
// A scenario says who does what for how long and nothing about how: how a card
// is picked, moved and recovered is the extension's business, in Go and tested.
package scenarios

import _ "embed"

// Move is the scenario behind occbench run: operators who move cards.
//
//go:embed move.js
var Move []byte

// BaselineHTTP is the turn of Move in plain k6 JavaScript, without the
// extension: what the extension's cost is measured against.
//
//go:embed baseline-http.js
var BaselineHTTP []byte
