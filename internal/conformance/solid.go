package conformance

import (
	"time"

	"github.com/occbench/occbench/internal/check"
)

// Community Solid Server keeps documents of people. Up to 7.1.7 its ETag was the
// second of the last write, so that two writes of one second had one ETag.
var (
	solid717 = newSolid("7.1.7", Want{
		Exit: 1, Anomalies: []check.ID{check.OCC13, check.OCC01}, Raced: true,
		Known: "https://github.com/CommunitySolidServer/CommunitySolidServer/issues/2101",
	})
	solid720 = newSolid("7.2.0", Want{})
)

func newSolid(version string, want Want) Server {
	return Server{
		Name: "solid-" + version, Title: "Community Solid Server", API: "webdav",
		Source: NPM{[]string{"@solid/community-server@" + version}}, Limit: 4 * time.Minute, Start: startSolid, Want: want,
	}
}

func startSolid(s *Stage) (string, error) {
	address, err := s.Address()
	if err != nil {
		return "", err
	}
	port, base := cutPort(address), "http://"+address+"/"
	program := s.Path("node_modules/@solid/community-server/bin/server.js")
	if err := s.Run(nil, "node", program, "-p", port, "-b", base, "-c", "@css:config/default.json", "-l", "warn"); err != nil {
		return "", err
	}
	return base + "occbench", s.Await(base)
}
