//go:build linux

package run

import (
	"errors"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestWriteOnAFullDisk keeps the old file, and nothing else.
func TestWriteOnAFullDisk(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=64k"); err != nil {
		t.Skipf("mounting a small file system needs root: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	})
	d := Dir{path: dir}
	if err := d.WriteFile(VerdictFile, []byte("old")); err != nil {
		t.Fatal(err)
	}
	err := d.WriteFile(VerdictFile, make([]byte, 1<<20))
	if want := "writing " + d.File(VerdictFile) + ": no space left on device"; err == nil || err.Error() != want || !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("error %v, want %s", err, want)
	}
	if diff := cmp.Diff(map[string]string{VerdictFile: "old"}, readContent(t, dir)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

// TestReadWithoutPermission reads as a user who may not. Root may read
// everything, so root starts the test again as nobody.
func TestReadWithoutPermission(t *testing.T) {
	if path := os.Getenv("RUN_TEST_DIR"); path != "" {
		_, err := Open(path)
		if want := "reading " + path + "/manifest.json: permission denied"; err == nil || err.Error() != want {
			t.Errorf("error %v, want %s", err, want)
		}
		err = Dir{path: path}.WriteFile(TextFile, nil)
		if want := "writing " + path + "/report.txt: permission denied"; err == nil || err.Error() != want {
			t.Errorf("error %v, want %s", err, want)
		}
		return
	}
	if os.Getuid() != 0 {
		t.Skip("becoming somebody else needs root")
	}
	dir, err := os.MkdirTemp("/tmp", "run")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	write(t, Dir{path: dir}, ManifestFile, "{}")
	program, err := os.ReadFile(os.Args[0])
	if err == nil {
		err = errors.Join(os.WriteFile(dir+"/test", program, 0o755), os.Chmod(dir, 0o755))
	}
	if err != nil {
		t.Fatal(err)
	}
	child := exec.Command(dir+"/test", "-test.run=^TestReadWithoutPermission$")
	child.Dir = "/"
	child.Env = append(os.Environ(), "RUN_TEST_DIR="+dir)
	child.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	if out, err := child.CombinedOutput(); err != nil || !strings.HasPrefix(string(out), "PASS") {
		t.Errorf("as nobody: %v\n%s", err, out)
	}
}

// TestReadDoesNotWaitForAPipe returns at once.
func TestReadDoesNotWaitForAPipe(t *testing.T) {
	dir := newRun(t)
	if err := syscall.Mkfifo(dir.File(ManifestFile), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Open(dir.Path())
	if want := "reading " + dir.File(ManifestFile) + ": it is not a file"; err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}
