package conformance

// Servers are all rows, in the order of the table.
var Servers = []Server{
	versitygw170, versitygw180, versitygw180Sidecar,
	solid717, solid720,
	apacheDigest, apacheDefault,
	etcd, kubernetes,
	pouchdb, dynalite, radicale, jsonServer,
}
