package sqlite

import (
	"testing"
	"time"
)

var day = time.Date(2026, 1, 6, 0, 0, 0, 0, time.UTC)

// fill opens a store with n cards of the day that have these notes.
func fill(tb testing.TB, n int, notes string) *Store {
	tb.Helper()
	s, err := Open(tb.Context(), "")
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Error(err)
		}
	})
	start := day.Add(9 * time.Hour).UnixMicro()
	for _, insert := range []struct {
		sql  string
		args []any
	}{
		{`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
INSERT INTO customers (id, name) SELECT i, 'Customer ' || i FROM n`, []any{n}},
		{`INSERT INTO vehicles SELECT id, id, 'vin', 'Ford', 'Focus', 2020 FROM customers`, nil},
		{`INSERT INTO appointments SELECT id, id, id, ?, ?, 'ready', id, 7, ?, ? FROM customers`, []any{start, start + 1, notes, start + 2}},
	} {
		if _, err := s.write.ExecContext(tb.Context(), insert.sql, insert.args...); err != nil {
			tb.Fatal(err)
		}
	}
	return s
}

// A card shows every text as it was written.
func TestNotes(t *testing.T) {
	for _, notes := range []string{"", `"quoted" \ and / <b>`, "a\x00b\x01\x1f\x7f", "Ä \U0001F698 \u2028 \ufeff", "tab\tline\r\nend", "half \xff\xc3 text"} {
		s := fill(t, 1, notes)
		cards, err := s.Board(t.Context(), day)
		if err != nil || len(cards) != 1 || cards[0].Notes != notes {
			t.Errorf("%q is shown as %+v, %v", notes, cards, err)
		}
		if card, err := s.Card(t.Context(), 1); err != nil || card != cards[0] {
			t.Errorf("the board shows %+v, the card %+v, %v", cards[0], card, err)
		}
	}
}

func BenchmarkBoard(b *testing.B) {
	s := fill(b, 50, "a note")
	for b.Loop() {
		if cards, err := s.Board(b.Context(), day); err != nil || len(cards) != 50 {
			b.Fatal(len(cards), err)
		}
	}
}
