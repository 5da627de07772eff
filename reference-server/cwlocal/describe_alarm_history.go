package cwlocal

import (
	"slices"
	"time"

	"github.com/occbench/occbench/reference-server/cwlocal/alarms"
	"github.com/occbench/occbench/reference-server/cwlocal/protocol"
)

type describeAlarmHistoryInput struct {
	AlarmName       string
	AlarmTypes      []string
	HistoryItemType string
	StartDate       *time.Time
	EndDate         *time.Time
	MaxRecords      *int
	NextToken       string
	ScanBy          string // TimestampDescending by default
}

type describeAlarmHistoryOutput struct {
	AlarmHistoryItems []alarms.Item
	NextToken         *string
}

// describeAlarmHistory also knows the alarms that were deleted.
func (s *state) describeAlarmHistory(_ time.Time, in *describeAlarmHistoryInput) (*describeAlarmHistoryOutput, *protocol.Error) {
	page, err := choosePageSize(in.MaxRecords, 100)
	if err != nil {
		return nil, err
	}
	h := &s.alarms.History
	if err := in.check(h); err != nil {
		return nil, err
	}
	request := *in
	request.NextToken = ""
	position, err := protocol.ResumePage(request, in.NextToken, 1)
	if err != nil {
		return nil, err
	}
	page = s.opts.Faults.pageSize(page)
	out := &describeAlarmHistoryOutput{AlarmHistoryItems: []alarms.Item{}}
	for _, i := range in.sortIndices(h, position) {
		if !in.matches(&h.Items[i]) {
			continue
		}
		if len(out.AlarmHistoryItems) == page {
			out.NextToken = protocol.NewPageToken(request, h.First+int64(i))
			break
		}
		out.AlarmHistoryItems = append(out.AlarmHistoryItems, h.Items[i])
	}
	return out, nil
}

func (in *describeAlarmHistoryInput) check(h *alarms.History) *protocol.Error {
	kinds := []string{alarms.KindConfiguration, alarms.KindState, alarms.KindAction}
	for _, t := range in.AlarmTypes {
		if !slices.Contains(alarmTypes, t) {
			return protocol.NewEnumError(t, "alarmTypes", alarmTypes...)
		}
	}
	switch {
	case in.HistoryItemType != "" && !slices.Contains(kinds, in.HistoryItemType):
		return protocol.NewEnumError(in.HistoryItemType, "historyItemType", kinds...)
	case !protocol.IsValidScan(in.ScanBy):
		return protocol.NewEnumError(in.ScanBy, "scanBy", protocol.ScanDescending, protocol.ScanAscending)
	case !h.Dropped.IsZero() && (in.StartDate == nil || !in.StartDate.After(h.Dropped)):
		return protocol.ValidationError("This local CloudWatch stand-in no longer holds all history from StartDate on; ask from after %s.",
			protocol.FormatISO8601(h.Dropped))
	}
	return nil
}

// sortIndices returns the indices of the items from a token's position on, in the order
// of the answer.
func (in *describeAlarmHistoryInput) sortIndices(h *alarms.History, position []int64) []int {
	var order []int
	for i := range h.Items {
		number := h.First + int64(i)
		switch {
		case position == nil:
		case in.ScanBy == protocol.ScanAscending && number < position[0]:
			continue
		case in.ScanBy != protocol.ScanAscending && number > position[0]:
			continue
		}
		order = append(order, i)
	}
	if in.ScanBy != protocol.ScanAscending {
		slices.Reverse(order)
	}
	return order
}

func (in *describeAlarmHistoryInput) matches(item *alarms.Item) bool {
	return (in.AlarmName == "" || in.AlarmName == item.AlarmName) &&
		(len(in.AlarmTypes) == 0 || slices.Contains(in.AlarmTypes, item.AlarmType)) &&
		(in.HistoryItemType == "" || in.HistoryItemType == item.HistoryItemType) &&
		(in.StartDate == nil || !item.Timestamp.Before(*in.StartDate)) &&
		(in.EndDate == nil || !item.Timestamp.After(*in.EndDate))
}
