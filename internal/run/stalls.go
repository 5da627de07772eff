package run

import (
	"errors"
	"io/fs"
	"os"

	"github.com/occbench/occbench/internal/stall"
)

// Stalls returns when the generator of the run was stalled; nil where it did not
// watch itself.
func (d Dir) Stalls() (*stall.List, error) {
	f := d.FollowStalls()
	err := errors.Join(f.Read(), f.Close())
	if f.file == nil {
		return nil, err
	}
	return f.List, err
}

// StallFollower reads the stalls of a generator that may still run.
type StallFollower struct {
	List   *stall.List // what was read so far
	dir    Dir
	file   *os.File
	reader *stall.Reader
}

// FollowStalls returns a follower that has read nothing yet.
func (d Dir) FollowStalls() *StallFollower { return &StallFollower{List: &stall.List{}, dir: d} }

// Read takes in what was written since the last call; a file that does not exist
// yet holds nothing.
func (f *StallFollower) Read() error {
	if f.file == nil {
		file, err := f.dir.Open(StallsFile)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		f.file, f.reader = file, stall.NewReader(file, f.dir.File(StallsFile))
	}
	return f.reader.ReadInto(f.List)
}

// Close closes the file.
func (f *StallFollower) Close() error {
	if f.file == nil {
		return nil
	}
	return f.file.Close()
}
