package main

import (
	"net"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// runs starts a server that is one file of the repository, in Go or Python, and
// names its URL SERVED: `runs docs/first-hour/items.py --check-then-act`.
func runs(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: runs FILE [ARGUMENTS]")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	addr := l.Addr().String()
	ts.Check(l.Close())
	program, rest := []string{"python3", filepath.Join(root, args[0])}, append(args[1:len(args):len(args)], "--addr", addr)
	if filepath.Ext(args[0]) == ".go" {
		program = []string{compile(ts, args[0])}
	}
	server := exec.Command(program[0], append(program[1:], rest...)...)
	ts.Check(server.Start())
	ts.Defer(func() {
		_ = server.Process.Kill() // it may have ended
		_ = server.Wait()         // of being killed
	})
	for range 200 {
		if c, err := net.Dial("tcp", addr); err == nil {
			ts.Check(c.Close())
			ts.Setenv("SERVED", "http://"+addr)
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	ts.Fatalf("%s does not listen on %s", args[0], addr)
}

// compile makes a program of one file of the repository and returns its path.
func compile(ts *testscript.TestScript, file string) string {
	path := ts.MkAbs("compiled-" + strings.TrimSuffix(filepath.Base(file), ".go"))
	if out, err := exec.Command("go", "build", "-o", path, filepath.Join(root, file)).CombinedOutput(); err != nil {
		ts.Fatalf("compiling %s: %v\n%s", file, err, out)
	}
	return path
}
