package pgtest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

const superuser = "occbench"

// startLimit bounds how long a server may take to accept its first connection.
const startLimit = 60 * time.Second

// guard runs the server until its standard input ends, which it does however
// the test process ends: by returning, by a panic, by a kill. A defer or a
// TestMain would not see the last two and leave the server and its files behind.
const guard = `
"$1" -D "$2/data" >"$2/log" 2>&1 </dev/null &
server=$!
while read -r _; do :; done
kill -INT "$server"
wait "$server"
rm -rf "$2"
`

// local starts the one server of this process, on first use.
var local = sync.OnceValues(func() (*url.URL, error) {
	initdb, err := lookUp("initdb")
	if err != nil {
		return nil, errAbsent{err}
	}
	postgres, err := lookUp("postgres")
	if err != nil {
		return nil, errAbsent{err}
	}
	return startServer(initdb, postgres)
})

// errAbsent is the want of PostgreSQL's programs, as against one that fails.
type errAbsent struct{ error }

func startServer(initdb, postgres string) (*url.URL, error) {
	who, err := findAccount()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "occbench-pg-")
	if err != nil {
		return nil, fmt.Errorf("making a folder for PostgreSQL: %w", err)
	}
	if err := errors.Join(who.giveFolder(dir), who.initialise(initdb, dir)); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	if err := who.run(postgres, dir); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	server := &url.URL{Scheme: "postgres", User: url.User(superuser), Path: "/postgres", RawQuery: url.Values{"host": {dir}}.Encode()}
	if err := awaitServer(server); err != nil {
		log, _ := os.ReadFile(filepath.Join(dir, "log"))
		return nil, fmt.Errorf("%w\n%s", err, log)
	}
	return server, nil
}

// initialise makes the cluster. It is reached through a socket in its own
// folder: a port could be taken between choosing and using it.
func (a *account) initialise(initdb, dir string) error {
	cmd := exec.Command(initdb, "-D", filepath.Join(dir, "data"), "-U", superuser,
		"--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions")
	cmd.Dir, cmd.SysProcAttr = dir, a.processAttributes()
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("making a PostgreSQL cluster: %w\n%s", err, out)
	}
	settings := fmt.Sprintf("listen_addresses = ''\nunix_socket_directories = '%s'\nmax_connections = 200\n", dir)
	return appendTo(filepath.Join(dir, "data", "postgresql.conf"), settings)
}

func appendTo(path, text string) error {
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Close())
}

// run starts the guard and the server with it. The pipe's other end is kept
// open for as long as this process lives, and no child inherits it.
func (a *account) run(postgres, dir string) error {
	cmd := exec.Command("/bin/sh", "-c", guard, "guard", postgres, dir)
	cmd.Dir, cmd.SysProcAttr = dir, a.processAttributes()
	lifeline, err := cmd.StdinPipe()
	if err != nil {
		return fmt.Errorf("starting PostgreSQL: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("starting PostgreSQL: %w", err)
	}
	keepAlive = lifeline
	return nil
}

// keepAlive holds the lifeline: a collected pipe is a closed one.
var keepAlive any

// awaitServer returns when the server takes connections.
func awaitServer(server *url.URL) error {
	ctx, cancel := context.WithTimeout(context.Background(), startLimit)
	defer cancel()
	for {
		conn, err := pgx.Connect(ctx, server.String())
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("waiting for PostgreSQL to start: %w", err)
		case <-time.After(10 * time.Millisecond):
		}
	}
}
