package limit_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/occbench/occbench/internal/limit"
)

func TestReadFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, make([]byte, 2<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	if text, err := limit.ReadFile(path, 2<<20); err != nil || len(text) != 2<<20 {
		t.Errorf("%d bytes, %v", len(text), err)
	}
	for most, want := range map[int64]string{2<<20 - 1: "1 MiB", 1 << 10: "1 KiB"} {
		if _, err := limit.ReadFile(path, most); err == nil || err.Error() != path+": larger than "+want {
			t.Errorf("most %d: %v", most, err)
		}
	}
	if _, err := limit.ReadFile("/dev/zero", 1<<20); err == nil || err.Error() != "/dev/zero: larger than 1 MiB" {
		t.Error(err)
	}
	if _, err := limit.ReadFile(path+".not", 1); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}
