package cwlocal

import (
	"encoding/json"
	"fmt"
	"time"
)

// history is what happened to alarms, the oldest first, bounded in length.
type history struct {
	items   []historyItem
	first   int64 // number of items[0]; items are numbered from 0
	limit   int
	dropped time.Time // of the last item dropped, zero without any
}

type historyItem struct {
	AlarmName       string
	AlarmType       string
	Timestamp       time.Time
	HistoryItemType string
	HistorySummary  string
	HistoryData     string
}

// Kinds of history items. The third one, Action, never occurs here.
const (
	kindConfiguration = "ConfigurationUpdate"
	kindState         = "StateUpdate"
	kindAction        = "Action"
)

func (h *history) add(item historyItem) {
	if len(h.items) >= h.limit {
		n := 1 + h.limit/10 // a tenth at once, so that not each item moves all others
		h.dropped = h.items[n-1].Timestamp
		h.items = append(h.items[:0:0], h.items[n:]...)
		h.first += int64(n)
	}
	h.items = append(h.items, item)
}

func configurationUpdate(a *alarm, at time.Time, what string) historyItem {
	return historyItem{
		AlarmName: a.AlarmName, AlarmType: "MetricAlarm", Timestamp: at, HistoryItemType: kindConfiguration,
		HistorySummary: fmt.Sprintf("Alarm %q %s", a.AlarmName, what),
		HistoryData: jsonText(map[string]any{"version": "1.0", "type": capital(what[:len(what)-1]),
			"alarmName": a.AlarmName}),
	}
}

func stateUpdate(name string, at time.Time, from, to state) historyItem {
	return historyItem{
		AlarmName: name, AlarmType: "MetricAlarm", Timestamp: at, HistoryItemType: kindState,
		HistorySummary: fmt.Sprintf("Alarm updated from %s to %s", from.value, to.value),
		HistoryData: bounded(jsonText(map[string]any{"version": "1.0",
			"oldState": from.document(), "newState": to.document()}), 4095),
	}
}

func (s state) document() map[string]any {
	d := map[string]any{"stateValue": s.value, "stateReason": s.reason}
	if json.Valid([]byte(s.reasonData)) {
		d["stateReasonData"] = json.RawMessage(s.reasonData)
	}
	return d
}
