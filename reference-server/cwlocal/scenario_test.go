package cwlocal

import (
	"context"
	"encoding/json"
	"errors"
	"net/http/httptest"
	"reflect"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/schemas"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/transport/http/protocol/awsjson"
	"github.com/aws/smithy-go/transport/http/protocol/awsquery"
	"github.com/google/go-cmp/cmp"
)

// A call of the scenario, and its answer as every client must decode it. Want
// is JSON; a failure is {"error": code, "message": …}.
type call struct {
	name, op, input, want string
	later                 time.Duration // how far the clock goes before it
}

const (
	dims      = `"Dimensions": [{"Name": "Service", "Value": "MoveAPI"}, {"Name": "Environment", "Value": "demo"}]`
	conflicts = `"Namespace": "EdgarAutoShop/MoveAPI", "MetricName": "OCCConflicts"`
	latency   = `"Namespace": "EdgarAutoShop/MoveAPI", "MetricName": "MoveLatency"`
	inOrder   = `"Dimensions": [{"Name": "Environment", "Value": "demo"}, {"Name": "Service", "Value": "MoveAPI"}]`
)

// The scenario: a run whose conflicts make alarms fire, as the runbook's
// clients see it.
var scenario = []call{
	{name: "an account without alarms", op: "DescribeAlarms", input: `{}`, want: `{}`},
	{name: "the runbook's alarm, without dimensions", op: "PutMetricAlarm", input: `{"AlarmName": "never", ` + conflicts + `,
		"Statistic": "Sum", "Period": 300, "EvaluationPeriods": 1, "Threshold": 30, "ComparisonOperator": "GreaterThanThreshold"}`, want: `{}`},
	{name: "the same with the emitter's dimensions", op: "PutMetricAlarm", input: `{"AlarmName": "MoveAPI-HighConflictRate", ` + conflicts + `, ` + dims + `,
		"Statistic": "Sum", "Period": 300, "EvaluationPeriods": 1, "Threshold": 30, "ComparisonOperator": "GreaterThanThreshold",
		"TreatMissingData": "notBreaching", "AlarmActions": ["arn:aws:sns:us-east-1:000000000000:pager"]}`, want: `{}`},
	{name: "a rate, by metric math", op: "PutMetricAlarm", input: `{"AlarmName": "rate", "EvaluationPeriods": 1, "Threshold": 10, "ComparisonOperator": "GreaterThanThreshold",
		"Metrics": [
			{"Id": "rate", "Expression": "IF(a >= 20, 100 * c / a, 0)", "Label": "conflicts, %", "ReturnData": true},
			{"Id": "c", "MetricStat": {"Metric": {` + conflicts + `, ` + dims + `}, "Period": 60, "Stat": "Sum"}, "ReturnData": false},
			{"Id": "a", "MetricStat": {"Metric": {` + latency + `, ` + dims + `}, "Period": 60, "Stat": "SampleCount"}, "ReturnData": false}]}`, want: `{}`},
	{name: "a percentile alarm", op: "PutMetricAlarm", input: `{"AlarmName": "MoveAPI-HighLatency", ` + latency + `, ` + dims + `,
		"ExtendedStatistic": "p95", "Period": 60, "EvaluationPeriods": 3, "DatapointsToAlarm": 2, "Threshold": 400, "ComparisonOperator": "GreaterThanThreshold"}`, want: `{}`},
	{name: "a minute of data", op: "PutMetricData", input: `{"Namespace": "EdgarAutoShop/MoveAPI", "MetricData": [
		{"MetricName": "OCCConflicts", ` + dims + `, "Values": [0, 1], "Counts": [160, 40], "Unit": "Count"},
		{"MetricName": "MoveLatency", ` + dims + `, "Values": [12.5, 80, 450], "Counts": [150, 41, 9], "Unit": "Milliseconds", "StorageResolution": 1}]}`, want: `{}`},
	{name: "a statistic set", op: "PutMetricData", input: `{"Namespace": "Other", "MetricData": [{"MetricName": "Set",
		"StatisticValues": {"SampleCount": 3, "Sum": 6.5, "Minimum": 1, "Maximum": 4.5}, "Timestamp": "2026-11-23T11:58:30Z"}]}`, want: `{}`},
	{name: "what is published", op: "ListMetrics", input: `{"Namespace": "EdgarAutoShop/MoveAPI"}`, want: `{"Metrics": [
		{` + latency + `, ` + inOrder + `}, {` + conflicts + `, ` + inOrder + `}]}`},
	{name: "found by one dimension", op: "ListMetrics", input: `{"MetricName": "OCCConflicts", "Dimensions": [{"Name": "Service"}]}`,
		want: `{"Metrics": [{` + conflicts + `, ` + inOrder + `}]}`},
	{name: "asked without dimensions: nothing, and that is complete", op: "GetMetricData", input: `{"StartTime": "2026-11-23T11:55:00Z", "EndTime": "2026-11-23T12:05:00Z",
		"MetricDataQueries": [{"Id": "c", "MetricStat": {"Metric": {` + conflicts + `}, "Period": 300, "Stat": "Sum"}}]}`,
		want: `{"MetricDataResults": [{"Id": "c", "Label": "OCCConflicts", "StatusCode": "Complete"}]}`},
	{name: "statistics and metric math", op: "GetMetricData", input: `{"StartTime": "2026-11-23T11:57:12Z", "EndTime": "2026-11-23T12:03:00Z", "MetricDataQueries": [
		{"Id": "c", "MetricStat": {"Metric": {` + conflicts + `, ` + dims + `}, "Period": 300, "Stat": "Sum"}},
		{"Id": "a", "MetricStat": {"Metric": {` + latency + `, ` + dims + `}, "Period": 300, "Stat": "SampleCount"}},
		{"Id": "p", "MetricStat": {"Metric": {` + latency + `, ` + dims + `}, "Period": 300, "Stat": "p95.5"}, "Label": "p95.5, ms"},
		{"Id": "rate", "Expression": "100 * c / a"}]}`,
		want: `{"MetricDataResults": [
			{"Id": "c", "Label": "OCCConflicts", "StatusCode": "Complete", "Timestamps": ["2026-11-23T11:57:00Z"], "Values": [40]},
			{"Id": "a", "Label": "MoveLatency", "StatusCode": "Complete", "Timestamps": ["2026-11-23T11:57:00Z"], "Values": [200]},
			{"Id": "p", "Label": "p95.5, ms", "StatusCode": "Complete", "Timestamps": ["2026-11-23T11:57:00Z"], "Values": [80]},
			{"Id": "rate", "Label": "rate", "StatusCode": "Complete", "Timestamps": ["2026-11-23T11:57:00Z"], "Values": [20]}]}`},
	{name: "plain statistics", op: "GetMetricStatistics", input: `{"Namespace": "Other", "MetricName": "Set", "StartTime": "2026-11-23T11:50:00Z",
		"EndTime": "2026-11-23T12:00:00Z", "Period": 60, "Statistics": ["Average", "Minimum", "Maximum", "Sum", "SampleCount"]}`,
		want: `{"Label": "Set", "Datapoints": [{"Timestamp": "2026-11-23T11:58:00Z", "Unit": "None",
			"Average": 2.1666666666666665, "Minimum": 1, "Maximum": 4.5, "Sum": 6.5, "SampleCount": 3}]}`},
	{name: "percentiles", op: "GetMetricStatistics", input: `{` + latency + `, ` + dims + `, "StartTime": "2026-11-23T12:00:00Z",
		"EndTime": "2026-11-23T12:10:00Z", "Period": 60, "ExtendedStatistics": ["p50", "p99"]}`,
		want: `{"Label": "MoveLatency", "Datapoints": [{"Timestamp": "2026-11-23T12:00:00Z", "Unit": "Milliseconds", "ExtendedStatistics": {"p50": 12.5, "p99": 450}}]}`},
	{name: "a statistic that is not here", op: "GetMetricStatistics", input: `{` + latency + `, "StartTime": "2026-11-23T12:00:00Z",
		"EndTime": "2026-11-23T12:10:00Z", "Period": 60, "ExtendedStatistics": ["tm90"]}`,
		want: `{"error": "ValidationError", "message": "the statistic \"tm90\" is not supported by this local CloudWatch stand-in"}`},
	{name: "a namespace of AWS", op: "PutMetricData", input: `{"Namespace": "AWS/Lambda", "MetricData": [{"MetricName": "Errors", "Value": 1}]}`,
		want: `{"error": "InvalidParameterValue", "message": "The value AWS/Lambda for parameter Namespace is invalid: only AWS publishes there."}`},
	{name: "another operation", op: "ListDashboards", input: `{}`,
		want: `{"error": "InvalidAction", "message": "The operation \"ListDashboards\" is not implemented by this local CloudWatch stand-in."}`},
	{name: "after a minute one is in ALARM", op: "DescribeAlarms", later: time.Minute, input: `{"StateValue": "ALARM", "AlarmNamePrefix": "MoveAPI-"}`,
		want: `{"MetricAlarms": [{"AlarmName": "MoveAPI-HighConflictRate", "AlarmArn": "arn:aws:cloudwatch:us-east-1:000000000000:alarm:MoveAPI-HighConflictRate",
			"AlarmConfigurationUpdatedTimestamp": "2026-11-23T12:00:00Z", "ActionsEnabled": true, "AlarmActions": ["arn:aws:sns:us-east-1:000000000000:pager"],
			"StateValue": "ALARM", "StateReason": "Threshold Crossed: 1 out of the last 1 datapoints [40.0 (23/11/26 11:56:00)] was greater than the threshold (30.0) (1 datapoint for OK -> ALARM transition).",
			"StateReasonData": "{\"evaluatedDatapoints\":[{\"timestamp\":\"2026-11-23T11:56:00.000+0000\",\"value\":40}],\"period\":300,\"queryDate\":\"2026-11-23T12:01:00.000+0000\",\"recentDatapoints\":[40],\"startDate\":\"2026-11-23T11:56:00.000+0000\",\"statistic\":\"Sum\",\"threshold\":30,\"version\":\"1.0\"}",
			"StateUpdatedTimestamp": "2026-11-23T12:01:00Z", "StateTransitionedTimestamp": "2026-11-23T12:01:00Z", ` + conflicts + `, ` + dims + `, "Statistic": "Sum",
			"Period": 300, "EvaluationPeriods": 1, "Threshold": 30, "ComparisonOperator": "GreaterThanThreshold", "TreatMissingData": "notBreaching"}]}`},
	{name: "so is the rate", op: "DescribeAlarmHistory", input: `{"AlarmName": "rate", "HistoryItemType": "StateUpdate"}`,
		want: `{"AlarmHistoryItems": [{"AlarmName": "rate", "AlarmType": "MetricAlarm", "HistoryItemType": "StateUpdate", "Timestamp": "2026-11-23T12:01:00Z",
			"HistorySummary": "Alarm updated from INSUFFICIENT_DATA to ALARM",
			"HistoryData": "{\"newState\":{\"stateReason\":\"Threshold Crossed: 1 out of the last 1 datapoints [20.0 (23/11/26 12:00:00)] was greater than the threshold (10.0) (1 datapoint for OK -\\u003e ALARM transition).\",\"stateReasonData\":{\"evaluatedDatapoints\":[{\"timestamp\":\"2026-11-23T12:00:00.000+0000\",\"value\":20}],\"period\":60,\"queryDate\":\"2026-11-23T12:01:00.000+0000\",\"recentDatapoints\":[20],\"startDate\":\"2026-11-23T12:00:00.000+0000\",\"threshold\":10,\"version\":\"1.0\"},\"stateValue\":\"ALARM\"},\"oldState\":{\"stateReason\":\"Unchecked: Initial alarm creation\",\"stateValue\":\"INSUFFICIENT_DATA\"},\"version\":\"1.0\"}"}]}`},
	{name: "the runbook's alarm never fires", op: "DescribeAlarmHistory", later: 10 * time.Minute, input: `{"AlarmName": "never"}`,
		want: `{"AlarmHistoryItems": [{"AlarmName": "never", "AlarmType": "MetricAlarm", "HistoryItemType": "ConfigurationUpdate", "Timestamp": "2026-11-23T12:00:00Z",
			"HistorySummary": "Alarm \"never\" created", "HistoryData": "{\"alarmName\":\"never\",\"type\":\"Create\",\"version\":\"1.0\"}"}]}`},
	{name: "an alarm set by hand", op: "SetAlarmState", input: `{"AlarmName": "never", "StateValue": "ALARM", "StateReason": "drill <&>"}`, want: `{}`},
	{name: "an alarm that is not there", op: "SetAlarmState", input: `{"AlarmName": "nobody", "StateValue": "OK", "StateReason": "drill"}`,
		want: `{"error": "ResourceNotFound", "message": ""}`},
	{name: "its history, the newest first", op: "DescribeAlarmHistory", input: `{"AlarmName": "never", "MaxRecords": 1, "StartDate": "2026-11-23T12:01:00Z"}`,
		want: `{"AlarmHistoryItems": [{"AlarmName": "never", "AlarmType": "MetricAlarm", "HistoryItemType": "StateUpdate", "Timestamp": "2026-11-23T12:11:00Z",
			"HistorySummary": "Alarm updated from INSUFFICIENT_DATA to ALARM",
			"HistoryData": "{\"newState\":{\"stateReason\":\"drill \\u003c\\u0026\\u003e\",\"stateValue\":\"ALARM\"},\"oldState\":{\"stateReason\":\"Unchecked: Initial alarm creation\",\"stateValue\":\"INSUFFICIENT_DATA\"},\"version\":\"1.0\"}"}]}`},
	{name: "deleting what is there and what is not", op: "DeleteAlarms", input: `{"AlarmNames": ["never", "nobody"]}`, want: `{}`},
	{name: "it is gone", op: "DescribeAlarms", input: `{"AlarmNames": ["never"]}`, want: `{}`},
}

