package lambda

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"github.com/occbench/occbench/internal/exit"
)

// source is where code comes from: an image, an object of S3, or bytes.
type source struct {
	image               string
	bucket, key, object string // object is the version of the object; may be empty
	zip                 []byte
}

var (
	tagForm    = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$`)
	digestForm = regexp.MustCompile(`@sha256:[0-9a-f]{64}$`)
)

// CheckImage refuses a text that names no image. It makes no call.
func CheckImage(text string) error {
	if tagForm.MatchString(text) {
		return nil
	}
	_, err := parseImage(text)
	return err
}

// ImageTag returns the tag of an image; "" for one that is named by its digest and
// for an object of S3.
func ImageTag(text string) string {
	if tagForm.MatchString(text) {
		return text
	}
	if strings.HasPrefix(text, "s3://") || strings.Contains(text, "@") {
		return ""
	}
	colon, slash := strings.LastIndexByte(text, ':'), strings.LastIndexByte(text, '/')
	if colon <= slash {
		return ""
	}
	return text[colon+1:]
}

// ShortName returns a short name of an image, for the name of a file.
func ShortName(text string) string {
	if tag := ImageTag(text); tag != "" {
		return tag
	}
	if s, err := parseImage(text); err == nil && s.bucket != "" {
		return strings.Trim(s.key[strings.LastIndexByte(s.key, '/')+1:]+"-"+s.object, "-")
	}
	if _, digest, ok := strings.Cut(text, "@sha256:"); ok && len(digest) >= 12 {
		return digest[:12]
	}
	return text
}

// parseImage reads an image in full: REPOSITORY:TAG, REPOSITORY@sha256:DIGEST or
// s3://BUCKET/KEY?versionId=VERSION.
func parseImage(text string) (source, error) {
	if strings.HasPrefix(text, "s3://") {
		u, err := url.Parse(text)
		if err != nil || u.Host == "" || len(u.Path) < 2 || u.User != nil || u.Fragment != "" {
			return source{}, newImageError(text)
		}
		q := u.Query()
		object := q.Get("versionId")
		if q.Del("versionId"); len(q) > 0 {
			return source{}, newImageError(text)
		}
		return source{bucket: u.Host, key: u.Path[1:], object: object}, nil
	}
	if strings.ContainsAny(text, " \t\r\n?#") || !strings.Contains(text, "/") || !digestForm.MatchString(text) &&
		!tagForm.MatchString(ImageTag(text)) {
		return source{}, newImageError(text)
	}
	return source{image: text}, nil
}

func newImageError(text string) error {
	return &exit.Problem{Doing: "reading the image", Usage: true, Cause: fmt.Errorf("%.200q names none", text),
		Next: "give a tag of the live image's repository, an image such as 123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop:v2, or " +
			"s3://bucket/key?versionId=…"}
}

// resolveImage reads an image, a bare tag as one of the repository that the function
// runs from.
func resolveImage(text string, from *sdk.GetFunctionOutput) (source, error) {
	if !tagForm.MatchString(text) {
		return parseImage(text)
	}
	if from.Configuration.PackageType != types.PackageTypeImage {
		return source{}, &exit.Problem{Doing: "reading the image", Usage: true,
			Cause:     fmt.Errorf("%q is a tag, but the function is deployed as a zip file and has no repository", text),
			Unchanged: true, Next: "give s3://bucket/key?versionId=…"}
	}
	name := aws.ToString(from.Code.ImageUri)
	repository, _, _ := strings.Cut(name, "@")
	if tag := ImageTag(repository); tag != "" {
		repository = strings.TrimSuffix(repository, ":"+tag)
	}
	if repository == "" {
		return source{}, &exit.Problem{Doing: "reading the image",
			Cause: errors.New("Lambda does not say which repository the function runs from"), Next: "give the image in full"}
	}
	return source{image: repository + ":" + text}, nil
}

func (s source) String() string {
	if s.bucket == "" {
		return s.image
	}
	u := url.URL{Scheme: "s3", Host: s.bucket, Path: "/" + s.key}
	if s.object != "" {
		u.RawQuery = url.Values{"versionId": {s.object}}.Encode()
	}
	return u.String()
}

// setCode makes it the code of an update.
func (s source) setCode(in *sdk.UpdateFunctionCodeInput) {
	in.ImageUri, in.S3Bucket, in.S3Key, in.S3ObjectVersion, in.ZipFile = nilIfEmpty(s.image), nilIfEmpty(s.bucket), nilIfEmpty(s.key),
		nilIfEmpty(s.object), s.zip
}

func nilIfEmpty(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
