package conformance

import "time"

// kubernetes is the API server of Kubernetes for custom resources, as Kubernetes
// tests it itself: no cluster, an etcd below it.
var kubernetes = Server{
	Name: "kubernetes", Title: "Kubernetes API (apiextensions-apiserver)", API: "kubernetes",
	Source: Both{
		Debian{"etcd-server"},
		Module{Folder: "kubernetes", Package: ".", Path: "k8s.io/apiextensions-apiserver"},
	},
	Limit: 12 * time.Minute, Start: startKubernetes,
}

func startKubernetes(s *Stage) (string, error) {
	store, err := startEtcd(s)
	if err != nil {
		return "", err
	}
	address, err := s.Address()
	if err != nil {
		return "", err
	}
	if err := s.Run([]string{"KUBE_INTEGRATION_ETCD_URL=" + store}, s.Path("server"), address); err != nil {
		return "", err
	}
	url := "http://" + address
	return url, s.Await(url + "/apis/apiextensions.k8s.io/v1/customresourcedefinitions")
}