// A client plays calls against an endpoint. It returns the decoded answer.
type client func(t *testing.T, url string, c call) any

func TestScenario(t *testing.T) {
	for name, play := range map[string]client{
		"sdk cbor":  sdkClient(nil),
		"sdk query": sdkClient(func(o *cloudwatch.Options) { o.Protocol = awsquery.New(schemas.GraniteServiceVersion20100801) }),
		"sdk json":  sdkClient(func(o *cloudwatch.Options) { o.Protocol = awsjson.New10(schemas.GraniteServiceVersion20100801) }),
	} {
		t.Run(name, func(t *testing.T) { playScenario(t, play) })
	}
	t.Run("aws cli", func(t *testing.T) { playScenario(t, startCLI(t).play) })
}

func playScenario(t *testing.T, play client) {
	clk := newClock(noon)
	server := httptest.NewServer(clk.server(Options{}))
	defer server.Close()
	for _, c := range scenario {
		clk.add(c.later)
		if diff := cmp.Diff(normal(parse(t, c.want)), normal(play(t, server.URL, c))); diff != "" {
			t.Errorf("%s, %s (-want +got):\n%s", c.name, c.op, diff)
		}
	}
}

func parse(t *testing.T, text string) any {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return v
}

// normal drops what decoders make of what was not sent: nulls, empty lists and
// strings. The recordings' test tells them apart, on the wire.
func normal(node any) any {
	switch v := node.(type) {
	case map[string]any:
		m := map[string]any{}
		for k, child := range v {
			if c := normal(child); c != nil && k != "ResultMetadata" {
				m[k] = c
			}
		}
		return m
	case []any:
		l := []any{}
		for _, child := range v {
			l = append(l, normal(child))
		}
		if len(l) == 0 {
			return nil
		}
		return l
	case string:
		if v == "" {
			return nil
		}
		if at, err := time.Parse(time.RFC3339, v); err == nil {
			return at.UTC().Format(time.RFC3339Nano)
		}
	}
	return node
}

