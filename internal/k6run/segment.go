package k6run

import (
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/occbench/occbench/internal/run"
)

// segment is the part of a divided load that one k6 plays. The zero segment is the
// whole load.
type segment struct {
	index, count int
	folder       string // in which each generator has its directory
	run          string // id of the run
	address      string // of k6's REST API
}

// name returns the name of the generator: they are counted from 1.
func (s *segment) name() string { return strconv.Itoa(s.index + 1) }

// dir returns the directory of the generator.
func (s *segment) dir() string { return filepath.Join(s.folder, s.name()) }

// bounds returns the segment and the sequence of all segments, as k6 writes them.
func (s *segment) bounds() (own, all string) {
	bounds := make([]string, s.count+1)
	for i := range bounds {
		bounds[i] = big.NewRat(int64(i), int64(s.count)).RatString()
	}
	return bounds[s.index] + ":" + bounds[s.index+1], strings.Join(bounds, ",")
}

// listArgs returns the options of a generator, the same with which k6-operator
// starts a runner.
func (s *segment) listArgs() []string {
	if s.count == 0 {
		return nil
	}
	own, all := s.bounds()
	return []string{"--execution-segment", own, "--execution-segment-sequence", all, "--paused", "--address", s.address}
}

// listEnv returns the environment variables of a generator.
func (s *segment) listEnv() []string {
	if s.count == 0 {
		return nil
	}
	return []string{run.EnvDir + "=" + s.folder, run.EnvGenerator + "=" + s.name(), run.EnvRun + "=" + s.run}
}

// findFreeAddress returns an address of this machine on which nothing listens now.
func findFreeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("finding a free port for k6's REST API: %w", err)
	}
	return l.Addr().String(), l.Close()
}

// split returns the options of n generators that make the load together.
func (o Options) split(n int, folder, run string) ([]Options, error) {
	all := make([]Options, n)
	for i := range all {
		address, err := findFreeAddress()
		if err != nil {
			return nil, err
		}
		part := o
		part.segment = segment{index: i, count: n, folder: folder, run: run, address: address}
		part.Dir = part.segment.dir()
		part.Traces.History, part.Traces.Stalls, part.Traces.Summary = "", "", filepath.Join(part.Dir, "summary.json")
		if err := os.MkdirAll(part.Dir, 0o755); err != nil {
			return nil, fmt.Errorf("making the directory of generator %s: %w", part.segment.name(), err)
		}
		all[i] = part
	}
	return all, nil
}
