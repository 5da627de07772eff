package conformance

import (
	"os"
	"path/filepath"
	"time"
)

// jsonServer honours no condition at all: every update with any token is done, so
// there is nothing to judge, and occbench must say so.
var jsonServer = Server{
	Name: "json-server", Title: "json-server", API: "json-server.yaml",
	Source: NPM{[]string{"json-server@0.17.4"}}, Limit: 4 * time.Minute, Start: startJSONServer,
	Want: Want{
		Exit: 4, Says: []string{"no condition is honoured, there is nothing to judge"},
		Known: "https://github.com/typicode/json-server/issues/565",
	},
}

func startJSONServer(s *Stage) (string, error) {
	address, err := s.Address()
	if err != nil {
		return "", err
	}
	file := filepath.Join(s.Data, "db.json")
	if err := os.WriteFile(file, []byte(`{"records":[]}`), 0o644); err != nil {
		return "", err
	}
	program := s.Path("node_modules/json-server/lib/cli/bin.js")
	if err := s.Run(nil, "node", program, "--quiet", "--host", "127.0.0.1", "--port", cutPort(address), file); err != nil {
		return "", err
	}
	return "http://" + address, s.Await("http://" + address + "/records")
}
