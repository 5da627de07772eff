package refserver

import (
	"time"

	"github.com/go-faster/jx"

	"github.com/occbench/occbench/reference-server/appointment"
)

// cardSize is about what a card takes on the wire, in bytes.
const cardSize = 420

var columns = appointment.Statuses()

// appendBoard writes the answer of the board call. It is written by hand
// because it is most of what the server sends: reflection would take longer
// than the query. A test holds it to what encoding/json makes of the same cards.
func appendBoard(buf []byte, day time.Time, cards []appointment.Card) []byte {
	if buf == nil {
		buf = make([]byte, 0, 512+cardSize*len(cards))
	}
	w := &jx.Writer{Buf: buf}
	w.RawStr(`{"ok":true,"data":{"date":"`)
	w.Buf = day.AppendFormat(w.Buf, time.DateOnly)
	w.RawStr(`","columns":{`)
	for i, column := range columns {
		if i > 0 {
			w.RawStr(`,`)
		}
		w.Str(string(column))
		w.RawStr(`:{"items":[`)
		appendColumn(w, column, cards)
		w.RawStr(`]}`)
	}
	w.RawStr(`},"stats":`)
	appendStats(w, countStatuses(cards))
	w.RawStr(`}}`)
	return w.Buf
}

func appendColumn(w *jx.Writer, column appointment.Status, cards []appointment.Card) {
	first := true
	for i := range cards {
		if cards[i].Status != column {
			continue
		}
		if !first {
			w.RawStr(`,`)
		}
		first = false
		appendCard(w, &cards[i])
	}
}

func appendCard(w *jx.Writer, c *appointment.Card) {
	w.RawStr(`{"id":`)
	w.Str(c.ID)
	w.RawStr(`,"customer_id":`)
	w.Str(c.CustomerID)
	w.RawStr(`,"vehicle_id":`)
	w.Str(c.VehicleID)
	w.RawStr(`,"appt_start":`)
	appendTime(w, c.Start)
	w.RawStr(`,"appt_end":`)
	appendTime(w, c.End)
	w.RawStr(`,"status":`)
	w.Str(string(c.Status))
	w.RawStr(`,"position":`)
	w.Int(c.Position)
	w.RawStr(`,"version":`)
	w.Int64(c.Version)
	w.RawStr(`,"notes":`)
	w.Str(c.Notes)
	w.RawStr(`,"updated_at":`)
	appendTime(w, c.UpdatedAt)
	w.RawStr(`,"customer_name":`)
	w.Str(c.CustomerName)
	w.RawStr(`,"make":`)
	w.Str(c.Make)
	w.RawStr(`,"model":`)
	w.Str(c.Model)
	w.RawStr(`,"year":`)
	w.Int(c.Year)
	w.RawStr(`}`)
}

func appendTime(w *jx.Writer, t time.Time) {
	w.RawStr(`"`)
	w.Buf = t.AppendFormat(w.Buf, time.RFC3339Nano)
	w.RawStr(`"`)
}

func appendStats(w *jx.Writer, s appointment.Stats) {
	w.RawStr(`{"jobsToday":`)
	w.Int(s.JobsToday)
	w.RawStr(`,"onPrem":`)
	w.Int(s.OnPrem)
	w.RawStr(`,"statusCounts":{`)
	for i, column := range columns {
		if i > 0 {
			w.RawStr(`,`)
		}
		w.Str(string(column))
		w.RawStr(`:`)
		w.Int(s.StatusCounts[column])
	}
	w.RawStr(`}}`)
}
