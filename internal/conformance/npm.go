package conformance

import (
	"context"
	"strings"
)

// NPM are packages of npm with their versions; the first is the server.
type NPM struct{ Packages []string }

// Name is the server and its version, such as community-server-7.1.7.
func (n NPM) Name() string {
	name := n.Packages[0]
	return strings.ReplaceAll(name[strings.LastIndex(name, "/")+1:], "@", "-")
}

// Key is the packages.
func (n NPM) Key() string { return "npm " + strings.Join(n.Packages, " ") }

// Install installs the packages into folder/node_modules.
func (n NPM) Install(ctx context.Context, folder string) (string, error) {
	args := []string{
		"install",
		"--prefix",
		".",
		"--no-audit",
		"--no-fund",
		"--no-package-lock",
		"--loglevel",
		"error",
		"--fetch-retries",
		"1",
		"--fetch-timeout",
		"60000",
	}
	if _, err := runCommand(ctx, folder, "npm", append(args, n.Packages...)...); err != nil {
		return "", err
	}
	_, version, _ := strings.Cut(n.Packages[0][1:], "@") // the scope begins with @ too
	return version, nil
}
