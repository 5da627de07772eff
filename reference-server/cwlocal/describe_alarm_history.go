package cwlocal

import (
	"slices"
	"time"
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
	AlarmHistoryItems []historyItem
	NextToken         *string
}

// describeAlarmHistory also knows the alarms that were deleted.
func (s *Server) describeAlarmHistory(_ time.Time, in *describeAlarmHistoryInput) (*describeAlarmHistoryOutput, *apiError) {
	page, err := recordsPerPage(in.MaxRecords, 100)
	if err != nil {
		return nil, err
	}
	h := &s.alarms.history
	if err := in.check(h); err != nil {
		return nil, err
	}
	request := *in
	request.NextToken = ""
	position, err := resume(request, in.NextToken, 1)
	if err != nil {
		return nil, err
	}
	page = s.opts.Faults.pageSize(page)
	out := &describeAlarmHistoryOutput{AlarmHistoryItems: []historyItem{}}
	for _, i := range in.order(h, position) {
		if !in.matches(&h.items[i]) {
			continue
		}
		if len(out.AlarmHistoryItems) == page {
			out.NextToken = pageToken(request, h.first+int64(i))
			break
		}
		out.AlarmHistoryItems = append(out.AlarmHistoryItems, h.items[i])
	}
	return out, nil
}

func (in *describeAlarmHistoryInput) check(h *history) *apiError {
	kinds := []string{kindConfiguration, kindState, kindAction}
	for _, t := range in.AlarmTypes {
		if !slices.Contains(alarmTypes, t) {
			return enumError(t, "alarmTypes", alarmTypes...)
		}
	}
	switch {
	case in.HistoryItemType != "" && !slices.Contains(kinds, in.HistoryItemType):
		return enumError(in.HistoryItemType, "historyItemType", kinds...)
	case !validScan(in.ScanBy):
		return enumError(in.ScanBy, "scanBy", scanDescending, scanAscending)
	case !h.dropped.IsZero() && (in.StartDate == nil || !in.StartDate.After(h.dropped)):
		return validation("This local CloudWatch stand-in no longer holds all history from StartDate on; ask from after %s.", iso8601(h.dropped))
	}
	return nil
}

// order are the indices of the items from a token's position on, in the order
// of the answer.
func (in *describeAlarmHistoryInput) order(h *history, position []int64) []int {
	var order []int
	for i := range h.items {
		number := h.first + int64(i)
		switch {
		case position == nil:
		case in.ScanBy == scanAscending && number < position[0]:
			continue
		case in.ScanBy != scanAscending && number > position[0]:
			continue
		}
		order = append(order, i)
	}
	if in.ScanBy != scanAscending {
		slices.Reverse(order)
	}
	return order
}

func (in *describeAlarmHistoryInput) matches(item *historyItem) bool {
	return (in.AlarmName == "" || in.AlarmName == item.AlarmName) &&
		(len(in.AlarmTypes) == 0 || slices.Contains(in.AlarmTypes, item.AlarmType)) &&
		(in.HistoryItemType == "" || in.HistoryItemType == item.HistoryItemType) &&
		(in.StartDate == nil || !item.Timestamp.Before(*in.StartDate)) &&
		(in.EndDate == nil || !item.Timestamp.After(*in.EndDate))
}
