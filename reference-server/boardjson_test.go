package refserver

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/reference-server/appointment"
)

// reflected is the board as encoding/json is told of it.
type reflected struct {
	OK   bool `json:"ok"`
	Data struct {
		Date    string `json:"date"`
		Columns map[appointment.Status]struct {
			Items []appointment.Card `json:"items"`
		} `json:"columns"`
		Stats appointment.Stats `json:"stats"`
	} `json:"data"`
}

func TestBoardIsWhatReflectionWouldWrite(t *testing.T) {
	day := time.Date(2026, 1, 6, 0, 0, 0, 0, time.UTC)
	cards := []appointment.Card{
		{ID: "1", Status: appointment.Ready, Version: 1 << 62, Position: -1, Start: day, End: day.Add(time.Hour), UpdatedAt: day.Add(123456 * time.Microsecond), Year: 2020,
			CustomerID: "2", VehicleID: "3", Notes: "quotes \" and \\ and \n\t\x01 and <&> and é 😀 \u2028", CustomerName: "Ada", Make: "VW", Model: "Golf"},
		{ID: "2", Status: appointment.Scheduled},
		{ID: "3", Status: appointment.Ready},
		{ID: "4", Status: appointment.NoShow},
	}
	var got reflected
	text := appendBoard(nil, day, cards)
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	var want reflected
	want.OK, want.Data.Date, want.Data.Stats = true, "2026-01-06", countStatuses(cards)
	want.Data.Columns = map[appointment.Status]struct {
		Items []appointment.Card `json:"items"`
	}{}
	for _, column := range appointment.Statuses() {
		c := want.Data.Columns[column]
		c.Items = []appointment.Card{}
		for _, card := range cards {
			if card.Status == column {
				c.Items = append(c.Items, card)
			}
		}
		want.Data.Columns[column] = c
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func BenchmarkAppendBoard(b *testing.B) {
	cards := make([]appointment.Card, 50)
	for i := range cards {
		cards[i] = appointment.Card{ID: "17", CustomerID: "17", VehicleID: "17", Status: appointment.Ready, Version: 3, Notes: "occbench:load",
			Start: time.Unix(1e9, 0).UTC(), End: time.Unix(1e9, 0).UTC(), UpdatedAt: time.UnixMicro(1e15 + 1).UTC(), CustomerName: "Ada Brandt", Make: "VW", Model: "Golf", Year: 2020}
	}
	b.ReportAllocs()
	for b.Loop() {
		appendBoard(nil, cards[0].Start, cards)
	}
}
