// Package apis holds the API files that come with the binary: one YAML file
// describes one HTTP interface with versioned updates.
package apis

import "embed"

// Files are the API files, NAME.yaml each.
//
//go:embed *.yaml
var Files embed.FS
