package cwlocal

import (
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestManual runs every command of docs/cloudwatch-local.md, a minute apart
// from block to block, and compares what it prints.
func TestManual(t *testing.T) {
	cli := startCLI(t)
	text, err := os.ReadFile("../../docs/cloudwatch-local.md")
	if err != nil {
		t.Fatal(err)
	}
	clk := newClock(noon)
	server := httptest.NewServer(clk.server(Options{}))
	defer server.Close()
	blocks := strings.Split(string(text), "```console\n")[1:]
	if len(blocks) != 2 {
		t.Fatalf("%d console blocks, want 2", len(blocks))
	}
	for _, block := range blocks {
		block, _, _ = strings.Cut(block, "```")
		for _, entry := range strings.Split(block, "$ ")[1:] {
			line, want, _ := strings.Cut(entry, "\n")
			got, errs, err := cli.run(server.URL, "sh", "-c", line)
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("%s: %v %s (-want +got):\n%s", line, err, errs, diff)
			}
		}
		clk.add(time.Minute)
	}
}
