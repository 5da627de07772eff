package blobs

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"strings"

	"gocloud.dev/blob"

	"github.com/occbench/occbench/internal/exit"
)

// Fetch gets the files of the place that url names into an empty folder, and compares
// every folder that holds a sumsFile with it. On an error the folder is of no use.
func Fetch(ctx context.Context, url, dir string) error {
	from, err := ParsePlace(url)
	if err != nil {
		return err
	}
	if err := fetchPlace(ctx, from, dir); err != nil {
		return &exit.Problem{Doing: fmt.Sprintf("fetching %s", from), Cause: err, Next: suggestRemedy(err)}
	}
	return nil
}

func fetchPlace(ctx context.Context, from Place, dir string) error {
	bucket, err := from.open(ctx, false)
	if err != nil {
		return err
	}
	defer func() { _ = bucket.Close() }()
	// A name that leads out of the folder is refused by the system too.
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }()
	var files []*blob.ListObject
	if err := retryTransfer(ctx, 0, func(ctx context.Context) (err error) {
		files, err = listObjects(ctx, bucket)
		return err
	}); err != nil {
		return err
	}
	got := sums{}
	for _, f := range files {
		err := retryTransfer(ctx, f.Size, func(ctx context.Context) (err error) {
			got[f.Key], err = getFile(ctx, bucket, f, root)
			return err
		})
		if err != nil {
			return fmt.Errorf("%s: %w", f.Key, err)
		}
	}
	return compareFolders(root, got)
}

// listObjects returns the files of a bucket, without those that were only partly written to a
// disk.
func listObjects(ctx context.Context, bucket *blob.Bucket) ([]*blob.ListObject, error) {
	var files []*blob.ListObject
	var all count
	for page := bucket.List(nil); ; {
		f, err := page.Next(ctx)
		switch {
		case errors.Is(err, io.EOF) && len(files) == 0:
			return nil, fmt.Errorf("%w: there is no file in it", errRefused)
		case errors.Is(err, io.EOF):
			return files, nil
		case err != nil:
			return nil, err
		case strings.HasSuffix(f.Key, "/") && f.Size == 0: // a folder that some tools put down
			continue
		}
		if err := all.add(f.Key, f.Size); err != nil {
			return nil, fmt.Errorf("%w: %w", errRefused, err)
		}
		files = append(files, f)
	}
}

// errRefused is about what a place holds; trying again does not help.
var errRefused = errors.New("it is not what occbench uploads")

// getFile writes one file into the folder and returns its hash.
func getFile(ctx context.Context, bucket *blob.Bucket, f *blob.ListObject, root *os.Root) (string, error) {
	from, err := bucket.NewReader(ctx, f.Key, nil)
	if err != nil {
		return "", err
	}
	defer func() { _ = from.Close() }()
	if err := root.MkdirAll(path.Dir(f.Key), 0o755); err != nil {
		return "", err
	}
	to, err := root.Create(f.Key)
	if err != nil {
		return "", err
	}
	h := sha256.New()
	// A byte more than was listed is enough to know.
	n, err := io.Copy(io.MultiWriter(to, h), io.LimitReader(from, f.Size+1))
	if err = errors.Join(err, to.Close()); err == nil && n != f.Size {
		err = fmt.Errorf("%d bytes were listed and %d came", f.Size, n)
	}
	return hex.EncodeToString(h.Sum(nil)), err
}

// compareFolders compares the files below each sumsFile with it.
func compareFolders(root *os.Root, got sums) error {
	for name := range got {
		folder, last := path.Split(name)
		if last != sumsFile {
			continue
		}
		text, err := root.ReadFile(name)
		if err != nil {
			return err
		}
		named, err := parseSums(text)
		if err != nil {
			return fmt.Errorf("%s%w", folder, err)
		}
		there := sums{}
		for other, sum := range got {
			if rest, below := strings.CutPrefix(other, folder); below && path.Base(other) != sumsFile {
				there[rest] = sum
			}
		}
		if err := named.compare(there); err != nil {
			return fmt.Errorf("%s%w", folder, err)
		}
	}
	return nil
}
