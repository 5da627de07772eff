//go:build linux

package history

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// smallDisk mounts a file system of so many bytes.
func smallDisk(t *testing.T, size string) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size="+size); err != nil {
		t.Skipf("mounting a small file system needs root: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	})
	return dir
}

func TestRecorderOnAFullFileSystem(t *testing.T) {
	path := filepath.Join(smallDisk(t, "64k"), "history.csv")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	r := NewRecorder(file, RecorderOptions{})
	ops := traffic(20_000)
	for i := range ops {
		r.Record(&ops[i])
	}
	if err := r.Close(); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("Close says %v, want %v", err, syscall.ENOSPC)
	}
	data, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer data.Close()
	got, err := readAll(NewReader(data, path))
	if err != nil || len(got) < 500 || int64(len(got))+r.Dropped() != int64(len(ops)) {
		t.Errorf("%d read (%v) and %d dropped of %d", len(got), err, r.Dropped(), len(ops))
	}
}

func TestRecorderOnDevFull(t *testing.T) {
	file, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skipf("there is no /dev/full: %v", err)
	}
	r := NewRecorder(file, RecorderOptions{})
	o := with(func(*Op) {})
	r.Record(&o)
	if err := r.Close(); !errors.Is(err, syscall.ENOSPC) || r.Dropped() != 1 {
		t.Errorf("Close says %v and %d dropped, want %v and 1", err, r.Dropped(), syscall.ENOSPC)
	}
}

// TestRecorderOnADevice ends without an error where nothing can be synced.
func TestRecorderOnADevice(t *testing.T) {
	file, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := NewRecorder(file, RecorderOptions{}).Close(); err != nil {
		t.Errorf("Close says %v", err)
	}
}
