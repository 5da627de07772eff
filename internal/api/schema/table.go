package schema

import (
	"fmt"
	"slices"
	"strings"
)

// Table returns the keys of all objects as Markdown, those of a request and of a
// condition once.
func Table() string {
	var b strings.Builder
	b.WriteString("| where | key | what it says |\n|---|---|---|\n")
	for i := range Objects {
		o := &Objects[i]
		keys := o.Keys
		if o.Name != "condition" {
			keys = slices.DeleteFunc(slices.Clone(keys), func(k Key) bool { return slices.Contains(conditionKeys, k) })
		}
		writeRows(&b, o.title(), keys, o.Need)
	}
	methods := Key{strings.Join(Methods, "`, `"), "path", "the method, with path and query of the request; exactly one"}
	writeRows(&b, "every request", append([]Key{methods}, callKeys...), nil)
	return b.String()
}

// title says where the object stands and what may stand in its place.
func (o *Object) title() string {
	at := "`" + strings.ReplaceAll(o.At, ", ", "`, `") + "`"
	switch {
	case o.At == "":
		at = "the file"
	case o.Name == "condition":
		at = "a condition"
	}
	var kinds []string
	if o.Call {
		kinds = append(kinds, "a request")
	}
	if o.Name == "applied" || o.Name == "conflict" {
		kinds = append(kinds, "a condition")
	}
	if o.Only != "" {
		kinds = append(kinds, "or "+o.Only)
	}
	if len(kinds) > 0 {
		at += " (" + strings.Join(kinds, "; ") + ")"
	}
	return at
}

func writeRows(b *strings.Builder, where string, keys []Key, need []string) {
	for i, k := range keys {
		if i > 0 {
			where = ""
		}
		must := ""
		if slices.Contains(need, k.Name) {
			must = "**needed**: "
		}
		fmt.Fprintf(b, "| %s | `%s` | %s%s |\n", where, k.Name, must, strings.ReplaceAll(k.Text, "|", "\\|"))
	}
}
