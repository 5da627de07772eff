package alarms

import (
	"encoding/json"
	"fmt"
	"time"
)

// History lists the events of alarms, the oldest first, bounded in length.
type History struct {
	Items   []Item
	First   int64 // number of items[0]; items are numbered from 0
	limit   int
	Dropped time.Time // of the last item dropped, zero without any
}

type Item struct {
	AlarmName       string
	AlarmType       string
	Timestamp       time.Time
	HistoryItemType string
	HistorySummary  string
	HistoryData     string
}

// Kinds of history items. The third one, Action, never occurs here.
const (
	KindConfiguration = "ConfigurationUpdate"
	KindState         = "StateUpdate"
	KindAction        = "Action"
)

func (h *History) Add(item Item) {
	if len(h.Items) >= h.limit {
		n := 1 + h.limit/10 // a tenth at once, so that not each item moves all others
		h.Dropped = h.Items[n-1].Timestamp
		h.Items = append(h.Items[:0:0], h.Items[n:]...)
		h.First += int64(n)
	}
	h.Items = append(h.Items, item)
}

func NewConfigurationUpdate(a *Alarm, at time.Time, what string) Item {
	return Item{
		AlarmName: a.AlarmName, AlarmType: "MetricAlarm", Timestamp: at, HistoryItemType: KindConfiguration,
		HistorySummary: fmt.Sprintf("Alarm %q %s", a.AlarmName, what),
		HistoryData: formatJSON(map[string]any{"version": "1.0", "type": capitalize(what[:len(what)-1]),
			"alarmName": a.AlarmName}),
	}
}

func newStateUpdate(name string, at time.Time, from, to State) Item {
	return Item{
		AlarmName: name, AlarmType: "MetricAlarm", Timestamp: at, HistoryItemType: KindState,
		HistorySummary: fmt.Sprintf("Alarm updated from %s to %s", from.Value, to.Value),
		HistoryData: boundText(formatJSON(map[string]any{"version": "1.0",
			"oldState": from.document(), "newState": to.document()}), 4095),
	}
}

func (s State) document() map[string]any {
	d := map[string]any{"stateValue": s.Value, "stateReason": s.Reason}
	if json.Valid([]byte(s.ReasonData)) {
		d["stateReasonData"] = json.RawMessage(s.ReasonData)
	}
	return d
}
