// Package blobs carries folders of files to object storage and back: s3:// for
// buckets of S3 and of what speaks like it, file:// for a folder of a disk.
//
// Its opinion: a folder has arrived or it has not. Every file is read back and
// compared by its hash, SHA256SUMS is written last, and what was carried before is
// never mixed with something else. Credentials are found by the provider's chain and
// stand in no URL.
package blobs

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"
	"gocloud.dev/blob/s3blob"

	"github.com/occbench/occbench/internal/awsapi"
	"github.com/occbench/occbench/internal/exit"
)

// Place is a folder in a bucket, or one of a disk.
type Place struct {
	url    url.URL // s3: of the bucket, with its options
	folder string  // s3: within the bucket, without slashes at its ends; file: of the disk
}

const (
	schemeS3   = "s3"
	schemeFile = "file"
)

// options are allowed behind the ? of an s3 URL. None of them is a secret.
var options = []string{"endpoint", "path_style", "profile", "region"}

// IsURL reports whether a text is meant as the URL of a place.
func IsURL(text string) bool { return strings.Contains(text, "://") }

// ParsePlace reads the URL of a place. Its error is one of usage, and repeats nothing that
// may be a secret.
func ParsePlace(text string) (Place, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return Place{}, exit.Usagef("the URL of a place cannot be read; it is s3://BUCKET/FOLDER or file:///FOLDER")
	case u.User != nil:
		return Place{}, exit.Usagef("the URL of a place holds credentials; give them by the provider's means, such as AWS_ACCESS_KEY_ID " +
			"or a role")
	case u.Fragment != "":
		return Place{}, exit.Usagef("%s: there is a # in it, which a URL of a place does not have", redactURL(u))
	}
	switch u.Scheme {
	case schemeS3:
		return parseS3(u)
	case schemeFile:
		return parseFile(u)
	}
	return Place{}, exit.Usagef("%q is not a place that files are carried to; it is s3://BUCKET/FOLDER or file:///FOLDER", u.Scheme+"://")
}

func parseS3(u *url.URL) (Place, error) {
	if u.Host == "" || u.Port() != "" {
		return Place{}, exit.Usagef("%s: there is no name of a bucket behind s3://", redactURL(u))
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return Place{}, exit.Usagef("%s: what stands behind the ? cannot be read", redactURL(u))
	}
	for name, values := range query {
		if !slices.Contains(options, name) {
			return Place{}, exit.Usagef("%s: %.40q is no option of it; there are %s", redactURL(u), name, strings.Join(options, ", "))
		}
		if name == "endpoint" && strings.Contains(values[0], "@") {
			return Place{}, exit.Usagef("%s: its endpoint holds credentials; give them by the provider's means, such as "+
				"AWS_ACCESS_KEY_ID or a role", redactURL(u))
		}
	}
	folder := strings.Trim(u.Path, "/")
	if folder != "" && !isSafeKey(folder) {
		return Place{}, exit.Usagef("%s: its folder is not a plain one: no empty part, no . and no ..", redactURL(u))
	}
	return Place{url: url.URL{Scheme: u.Scheme, Host: u.Host, RawQuery: u.RawQuery}, folder: folder}, nil
}

func parseFile(u *url.URL) (Place, error) {
	if u.Host != "" && u.Host != "localhost" || u.RawQuery != "" || !path.IsAbs(u.Path) {
		return Place{}, exit.Usagef("%s: a folder of the disk is written as file:///FOLDER, from the root on", redactURL(u))
	}
	return Place{url: url.URL{Scheme: u.Scheme}, folder: path.Clean(u.Path)}, nil
}

// redactURL returns a URL without the parts that may be secret: user, query and fragment.
func redactURL(u *url.URL) string {
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String()
}

// Join returns the place of a folder in it.
func (p Place) Join(name string) Place {
	p.folder = path.Join(p.folder, name)
	return p
}

// String returns the URL of the place without its options.
func (p Place) String() string {
	if p.url.Scheme == schemeFile {
		return "file://" + p.folder
	}
	return strings.TrimSuffix("s3://"+p.url.Host+"/"+p.folder, "/")
}

// open returns the bucket whose keys begin at the place. A folder of the disk is
// made where there is none and something is to be written.
func (p Place) open(ctx context.Context, write bool) (*blob.Bucket, error) {
	if p.url.Scheme == schemeFile {
		return fileblob.OpenBucket(filepath.FromSlash(p.folder), &fileblob.Options{
			CreateDir: write, NoTempDir: true, Metadata: fileblob.MetadataDontWrite,
		})
	}
	bucket, err := openS3(ctx, p.url.Host, p.url.Query())
	if err != nil {
		return nil, err
	}
	if p.folder == "" {
		return bucket, nil
	}
	return blob.PrefixedBucket(bucket, p.folder+"/"), nil
}

// anyRegion is where a bucket is looked for when no region is known: what speaks like S3
// has one, and S3 itself names the right one.
const anyRegion = "us-east-1"

// openS3 opens a bucket with the credentials and the region that the SDK finds, unless
// the options say another.
func openS3(ctx context.Context, name string, options url.Values) (*blob.Bucket, error) {
	found, err := awsapi.LoadConfig(ctx, options.Get("region"), options.Get("profile"),
		// The hashes are compared here, and what speaks like S3 may not know those of the SDK.
		config.WithRequestChecksumCalculation(aws.RequestChecksumCalculationWhenRequired),
		config.WithResponseChecksumValidation(aws.ResponseChecksumValidationWhenRequired))
	if err == nil {
		_, err = awsapi.RetrieveCredentials(ctx, "opening the bucket", found.Credentials)
	}
	if err != nil {
		return nil, err
	}
	found.Region = cmp.Or(found.Region, anyRegion)
	client := s3.NewFromConfig(found, func(o *s3.Options) {
		o.UsePathStyle = options.Get("path_style") == "true"
		if endpoint := options.Get("endpoint"); endpoint != "" {
			o.BaseEndpoint = &endpoint
		}
	})
	return s3blob.OpenBucket(ctx, client, name, &s3blob.Options{RequestChecksumCalculation: found.RequestChecksumCalculation})
}

// isSafeKey reports whether a key is a path that stays where it is put, on every system.
func isSafeKey(key string) bool {
	if len(key) > longest || path.Clean(key) != key || !filepath.IsLocal(filepath.FromSlash(key)) {
		return false
	}
	return !strings.ContainsFunc(key, func(r rune) bool { return r < ' ' || r == '\\' || r == ':' || r == 0x7f })
}

// The most that a place may hold. A run of a thousand generators of ten files each,
// of a billion operations, is within them.
const (
	mostFiles = 20_000
	mostBytes = 1 << 40
	longest   = 512 // bytes of a name, with its folders
)

// count adds a file to those of a place.
type count struct {
	files int
	bytes int64
}

func (c *count) add(name string, size int64) error {
	if !isSafeKey(name) {
		return fmt.Errorf("%.200q is not a plain name of a file", name)
	}
	c.files++
	c.bytes += size
	switch {
	case size < 0:
		return fmt.Errorf("%s has a size of %d bytes", name, size)
	case c.files > mostFiles:
		return fmt.Errorf("there are more than %d files", mostFiles)
	case c.bytes > mostBytes:
		return fmt.Errorf("its files have more than %d bytes together", int64(mostBytes))
	}
	return nil
}
