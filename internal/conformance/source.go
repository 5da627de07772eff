package conformance

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// Source is where a server is had from.
type Source interface {
	// Name is that of the folder of the installation, which all servers of the source
	// share.
	Name() string

	// Key changes with what Install would install.
	Key() string

	// Install installs the server into an empty folder and returns its version.
	Install(ctx context.Context, folder string) (version string, err error)
}

// Both are two sources whose files lie in one folder. The version is that of the
// second.
type Both [2]Source

// Name is that of the second.
func (b Both) Name() string { return b[1].Name() }

// Key is both keys.
func (b Both) Key() string { return b[0].Key() + " " + b[1].Key() }

// Install installs the first, then the second.
func (b Both) Install(ctx context.Context, folder string) (string, error) {
	if _, err := b[0].Install(ctx, folder); err != nil {
		return "", err
	}
	return b[1].Install(ctx, folder)
}

// attempts of an installation: a registry that does not answer once answers a
// moment later more often than not.
const attempts = 3

// stampFile of an installed server holds its version and the key of its source.
const stampFile = "installed"

// Install returns the folder of the server below cache and its version. What was
// installed before is taken as it is. A folder is there whole or not at all.
func (s *Server) Install(ctx context.Context, cache string) (folder, version string, err error) {
	folder = filepath.Join(cache, s.Source.Name())
	if version, err = readStamp(folder, s.Source.Key()); err == nil {
		return folder, version, nil
	}
	for attempt := range attempts {
		if attempt > 0 {
			time.Sleep(time.Duration(attempt) * 5 * time.Second)
		}
		if version, err = s.installOnce(ctx, folder); err == nil || ctx.Err() != nil || errors.Is(err, exec.ErrNotFound) {
			break
		}
	}
	if err != nil {
		return "", "", fmt.Errorf("installing %s: %w", s.Name, err)
	}
	return folder, version, nil
}

func (s *Server) installOnce(ctx context.Context, folder string) (version string, err error) {
	ctx, cancel := context.WithTimeout(ctx, s.Limit)
	defer cancel()
	begun := folder + ".part"
	if err := errors.Join(os.RemoveAll(begun), os.RemoveAll(folder), os.MkdirAll(begun, 0o755)); err != nil {
		return "", err
	}
	if version, err = s.Source.Install(ctx, begun); err != nil {
		return "", err
	}
	stamp := version + "\n" + s.Source.Key() + "\n"
	if err := os.WriteFile(filepath.Join(begun, stampFile), []byte(stamp), 0o644); err != nil {
		return "", err
	}
	return version, os.Rename(begun, folder)
}

func readStamp(folder, key string) (version string, err error) {
	text, err := os.ReadFile(filepath.Join(folder, stampFile))
	if err != nil {
		return "", err
	}
	version, rest, _ := strings.Cut(string(text), "\n")
	if strings.TrimSuffix(rest, "\n") != key {
		return "", fs.ErrNotExist
	}
	return version, nil
}

// runCommand runs a command at low priority in a folder and returns what it printed on
// stdout. An error holds the end of what it printed on stderr.
func runCommand(ctx context.Context, folder, name string, args ...string) (string, error) {
	var out, errs bytes.Buffer
	if nice, err := exec.LookPath("nice"); err == nil {
		args = append([]string{"-n", "10", name}, args...)
		if _, err := exec.LookPath(name); err != nil {
			return "", err
		}
		name = nice
	}
	c := exec.CommandContext(ctx, name, args...)
	c.Dir, c.Stdout, c.Stderr = folder, &out, &errs
	c.WaitDelay = 5 * time.Second
	err := c.Run()
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	if err != nil {
		return "", fmt.Errorf("running %s: %w: %s", strings.Join(c.Args, " "), err, cutLastLines(errs.String(), 5))
	}
	return out.String(), nil
}

func cutLastLines(text string, n int) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}
