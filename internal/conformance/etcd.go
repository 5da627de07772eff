package conformance

import "time"

// etcd counts the version of each key by one, and answers a transaction whose
// comparison fails with 200.
var etcd = Server{
	Name: "etcd", Title: "etcd", API: "etcd", Source: Debian{"etcd-server"}, Limit: 4 * time.Minute, Required: true, Start: startEtcd,
}

func startEtcd(s *Stage) (string, error) {
	address, err := s.Address()
	if err != nil {
		return "", err
	}
	url := "http://" + address
	err = s.Run(nil, s.Path("root/usr/bin/etcd"), "--data-dir", "etcd", "--log-level", "error", "--logger", "zap",
		"--listen-client-urls", url, "--advertise-client-urls", url, "--listen-peer-urls", "http://127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return url, s.Await(url + "/health")
}
