package conformance

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Debian is a package of apt. It is unpacked beside the system and not installed
// into it: no root is needed, and no service starts.
type Debian struct{ Package string }

// Name is the package.
func (d Debian) Name() string { return d.Package }

// Key is the name of the package: a new release of it is taken by `make clean`.
func (d Debian) Key() string { return "apt " + d.Package }

// Install unpacks the package, and those of its dependencies that the system
// lacks, into folder/root.
func (d Debian) Install(ctx context.Context, folder string) (string, error) {
	missing, err := d.listMissing(ctx)
	if err != nil {
		// A new machine has no lists of packages.
		if missing, err = d.refreshMissing(ctx, err); err != nil {
			return "", err
		}
	}
	root := filepath.Join(folder, "root")
	if err := os.Mkdir(root, 0o755); err != nil {
		return "", err
	}
	if err := downloadPackages(ctx, folder, missing); err != nil {
		// Old lists name files that are gone.
		if missing, err = d.refreshMissing(ctx, err); err != nil {
			return "", err
		}
		if err := downloadPackages(ctx, folder, missing); err != nil {
			return "", err
		}
	}
	files, err := filepath.Glob(filepath.Join(folder, "*.deb"))
	if err != nil {
		return "", err
	}
	for _, file := range files {
		if _, err := runCommand(ctx, "", "dpkg", "-x", file, root); err != nil {
			return "", err
		}
	}
	version, err := d.version(ctx, folder)
	return trimVersion(version), err
}

// downloadPackages downloads packages into a folder.
func downloadPackages(ctx context.Context, folder string, packages []string) error {
	if len(packages) == 0 {
		return nil
	}
	_, err := runCommand(ctx, folder, "apt-get", append([]string{"download", "-qq"}, packages...)...)
	return err
}

// refreshMissing returns what is missing by lists that are got anew, because the present ones
// led to an error.
func (d Debian) refreshMissing(ctx context.Context, why error) ([]string, error) {
	if _, err := runCommand(ctx, "", "apt-get", "update", "-qq"); err != nil {
		return nil, fmt.Errorf("%w; apt-get update: %w", why, err)
	}
	return d.listMissing(ctx)
}

// listMissing returns the packages that an installation would bring.
func (d Debian) listMissing(ctx context.Context) ([]string, error) {
	plan, err := runCommand(ctx, "", "apt-get", "--simulate", "--no-install-recommends", "install", d.Package)
	if err != nil {
		return nil, err
	}
	var names []string
	for line := range strings.Lines(plan) {
		if words := strings.Fields(line); len(words) > 1 && words[0] == "Inst" {
			names = append(names, words[1])
		}
	}
	return names, nil
}

// version returns the version of the package that was downloaded, or of the one
// that the system has.
func (d Debian) version(ctx context.Context, folder string) (string, error) {
	files, err := filepath.Glob(filepath.Join(folder, d.Package+"_*.deb"))
	if err != nil || len(files) == 0 {
		return runCommand(ctx, "", "dpkg-query", "--show", "--showformat", "${Version}", d.Package)
	}
	return runCommand(ctx, "", "dpkg-deb", "--field", files[0], "Version")
}

// trimVersion returns the release that its authors named: 2.4.71 of 2.4.71-1~deb12u1.
func trimVersion(version string) string {
	version, _, _ = strings.Cut(strings.TrimSpace(version), "-")
	return strings.TrimPrefix(version, "v")
}
