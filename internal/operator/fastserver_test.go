package operator

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
)

// The fast server answers every board, and every item, with the same bytes and every
// move with success. It runs in a process of its own, so that the CPU time of a benchmark's
// process is the client's alone.

const fastServerEnv = "OCCBENCH_TEST_FAST_SERVER"

// TestFastServer is the fast server when startFastServer starts it.
func TestFastServer(t *testing.T) {
	if os.Getenv(fastServerEnv) == "" {
		t.Skip("it is started by the benchmarks")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println(listener.Addr())
	go serveFast(listener)
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		t.Fatal(err)
	}
}

func startFastServer(b *testing.B) string {
	b.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestFastServer$")
	cmd.Env = append(os.Environ(), fastServerEnv+"=1")
	in, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := in.Close(); err != nil {
			b.Error(err)
		}
		if err := cmd.Wait(); err != nil {
			b.Error(err)
		}
	})
	addr, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	return "http://" + strings.TrimSpace(addr)
}

func serveFast(listener net.Listener) {
	board := benchBoard(50)
	page := append(fmt.Appendf(nil, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", len(board)), board...)
	for {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		go serveFastConn(conn, page)
	}
}

func serveFastConn(conn net.Conn, page []byte) {
	defer conn.Close()
	in := bufio.NewReader(conn)
	for {
		r, err := http.ReadRequest(in)
		if err != nil {
			return
		}
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			return
		}
		answer := page
		switch {
		case r.Method == http.MethodPost:
			answer = fastMove(r.URL.Path)
		case r.Method == http.MethodPut:
			answer = fastWrite
		case strings.HasPrefix(r.URL.Path, "/items/"):
			answer = fastItem
		}
		if _, err := conn.Write(answer); err != nil {
			return
		}
	}
}

var (
	fastItem = []byte("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nEtag: \"5d41402abc4b\"\r\nContent-Length: 24\r\n\r\n" +
		`{"note":"homqwvq3hl-2u"}`)
	fastWrite = []byte("HTTP/1.1 204 No Content\r\nEtag: \"7d793037a076\"\r\n\r\n")
)

func fastMove(path string) []byte {
	id := strings.Split(path, "/")[4]
	body := `{"ok":true,"data":{"appointment_id":"` + id + `","status":"in_progress","position":0,"version":2,"updated_at":"2026-11-24T08:00:00Z"}}`
	return []byte("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + strconv.Itoa(len(body)) + "\r\n\r\n" + body)
}

// benchBoard is the body of a board of n scheduled cards with ids from 1, all
// fields of the contract included.
func benchBoard(n int) []byte {
	b := []byte(`{"ok":true,"data":{"date":"2026-11-24","columns":{"scheduled":{"items":[`)
	for i := range n {
		if i > 0 {
			b = append(b, ',')
		}
		b = fmt.Appendf(b, `{"id":"%d","customer_id":"%d","vehicle_id":"%d","appt_start":"2026-11-24T08:00:00Z","appt_end":"2026-11-24T08:30:00Z","status":"scheduled","position":%d,"version":1,"notes":"occbench:load card %d","updated_at":"2026-11-23T10:00:00.123456Z","customer_name":"Load Test Customer","make":"Toyota","model":"Corolla","year":2020}`, i+1, i+1, i+1, i, i)
	}
	return append(b, `]},"in_progress":{"items":[]},"ready":{"items":[]},"completed":{"items":[]},"no_show":{"items":[]}},"stats":{"jobsToday":50,"onPrem":0,"statusCounts":{"scheduled":50}}}}`...)
}
