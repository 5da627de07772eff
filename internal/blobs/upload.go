package blobs

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"gocloud.dev/blob"
	"gocloud.dev/gcerrors"

	"github.com/occbench/occbench/internal/exit"
)

// errOther says that a place is taken; trying again does not help.
var errOther = errors.New("it holds the files of another upload")

// Upload carries the files of a folder to a place: each one is sent, read back and
// compared, sumsFile last. What was carried there before is left as it is, and is an
// error unless it is the same.
func Upload(ctx context.Context, dir string, to Place) error {
	files, err := listFiles(dir)
	if err == nil {
		err = uploadFiles(ctx, files, to)
	}
	if err != nil {
		return &exit.Problem{Doing: fmt.Sprintf("uploading %s to %s", dir, to), Cause: err, Next: suggestRemedy(err)}
	}
	return nil
}

// file is one to send: its path with slashes, and what it held when it was listed.
type file struct {
	name string
	size int64
	open func() (io.ReadCloser, error)
}

// listFiles returns the files of a folder and of those in it, by their paths. Names that begin with a dot are of work that goes on.
func listFiles(dir string) ([]file, error) {
	var files []file
	var all count
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if path != dir && strings.HasPrefix(d.Name(), ".") {
			if d.IsDir() {
				return filepath.SkipDir
			}
			return nil
		}
		if d.IsDir() || d.Name() == sumsFile {
			return nil
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		if !info.Mode().IsRegular() {
			return fmt.Errorf("%s is not a file", path)
		}
		f := file{name: filepath.ToSlash(name), size: info.Size(),
			open: func() (io.ReadCloser, error) { return openFile(path, info.Size()) }}
		files = append(files, f)
		return all.add(f.name, f.size)
	})
	if err == nil && len(files) == 0 {
		err = errors.New("there is no file in it")
	}
	return files, err
}

func uploadFiles(ctx context.Context, files []file, to Place) error {
	bucket, err := to.open(ctx, true)
	if err != nil {
		return err
	}
	defer func() { _ = bucket.Close() }()
	sent := sums{}
	earlier, err := readSums(ctx, bucket)
	if err != nil {
		return err
	}
	for _, f := range files {
		if earlier != nil {
			sent[f.name], err = hashOf(f.open)
		} else {
			sent[f.name], err = sendFile(ctx, bucket, f)
		}
		if err != nil {
			return err
		}
	}
	if earlier != nil {
		if err := earlier.compare(sent); err != nil {
			return fmt.Errorf("%w (%w); give each run a place of its own", errOther, err)
		}
		return nil
	}
	text := sent.text()
	_, err = sendFile(ctx, bucket, file{sumsFile, int64(len(text)),
		func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(text)), nil }})
	return err
}

// readSums returns what an earlier upload left; nil: nothing.
func readSums(ctx context.Context, bucket *blob.Bucket) (sums, error) {
	var text []byte
	err := retryTransfer(ctx, 0, func(ctx context.Context) (err error) {
		text, err = bucket.ReadAll(ctx, sumsFile)
		return err
	})
	if gcerrors.Code(err) == gcerrors.NotFound && !isNoBucket(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return parseSums(text)
}

// openFile opens a file as far as it went when it was listed: a log may go on growing.
func openFile(path string, size int64) (io.ReadCloser, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	return struct {
		io.Reader
		io.Closer
	}{io.LimitReader(f, size), f}, nil
}

// sendFile sends one file, reads it back and returns its hash.
func sendFile(ctx context.Context, bucket *blob.Bucket, f file) (sum string, err error) {
	err = retryTransfer(ctx, 2*f.size, func(ctx context.Context) error {
		if sum, err = sendOnce(ctx, bucket, f); err != nil {
			return err
		}
		back, err := hashOf(func() (io.ReadCloser, error) { return bucket.NewReader(ctx, f.name, nil) })
		if err == nil && back != sum {
			err = fmt.Errorf("%s was sent with the SHA-256 %s and comes back with %s", f.name, sum, back)
		}
		return err
	})
	return sum, err
}

func sendOnce(ctx context.Context, bucket *blob.Bucket, f file) (string, error) {
	from, err := f.open()
	if err != nil {
		return "", err
	}
	defer func() { _ = from.Close() }()
	h := sha256.New()
	err = bucket.Upload(ctx, f.name, io.TeeReader(from, h), &blob.WriterOptions{ContentType: "application/octet-stream"})
	return hex.EncodeToString(h.Sum(nil)), err
}

func hashOf(open func() (io.ReadCloser, error)) (string, error) {
	from, err := open()
	if err != nil {
		return "", err
	}
	h := sha256.New()
	_, err = io.Copy(h, from)
	return hex.EncodeToString(h.Sum(nil)), errors.Join(err, from.Close())
}
