package conformance

import (
	"os"
	"path/filepath"
	"time"

	"github.com/occbench/occbench/internal/check"
)

// versitygw is an S3 gateway before a file system. Up to 1.7.0 it compared the
// ETag of a conditional PUT before it took the lock that writes. With --sidecar
// ETags lie in files beside the objects, and a GET during a PUT may show the ETag
// of the one with the content of the other.
var (
	versitygw170 = newVersitygw("1.7.0", inSidecar, Want{
		Exit: 1, Anomalies: []check.ID{check.OCC01}, Beside: mixed, Raced: true,
		Known: "https://github.com/versity/versitygw/pull/2288",
	})
	versitygw180 = newVersitygw("1.8.0", inAttributes, Want{Rare: mixed}) // 8 mixed reads of 22,183

	// Two records are read while they are written more often than sixteen.
	versitygw180Sidecar = newVersitygw("1.8.0", inSidecar, Want{
		Exit: 1, Anomalies: []check.ID{check.OCC09}, Beside: mixed, Raced: true,
	}, "--records", "2", "--operators", "16")
)

// mixed are the other sights of an ETag that is shown with the content of another.
var mixed = []check.ID{check.OCC02, check.OCC05, check.OCC07, check.OCC09, check.OCC13}

// The places of ETags.
const (
	inSidecar    = "sidecar"
	inAttributes = "" // of the files themselves, the default
)

// The keys of every server here that asks for some. They are worth nothing
// elsewhere.
const (
	keyID     = "occbench"
	secretKey = "occbench-secret"
)

func newVersitygw(version, place string, want Want, flags ...string) Server {
	s := Server{
		Name: "versitygw-" + version, Title: "versitygw, posix", API: "s3",
		Source: Module{
			Folder: "versitygw-" + version, Package: "github.com/versity/versitygw/cmd/versitygw", Path: "github.com/versity/versitygw",
		},
		Limit: 10 * time.Minute, Required: true, Want: want, Flags: flags,
		Start: func(s *Stage) (string, error) { return startVersitygw(s, place) },
	}
	if place != inAttributes {
		s.Name += "-" + place
		s.Title += " --" + place
	}
	return s
}

func startVersitygw(s *Stage, place string) (string, error) {
	address, err := s.Address()
	if err != nil {
		return "", err
	}
	files, beside := filepath.Join(s.Data, "files"), filepath.Join(s.Data, "sidecar")
	for _, folder := range []string{filepath.Join(files, "occbench"), beside} { // a bucket is a folder
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return "", err
		}
	}
	args := []string{"--quiet", "--health", "/healthz", "--port", address, "posix"}
	if place == inSidecar {
		args = append(args, "--sidecar", beside)
	}
	keys := []string{"ROOT_ACCESS_KEY_ID=" + keyID, "ROOT_SECRET_ACCESS_KEY=" + secretKey}
	if err := s.Run(keys, s.Path("server"), append(args, files)...); err != nil {
		return "", err
	}
	return "http://" + address + "/occbench", s.Await("http://" + address + "/healthz")
}
