// Package draft writes a first version of an API file: a skeleton with comments, or
// what an OpenAPI document tells of the API.
package draft

import _ "embed"

// Skeleton returns an API file of a resource with an ETag. It compiles as it is, and
// its comments say what else may stand in each place.
func Skeleton() []byte { return []byte(skeleton) }

//go:embed skeleton.yaml
var skeleton string
