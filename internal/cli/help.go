package cli

import (
	"embed"
	"strings"
)

//go:embed help/*.md
var help embed.FS

// readLongHelp returns the long help of a command from its Markdown file.
func readLongHelp(name string) string {
	text, err := help.ReadFile("help/" + name + ".md")
	if err != nil {
		panic("cli: " + err.Error())
	}
	return strings.TrimSpace(string(text))
}