func sdkClient(choose func(*cloudwatch.Options)) client {
	return func(t *testing.T, url string, c call) any {
		o := cloudwatch.Options{
			Region: "us-east-1", BaseEndpoint: aws.String(url),
			Credentials: credentials.NewStaticCredentialsProvider("id", "secret", ""),
			Retryer:     aws.NopRetryer{},
		}
		if choose != nil {
			choose(&o)
		}
		method := reflect.ValueOf(cloudwatch.New(o)).MethodByName(c.op)
		in := reflect.New(method.Type().In(1).Elem())
		if err := json.Unmarshal([]byte(c.input), in.Interface()); err != nil {
			t.Fatal(err)
		}
		out := method.Call([]reflect.Value{reflect.ValueOf(context.Background()), in})
		if err, _ := out[1].Interface().(error); err != nil {
			return sdkFailure(t, err)
		}
		text, err := json.Marshal(out[0].Interface())
		if err != nil {
			t.Fatal(err)
		}
		return parse(t, string(text))
	}
}

func sdkFailure(t *testing.T, err error) any {
	t.Helper()
	var api smithy.APIError
	if !errors.As(err, &api) {
		t.Fatalf("not an answer of the service: %v", err)
	}
	return map[string]any{"error": api.ErrorCode(), "message": api.ErrorMessage()}
}
