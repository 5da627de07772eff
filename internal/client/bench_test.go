package client

import (
	"net"
	"testing"

	"github.com/occbench/occbench/internal/api/apitest"
)

func BenchmarkScanList(b *testing.B) {
	body := boardBody(b, 50)
	var board List
	by, mem := apitest.Appointments(b), takeRoom()
	got := reply{status: 200, body: body}
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if err := board.read(by, mem, &got); err != nil {
			b.Fatal(err)
		}
	}
	if len(board.Records) != 50 {
		b.Fatalf("%d records, want 50", len(board.Records))
	}
}

// BenchmarkOpen is what it costs to look whether a connection has ended.
func BenchmarkOpen(b *testing.B) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer listener.Close()
	conn, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		b.Fatal(err)
	}
	l := newLine(nil, conn, "")
	defer l.close()
	b.ReportAllocs()
	for b.Loop() {
		if !l.isOpen() {
			b.Fatal("it has ended")
		}
	}
}
