package occ_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/occbench/occbench/internal/history"
)

// The raw loop is the least that a client in Go can do and still be one: goroutines that
// write the bytes of a request to a connection of their own, look in the answer for the
// record that they picked, and record the operation. It knows one server and checks
// nothing. What it costs is the floor of a benchmark of turns.

const rawEnv = "OCC_TEST_RAW" // target, kind, history and duration

func runRaw(b *testing.B, kind, url, history string, duration time.Duration) {
	b.Helper()
	cmd := exec.CommandContext(context.Background(), os.Args[0])
	cmd.Env = append(os.Environ(), rawEnv+"="+strings.Join([]string{strings.TrimPrefix(url, "http://"), kind, history, duration.String()}, " "))
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("the raw loop: %v\n%s", err, out)
	}
}

// playRaw is the process of a raw loop.
func playRaw(words []string) error {
	length, err := time.ParseDuration(words[3])
	if err != nil {
		return err
	}
	file, err := os.Create(words[2])
	if err != nil {
		return err
	}
	rec, begin := history.NewRecorder(file, history.RecorderOptions{}), time.Now()
	var all sync.WaitGroup
	for operator := range 20 {
		all.Go(func() {
			r := &rawLoop{rec: rec, begin: begin, number: int32(operator + 1), host: words[0]}
			turn := r.listTurn
			if words[1] == "items" {
				turn = r.itemTurn
			}
			conn, err := net.Dial("tcp", words[0])
			for r.conn = conn; err == nil && time.Since(begin) < length; {
				err = turn()
			}
			if err != nil {
				panic(err)
			}
		})
	}
	all.Wait()
	return rec.Close()
}

type rawLoop struct {
	rec    *history.Recorder
	begin  time.Time
	number int32
	host   string
	conn   net.Conn
	in     [64 << 10]byte
	out    []byte
	sent   int
}

// ask sends what is in out, and returns the answer with its header.
func (r *rawLoop) ask(op *history.Op) ([]byte, error) {
	op.Start = int64(time.Since(r.begin))
	if _, err := r.conn.Write(r.out); err != nil {
		return nil, err
	}
	for n, size := 0, 0; size == 0 || n < size; {
		more, err := r.conn.Read(r.in[n:])
		if err != nil {
			return nil, err
		}
		if n += more; size == 0 {
			if end := bytes.Index(r.in[:n], []byte("\r\n\r\n")); end > 0 {
				size = end + 4 + int(number(r.in[:end], "Content-Length: "))
			}
		}
		if size > 0 && n >= size {
			op.End, op.HTTP = int64(time.Since(r.begin)), int16(number(r.in[:n], "HTTP/1.1 "))
			return r.in[:n], nil
		}
	}
	return nil, nil
}

// number returns the number behind a text, 0 without the text.
func number(in []byte, behind string) (n int64) {
	_, text, _ := bytes.Cut(in, []byte(behind))
	for _, c := range bytes.TrimLeft(text[:min(len(text), 24)], " ") {
		if c < '0' || c > '9' {
			break
		}
		n = 10*n + int64(c-'0')
	}
	return n
}

func (r *rawLoop) listTurn() error {
	id := strconv.Itoa(1 + rand.IntN(50))
	read := history.New()
	read.Kind, read.Outcome, read.Operator, read.Attempt, read.Record = history.Read, history.Seen, r.number, 1, id
	r.out = append(append(append(r.out[:0], "GET /api/admin/appointments/board?date=2030-01-15 HTTP/1.1\r\nHost: "...), r.host...), "\r\n\r\n"...)
	answer, err := r.ask(&read)
	if err != nil {
		return err
	}
	_, row, _ := bytes.Cut(answer, []byte(`{"id":"`+id+`"`))
	read.Token, read.State = number(row, `"version":`), "scheduled"
	if _, status, _ := bytes.Cut(row, []byte(`"status":`)); bytes.HasPrefix(bytes.TrimLeft(status[:20], " "), []byte(`"in_progress"`)) {
		read.State = "in_progress"
	}
	r.rec.Record(&read)
	move := read
	move.Kind, move.Expected, move.Target, move.State, move.Token = history.Update, read.Token, "in_progress", "", history.None
	if read.State == move.Target {
		move.Target = "scheduled"
	}
	body := `{"new_status":"` + move.Target + `","expected_version":` + strconv.FormatInt(read.Token, 10) + "}"
	r.out = fmt.Appendf(r.out[:0], "POST /api/admin/appointments/%s/move HTTP/1.1\r\nHost: %s\r\nContent-Length: %d\r\n\r\n%s", id, r.host, len(body), body)
	if answer, err = r.ask(&move); err != nil {
		return err
	}
	if move.Outcome = history.Conflict; move.HTTP == 200 {
		move.Outcome, move.State = history.Applied, move.Target
		move.Token = number(answer, `"version":`)
	}
	r.rec.Record(&move)
	return nil
}

func (r *rawLoop) itemTurn() error {
	id := "occbench-load-" + strconv.Itoa(1+rand.IntN(50))
	read := history.New()
	read.Kind, read.Outcome, read.Operator, read.Attempt, read.Record = history.Read, history.Seen, r.number, 1, id
	r.out = append(append(append(append(append(r.out[:0], "GET /items/"...), id...), " HTTP/1.1\r\nHost: "...), r.host...), "\r\n\r\n"...)
	answer, err := r.ask(&read)
	if err != nil {
		return err
	}
	read.TokenText, read.Token, read.Marker = tag(answer), history.None, "m"
	r.rec.Record(&read)
	put := read
	r.sent++
	put.Kind, put.ExpectedText, put.TokenText, put.Marker = history.Update, read.TokenText, "", fmt.Sprintf("%d-%d", r.number, r.sent)
	body := `{"note":"` + put.Marker + `"}`
	r.out = fmt.Appendf(r.out[:0], "PUT /items/%s HTTP/1.1\r\nHost: %s\r\nIf-Match: %s\r\nContent-Length: %d\r\n\r\n%s", id, r.host, read.TokenText, len(body), body)
	if answer, err = r.ask(&put); err != nil {
		return err
	}
	if put.Outcome = history.Conflict; put.HTTP == 204 {
		put.Outcome, put.TokenText = history.Applied, tag(answer)
	}
	r.rec.Record(&put)
	return nil
}

// tag returns the ETag of an answer.
func tag(answer []byte) string {
	_, text, _ := bytes.Cut(answer, []byte("Etag: "))
	line, _, _ := bytes.Cut(text, []byte("\r\n"))
	return string(line)
}
