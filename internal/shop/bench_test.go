package shop

import (
	"testing"

	"github.com/go-faster/jx"
)

func BenchmarkScanBoard(b *testing.B) {
	body := boardBody(b, 50)
	var board Board
	var d jx.Decoder
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		d.ResetBytes(body)
		if err := board.read(&d); err != nil {
			b.Fatal(err)
		}
	}
	if len(board.Cards) != 50 {
		b.Fatalf("%d cards, want 50", len(board.Cards))
	}
}
