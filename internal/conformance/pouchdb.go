package conformance

import (
	"net/http"
	"os"
	"path/filepath"
	"time"
)

// pouchdb speaks the HTTP interface of CouchDB. The ETag of its GET is a hash of
// the body that Express adds, and not the revision.
var pouchdb = Server{
	Name: "pouchdb", Title: "PouchDB server (express-pouchdb)", API: "couchdb",
	Source: NPM{[]string{"express-pouchdb@4.2.0", "pouchdb@7.3.1", "express@4.22.3"}}, Limit: 4 * time.Minute, Start: startPouchDB,
	Want: Want{Says: []string{"to note: etag"}},
}

const pouchScript = `const [modules, host, port] = process.argv.slice(2);
const load = require('module').createRequire(modules + '/');
const PouchDB = load('pouchdb').defaults({prefix: process.cwd() + '/'});
const app = load('express')();
app.use('/', load('express-pouchdb')(PouchDB, {mode: 'minimumForPouchDB', inMemoryConfig: true}));
app.listen(Number(port), host);
`

func startPouchDB(s *Stage) (string, error) {
	address, err := s.Address()
	if err != nil {
		return "", err
	}
	script := filepath.Join(s.Data, "serve.js")
	if err := os.WriteFile(script, []byte(pouchScript), 0o644); err != nil {
		return "", err
	}
	if err := s.Run(nil, "node", script, s.Path("node_modules"), "127.0.0.1", cutPort(address)); err != nil {
		return "", err
	}
	url := "http://" + address
	if err := s.Await(url + "/"); err != nil {
		return "", err
	}
	return url + "/occbench", s.Send(http.MethodPut, url+"/occbench", "")
}
