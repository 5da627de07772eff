package conformance

// Servers are all rows, in the order of the table.
var Servers = []Server{
	versitygw170, versitygw180, versitygw180Sidecar,
	solid717, solid720,
	apacheDigest, apacheDefault,
	etcd,
	pouchdb, dynalite, radicale, jsonServer,
	kubernetes, // takes longest to build: the others must not wait for it
}
