package cloudwatch

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"github.com/occbench/occbench/internal/awsapi"
	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/telemetry"
)

// fetchAlarms fetches what the alarms on the run's metrics did. They are evaluated
// once a minute, so the last data of a run that has just ended has not been
// judged yet: that is waited for.
func (p *puller) fetchAlarms(ctx context.Context) error {
	rules, err := p.Client.rules(ctx, p.Source.Namespace)
	if err != nil || len(rules) == 0 {
		return err
	}
	until := p.report.Window.End.Add(aftermath)
	if now := p.Now(); now.Before(until) {
		if p.Evaluation >= 10*time.Second {
			p.Say("waiting %s for the alarms to judge the end of the run", p.Evaluation)
		}
		if err := p.Wait(ctx, p.Evaluation); err != nil {
			return &exit.Problem{Doing: "waiting for the alarms", Cause: err, Next: "pull again with `occbench pull RUN`"}
		}
		if rules, err = p.Client.rules(ctx, p.Source.Namespace); err != nil {
			return err
		}
		if now = p.Now(); now.Before(until) {
			until = now
		}
	}
	published, err := p.listPublished(ctx, rules)
	if err != nil {
		return err
	}
	p.report.AlarmsUntil = until.UTC()
	for _, r := range rules {
		a, err := p.fetchAlarm(ctx, r, until, published)
		if err != nil {
			return err
		}
		p.report.Alarms = append(p.report.Alarms, a)
	}
	return nil
}

// listPublished lists the metrics that the alarms could see. A new metric is listed
// late, so those that answered with data are added.
func (p *puller) listPublished(ctx context.Context, rules []telemetry.Rule) ([]telemetry.Identity, error) {
	all, err := p.Client.ListPublishedFor(ctx, p.Source.Namespace, rules)
	if p.report.Server.Attempts > 0 {
		all = append(all, p.Source.Metric(telemetry.Latency))
	}
	if p.report.Server.ConflictSamples > 0 {
		all = append(all, p.Source.Metric(telemetry.Conflicts))
	}
	return all, err
}

func (p *puller) fetchAlarm(ctx context.Context, r telemetry.Rule, until time.Time,
	published []telemetry.Identity) (telemetry.Alarm, error) {
	w := telemetry.Window{Start: p.report.Window.Start, End: until}
	changes, err := p.Client.listChanges(ctx, r.Name, w)
	since := changes
	if err == nil && len(changes) == 0 && !r.StateChanged.Before(w.Start) {
		since, err = p.Client.findFirstChange(ctx, r.Name, until)
	}
	return telemetry.Alarm{
		Name: r.Name, Watches: r.Condition(), State: r.State, Changes: changes, Blind: r.ExplainBlind(published), Count: r.CountThreshold(),
		Share:   r.ShareThreshold(),
		P95:     r.P95Threshold(),
		PeriodS: int(r.Period / time.Second), ToAlarm: r.ToAlarm,
		Before: telemetry.FindStateBefore(since, r.State, r.StateChanged, w),
	}, err
}

// listChanges lists the changes of an alarm's state within a window, the oldest
// first.
func (c *Client) listChanges(ctx context.Context, alarm string, w telemetry.Window) ([]telemetry.Change, error) {
	all := []telemetry.Change{}
	err := c.walkChanges(ctx, alarm, &sdk.DescribeAlarmHistoryInput{StartDate: aws.Time(w.Start), EndDate: aws.Time(w.End)},
		func(change telemetry.Change) bool {
			all = append(all, change)
			return true
		})
	return all, err
}

// findFirstChange lists the first change of an alarm's state after a moment, if there
// is one.
func (c *Client) findFirstChange(ctx context.Context, alarm string, after time.Time) ([]telemetry.Change, error) {
	var first []telemetry.Change
	err := c.walkChanges(ctx, alarm, &sdk.DescribeAlarmHistoryInput{StartDate: aws.Time(after), MaxRecords: aws.Int32(1)},
		func(change telemetry.Change) bool {
			first = []telemetry.Change{change}
			return false
		})
	return first, err
}

// walkChanges hands over the changes of an alarm's state, the oldest first, until more
// returns false.
func (c *Client) walkChanges(ctx context.Context, alarm string, in *sdk.DescribeAlarmHistoryInput, more func(telemetry.Change) bool) error {
	in.AlarmName, in.HistoryItemType, in.ScanBy = aws.String(alarm), types.HistoryItemTypeStateUpdate, types.ScanByTimestampAscending
	for range maxPages {
		out, err := c.describeHistory(ctx, in)
		if err != nil {
			return err
		}
		for _, item := range out.AlarmHistoryItems {
			change, err := parseChange(item)
			if err != nil || !more(change) {
				return err
			}
		}
		if aws.ToString(out.NextToken) == "" {
			return nil
		}
		in.NextToken = out.NextToken
	}
	return fmt.Errorf("asking CloudWatch for DescribeAlarmHistory: more than %d pages of %s", maxPages, alarm)
}

func (c *Client) describeHistory(ctx context.Context, in *sdk.DescribeAlarmHistoryInput) (*sdk.DescribeAlarmHistoryOutput, error) {
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	out, err := c.api.DescribeAlarmHistory(ctx, in)
	return out, c.explain("DescribeAlarmHistory", err)
}

// historyData is the JSON in the item of a state's change.
type historyData struct {
	OldState, NewState struct {
		StateValue  string `json:"stateValue"`
		StateReason string `json:"stateReason"`
	}
}

// parseChange reads an item. Its summary stands in where the data is no JSON:
// "Alarm updated from OK to ALARM".
func parseChange(item types.AlarmHistoryItem) (telemetry.Change, error) {
	if item.Timestamp == nil {
		return telemetry.Change{}, fmt.Errorf("reading the history of alarm %s: an item has no time",
			awsapi.Clip(aws.ToString(item.AlarmName), maxName))
	}
	change := telemetry.Change{At: item.Timestamp.UTC()}
	var data historyData
	if err := json.Unmarshal([]byte(aws.ToString(item.HistoryData)), &data); err == nil {
		change.From, change.To, change.Reason = data.OldState.StateValue, data.NewState.StateValue, awsapi.Clip(data.NewState.StateReason,
			maxName)
	}
	if change.To == "" {
		words := strings.Fields(aws.ToString(item.HistorySummary))
		if n := len(words); n >= 4 && words[n-2] == "to" {
			change.From, change.To, change.Reason = words[n-3], words[n-1], awsapi.Clip(aws.ToString(item.HistorySummary), maxName)
		}
	}
	if !isAlarmState(change.From) || !isAlarmState(change.To) {
		return change, fmt.Errorf("reading the history of alarm %s: an item tells no states",
			awsapi.Clip(aws.ToString(item.AlarmName), maxName))
	}
	return change, nil
}

func isAlarmState(s string) bool {
	return s == telemetry.StateOK || s == telemetry.StateAlarm || s == telemetry.StateInsufficient
}
