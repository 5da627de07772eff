package cli

import (
	"embed"
	"strings"
)

//go:embed help/*.md
var help embed.FS

// long returns the long help of a command, which lies beside it as Markdown.
func long(name string) string {
	text, err := help.ReadFile("help/" + name + ".md")
	if err != nil {
		panic("cli: " + err.Error())
	}
	return strings.TrimSpace(string(text))
}
