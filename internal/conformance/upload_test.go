package conformance

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/occbench/occbench/internal/blobs"
	"github.com/occbench/occbench/internal/exit"
)

// TestUpload carries a run directory to a real S3 server and back. What a right server
// does not do is tested in internal/blobs.
func TestUpload(t *testing.T) {
	program(t, "run")
	folder, _ := versitygw180.have(t)
	bucket := versitygw180.start(t, folder) // URL of the bucket, path style
	endpoint, name := filepath.Split(bucket)
	place := "s3://" + name + "/runs?path_style=true&region=us-east-1&endpoint=" + strings.TrimSuffix(endpoint, "/")
	for variable, value := range map[string]string{
		"AWS_ACCESS_KEY_ID": keyID, "AWS_SECRET_ACCESS_KEY": secretKey, "AWS_EC2_METADATA_DISABLED": "true", "AWS_MAX_ATTEMPTS": "1",
	} {
		t.Setenv(variable, value)
	}
	dir := t.TempDir()
	big := strings.Repeat("0123456789abcdef", 1<<20) // several parts
	for file, text := range map[string]string{"raw/history.csv": big, "raw/manifest.json": "{}", "report.txt": "PASS\n", "empty": ""} {
		path := filepath.Join(dir, file)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	to := parsePlace(t, place)
	for range 2 { // the same again is no mistake
		if err := blobs.Upload(t.Context(), dir, to.Join("7")); err != nil {
			t.Fatal(err)
		}
	}
	back := t.TempDir()
	if err := blobs.Fetch(t.Context(), place, back); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join(back, "7", "raw", "history.csv"))
	if err != nil || string(got) != big {
		t.Errorf("%d bytes come back of %d, %v", len(got), len(big), err)
	}
	if err := blobs.Upload(t.Context(), back, to.Join("7")); err == nil || !strings.Contains(err.Error(), "give each run a place of its own") {
		t.Errorf("another run at the same place: %v", err)
	}
	refuses(t, dir, strings.Replace(place, name, "nowhere", 1), "make the bucket first")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "wrong-secret")
	refuses(t, dir, place, "check the credentials")
	t.Setenv("AWS_ACCESS_KEY_ID", "nobody")
	refuses(t, dir, place, "the credentials")
}

func refuses(t *testing.T, dir, place, says string) {
	t.Helper()
	err := blobs.Upload(t.Context(), dir, parsePlace(t, place).Join("8"))
	if err == nil || !strings.Contains(err.Error(), says) || exit.CodeOf(err) != exit.Broken {
		t.Errorf("exit code %d, want %d and %q: %v", exit.CodeOf(err), exit.Broken, says, err)
	}
	if err != nil && (strings.Contains(err.Error(), secretKey) || strings.Contains(err.Error(), "wrong-secret")) {
		t.Errorf("the message holds the secret: %v", err)
	}
}

func parsePlace(t *testing.T, url string) blobs.Place {
	t.Helper()
	place, err := blobs.ParsePlace(url)
	if err != nil {
		t.Fatal(err)
	}
	return place
}
