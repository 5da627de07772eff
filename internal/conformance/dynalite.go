package conformance

import "time"

// dynalite speaks the interface of DynamoDB; it answers a failed condition with 400.
var dynalite = Server{
	Name: "dynalite", Title: "dynalite", API: "dynamodb",
	Source: NPM{[]string{"dynalite@4.0.0"}}, Limit: 4 * time.Minute, Start: startDynalite,
}

func startDynalite(s *Stage) (string, error) {
	address, err := s.Address()
	if err != nil {
		return "", err
	}
	program := s.Path("node_modules/dynalite/cli.js")
	if err := s.Run(nil, "node", program, "--host", "127.0.0.1", "--port", cutPort(address), "--createTableMs", "0"); err != nil {
		return "", err
	}
	return "http://" + address, s.Await("http://" + address + "/")
}
