package operator

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/occbench/occbench/internal/api/apitest"
	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/workload"
)

// BenchmarkTurn plays turns without think and pause over loopback against a
// fast server in another process. The figure that counts is client-µs/turn:
// the CPU time of this process, kernel included, per GET of a 50-card board and
// POST of a move.
func BenchmarkTurn(b *testing.B) {
	target := startFastServer(b)
	for _, operators := range []int{1, 20} {
		b.Run(fmt.Sprintf("operators=%d", operators), func(b *testing.B) {
			benchTurns(b, target, operators, func() http.RoundTripper { return nil })
		})
	}
}

// BenchmarkTurnDirect is BenchmarkTurn over the transports of a run, one for each operator.
func BenchmarkTurnDirect(b *testing.B) {
	target := startFastServer(b)
	for _, operators := range []int{1, 20} {
		b.Run(fmt.Sprintf("operators=%d", operators), func(b *testing.B) {
			benchTurns(b, target, operators, func() http.RoundTripper {
				return &client.Direct{Dial: (&net.Dialer{}).DialContext, Fallback: http.DefaultTransport}
			})
		})
	}
}

// BenchmarkTurnSingle is BenchmarkTurnDirect for an API without a list: GET of one item
// and PUT of it, with tags.
func BenchmarkTurnSingle(b *testing.B) {
	by := itemsAPI(b, false, "header:ETag")
	shop, err := client.New(client.Config{
		API: by, Target: startFastServer(b), Transport: &client.Direct{Dial: (&net.Dialer{}).DialContext, Fallback: http.DefaultTransport},
	})
	if err != nil {
		b.Fatal(err)
	}
	var ids []string
	for n := range 50 {
		ids = append(ids, by.RecordID("load", n+1))
	}
	o := benchOperator(b, shop, NewRoster(ids), 1, 1, func(*history.Op) {})
	measure(b, 1, func(int) error {
		r, err := o.Turn(context.Background())
		if err == nil && r.Outcome != history.Applied {
			b.Fatalf("%+v", r)
		}
		return err
	})
}

// BenchmarkTurnSingleFloor writes the bytes of these two requests to one connection and
// reads as many bytes as their answers have: what two round trips cost the kernel and
// Go's scheduler, which no client undercuts.
func BenchmarkTurnSingleFloor(b *testing.B) {
	conn, err := net.Dial("tcp", strings.TrimPrefix(startFastServer(b), "http://"))
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close()
	const head = " /items/occbench-load-7 HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nAccept: */*\r\nAccept-Encoding: identity\r\n"
	read := []byte("GET" + head + "\r\n")
	write := []byte("PUT" + head + "Content-Length: 24\r\nContent-Type: application/json\r\nIf-Match: \"5d41402abc4b\"\r\n\r\n" + `{"note":"homqwvq3hl-2u"}`)
	var answer [1024]byte
	measure(b, 1, func(int) error {
		for request, size := range map[*[]byte]int{&read: len(fastItem), &write: len(fastWrite)} {
			if _, err := conn.Write(*request); err != nil {
				return err
			}
			if _, err := io.ReadFull(conn, answer[:size]); err != nil {
				return err
			}
		}
		return nil
	})
}

// BenchmarkTurnFloor sends the two requests of a turn over net/http alone and
// throws the answers away: what no client of this transport can undercut.
func BenchmarkTurnFloor(b *testing.B) {
	const operators = 20
	target := startFastServer(b)
	transport := &http.Transport{MaxIdleConnsPerHost: operators, DisableCompression: true}
	defer transport.CloseIdleConnections()
	measure(b, operators, func(int) error {
		if err := discard(transport, http.MethodGet, target+"/api/admin/appointments/board?date=2026-11-24", ""); err != nil {
			return err
		}
		return discard(transport, http.MethodPost, target+"/api/admin/appointments/7/move", `{"new_status":"in_progress","expected_version":1}`)
	})
}

func discard(transport http.RoundTripper, method, url, body string) error {
	r, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		return err
	}
	resp, err := transport.RoundTrip(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	_, err = io.Copy(io.Discard, resp.Body)
	return err
}

// measure shares b.N turns among the operators and reports the client's CPU.
func measure(b *testing.B, operators int, turn func(operator int) error) {
	var left atomic.Int64
	var all sync.WaitGroup
	left.Store(int64(b.N))
	b.ReportAllocs()
	b.ResetTimer()
	before := cpuTime(b)
	for i := range operators {
		all.Go(func() {
			for left.Add(-1) >= 0 {
				if err := turn(i); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	b.ReportMetric(float64(cpuTime(b)-before)/1e3/float64(b.N), "client-µs/turn")
}

func benchTurns(b *testing.B, target string, operators int, transport func() http.RoundTripper) {
	by := apitest.OneWay(b)
	shop := func() *client.Client {
		c, err := client.New(client.Config{API: by, Target: target, Date: "2026-11-24", Transport: transport()})
		if err != nil {
			b.Fatal(err)
		}
		return c
	}
	ids, err := Audit(context.Background(), shop(), "load", nil, func(*history.Op) {})
	if err != nil || len(ids) != 50 {
		b.Fatalf("audit: %d cards, %v", len(ids), err)
	}
	roster := NewRoster(ids)
	var moved atomic.Int64
	record := func(op *history.Op) {
		if op.Outcome == history.Applied {
			moved.Add(1)
		}
	}
	crew := make([]*Operator, operators)
	for i := range crew {
		crew[i] = benchOperator(b, shop(), roster, i+1, operators, record)
	}
	measure(b, operators, func(i int) error {
		_, err := crew[i].Turn(context.Background())
		return err
	})
	if moved.Load() != int64(b.N) {
		b.Fatalf("%d of %d turns moved a card", moved.Load(), b.N)
	}
}

func benchOperator(b *testing.B, client *client.Client, roster *Roster, number, operators int, record func(*history.Op)) *Operator {
	pick, err := workload.ParsePick("uniform")
	if err != nil {
		b.Fatal(err)
	}
	o, err := New(Config{
		Shop: client, Roster: roster, Number: int32(number), Spec: run.Spec{RandSeed: 1}, Record: record,
		Picker: pick.NewPicker(roster.Len(), number, operators),
	})
	if err != nil {
		b.Fatal(err)
	}
	return o
}

// BenchmarkDraws is what the model adds to a turn of the open model: its own
// source, a card and its times.
func BenchmarkDraws(b *testing.B) {
	pick, err := workload.ParsePick("zipf")
	if err != nil {
		b.Fatal(err)
	}
	think, err := workload.ParseDelay("lognormal:250ms,900ms")
	if err != nil {
		b.Fatal(err)
	}
	client, err := client.New(client.Config{API: apitest.OneWay(b), Target: "http://127.0.0.1:1"})
	if err != nil {
		b.Fatal(err)
	}
	o, err := New(Config{
		Shop: client, Roster: NewRoster([]string{"1"}), Number: 1, Spec: run.Spec{Think: think, DoubleUpdates: 0.1},
		Picker: pick.NewPicker(100_000, 1, 1),
	})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	turn := uint64(0)
	for b.Loop() {
		o.arrivalPCG.Seed(o.cfg.RandSeed, turn|1<<62)
		o.cfg.draw(o.arrival)
		turn++
	}
}
