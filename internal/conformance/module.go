package conformance

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
)

// Module is a program of the Go module proxy. Its own go.mod below tools/servers
// pins it and all that it needs.
type Module struct {
	Folder  string // below tools/servers
	Package string // of the program; "." is the folder itself
	Path    string // of the module whose version is the server's
}

// Name is the folder.
func (m Module) Name() string { return m.Folder }

// Key hashes the files of the module, which say all that is built.
func (m Module) Key() string {
	h := sha256.New()
	for _, name := range []string{"go.mod", "go.sum", "main.go"} {
		text, err := os.ReadFile(filepath.Join(m.folder(), name))
		if err == nil {
			fmt.Fprintf(h, "%s %d\n%s", name, len(text), text)
		}
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

// Install builds the program as folder/server.
func (m Module) Install(ctx context.Context, folder string) (string, error) {
	program, err := filepath.Abs(filepath.Join(folder, "server"))
	if err != nil {
		return "", err
	}
	if _, err := runCommand(ctx, m.folder(), "go", "build", "-ldflags", "-s -w", "-o", program, m.Package); err != nil {
		return "", err
	}
	version, err := runCommand(ctx, m.folder(), "go", "list", "-m", "-f", "{{.Version}}", m.Path)
	return trimVersion(version), err
}

func (m Module) folder() string { return filepath.Join("..", "..", "tools", "servers", m.Folder) }
