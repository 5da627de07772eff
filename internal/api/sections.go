package api

import (
	"go.yaml.in/yaml/v3"
)

// sections are the nodes of a file that are compiled after what they refer to.
type sections struct{ list, read, update, health, ids, seed *yaml.Node }
