package history

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// growing is a history file that is written to piece by piece.
func growing(t *testing.T) (path string, grow func(string)) {
	path = filepath.Join(t.TempDir(), "history.csv")
	return path, func(text string) {
		t.Helper()
		file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := file.WriteString(text); err != nil {
			t.Fatal(err)
		}
		if err := file.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestFollow(t *testing.T) {
	path, grow := growing(t)
	f := Follow(path)
	read := func(want int, line int) {
		t.Helper()
		ops := 0
		var o Op
		err := f.Read(&o)
		for ; err == nil; err = f.Read(&o) {
			ops++
		}
		if err != io.EOF || ops != want || f.Line() != line {
			t.Fatalf("%d operations up to line %d, then %v; want %d up to line %d, then EOF", ops, f.Line(), err, want, line)
		}
	}
	read(0, 0) // there is no file yet
	grow("")
	read(0, 0)
	grow(Header[:20])
	read(0, 0)
	grow(Header[20:] + "\n")
	read(0, 1)
	grow(good + good + good[:7])
	read(2, 3)
	read(0, 3)
	grow(good[7:] + strings.Repeat(good, 10_000))
	read(10_001, 10_004)
	if err := f.Close(); err != nil {
		t.Error(err)
	}
}

func TestFollowRefusesAFileThatShrinks(t *testing.T) {
	path, grow := growing(t)
	grow(Header + "\n" + good)
	f := Follow(path)
	defer f.Close()
	var o Op
	if err := f.Read(&o); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, 50); err != nil {
		t.Fatal(err)
	}
	err := f.Read(&o)
	if err == nil || !strings.Contains(err.Error(), "history.csv:2: the file shrank from") {
		t.Errorf("error %v, want one about a file that shrank", err)
	}
	if again := f.Read(&o); again != err {
		t.Errorf("reading on: %v, want the same error", again)
	}
}

func TestFollowTellsWhatIsWrong(t *testing.T) {
	path, grow := growing(t)
	grow(Header + "\n" + good + "hello\n")
	f := Follow(path)
	defer f.Close()
	var o Op
	if err := f.Read(&o); err != nil {
		t.Fatal(err)
	}
	if err := f.Read(&o); err == nil || !strings.HasSuffix(err.Error(), "history.csv:3: the line has 1 column, want 16") {
		t.Errorf("error %v, want the one of line 3", err)
	}
	loop := filepath.Join(t.TempDir(), "loop")
	if err := os.Symlink(loop, loop); err != nil {
		t.Fatal(err)
	}
	broken := Follow(loop)
	if err := broken.Read(&o); err == nil || err == io.EOF {
		t.Errorf("a file that cannot be opened: %v, want an error", err)
	}
	if err := broken.Close(); err != nil {
		t.Errorf("closing what was never open: %v", err)
	}
}
