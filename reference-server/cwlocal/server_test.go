package cwlocal

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"github.com/occbench/occbench/reference-server/cwlocal/metricdata"
)

// TestGzipOfTheSDK sends a request so large that the SDK packs it.
func TestGzipOfTheSDK(t *testing.T) {
	s := newClock(noon).server(Options{})
	encodings := make(chan string, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		encodings <- r.Header.Get("Content-Encoding")
		s.ServeHTTP(w, r)
	}))
	defer server.Close()
	client := cloudwatch.New(cloudwatch.Options{Region: "us-east-1", BaseEndpoint: aws.String(server.URL),
		Credentials: credentials.NewStaticCredentialsProvider("id", "secret", "")})
	in := cloudwatch.PutMetricDataInput{Namespace: aws.String("N")}
	for range 1000 {
		in.MetricData = append(in.MetricData, types.MetricDatum{MetricName: aws.String("m"), Value: aws.Float64(2)})
	}
	if _, err := client.PutMetricData(context.Background(), &in); err != nil {
		t.Fatal(err)
	}
	if encoding := <-encodings; encoding != "gzip" {
		t.Errorf("the SDK sent the encoding %q: nothing was tested", encoding)
	}
	if got := askSeries(t, s, "Sum", 60); got != "12:00:00=2000" {
		t.Errorf("%s, want 2,000", got)
	}
}

// TestGzipInEveryProtocol packs the same call three times.
func TestGzipInEveryProtocol(t *testing.T) {
	for name, w := range wires {
		s := newClock(noon).server(Options{})
		path, contentType, h, body := w.encode("PutMetricData", seedInputs(t)["PutMetricData"])
		var packed bytes.Buffer
		z := gzip.NewWriter(&packed)
		if _, err := z.Write(body); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		req := httptest.NewRequest(http.MethodPost, path, &packed)
		for name, values := range h {
			req.Header[name] = values
		}
		req.Header.Set("Content-Type", contentType)
		req.Header.Set("Content-Encoding", "gzip")
		answer := httptest.NewRecorder()
		s.ServeHTTP(answer, req)
		if got := askSeries(t, s, "SampleCount", 60); answer.Code != http.StatusOK || got != "12:00:00=9" {
			t.Errorf("%s: %d %s, then %s, want 9 samples", name, answer.Code, answer.Body, got)
		}
	}
}

// TestErrorsOnTheWire checks the envelope of each protocol.
func TestErrorsOnTheWire(t *testing.T) {
	for _, c := range []struct {
		wire, op, mode string
		status         int
		contentType    string
		body           string
	}{
		{"query", "Nope", "", 400, "text/xml", "<Error><Type>Sender</Type><Code>InvalidAction</Code>"},
		{"json", "Nope", "", 400, "application/x-amz-json-1.0", `"__type":"com.amazon.coral.service#UnknownOperationException"`},
		{"json", "Nope", "true", 400, "application/x-amz-json-1.0", `"__type":"com.amazon.coral.service#UnknownOperationException"`},
		{"cbor", "Nope", "true", 400, "application/cbor", "com.amazon.coral.service#UnknownOperationException"},
	} {
		t.Run(fmt.Sprint(c.wire, c.mode), func(t *testing.T) {
			server := httptest.NewServer(newClock(noon).server(Options{}))
			defer server.Close()
			got := post(t, server, wires[c.wire], c.op, nil, map[string]string{"X-Amzn-Query-Mode": c.mode})
			if got.status != c.status || got.header.Get("Content-Type") != c.contentType || !strings.Contains(string(got.body), c.body) {
				t.Errorf("%d %s %q, want %d %s … %s", got.status, got.header.Get("Content-Type"), got.body, c.status, c.contentType, c.body)
			}
			if e := got.header.Get("x-amzn-query-error"); e != "InvalidAction;Sender" {
				t.Errorf("x-amzn-query-error %q", e)
			}
		})
	}
}

func TestRequestsOfNoProtocol(t *testing.T) {
	s := newClock(noon).server(Options{})
	for name, req := range map[string]*http.Request{
		"a browser":       httptest.NewRequest(http.MethodGet, "/", nil),
		"another version": httptest.NewRequest(http.MethodPost, "/", strings.NewReader("Action=ListMetrics&Version=2001-01-01")),
		"a bad escape":    httptest.NewRequest(http.MethodPost, "/", strings.NewReader("Action=%zz")),
	} {
		w := httptest.NewRecorder()
		s.ServeHTTP(w, req)
		if w.Code != 400 || !strings.Contains(w.Body.String(), "<ErrorResponse") {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
}

// TestPreloadReservedNamespace is how tests get AWS/Lambda metrics.
func TestPreloadReservedNamespace(t *testing.T) {
	s := newClock(noon).server(Options{})
	if err := s.Preload("AWS/Lambda", []metricdata.Datum{{MetricName: "Errors", Value: aws.Float64(3)}}); err != nil {
		t.Fatal(err)
	}
	if got := len(must(t, s, "ListMetrics", `{"Namespace": "AWS/Lambda"}`)["Metrics"].([]any)); got != 1 {
		t.Errorf("%d metrics, want 1", got)
	}
	err := s.Preload("AWS/Lambda", []metricdata.Datum{{MetricName: "Errors"}})
	if err == nil || !strings.HasPrefix(err.Error(), "preloading 1 data into AWS/Lambda: MissingParameter: ") {
		t.Errorf("%v", err)
	}
}

// TestConcurrentRequests loses nothing.
func TestConcurrentRequests(t *testing.T) {
	clk := newClock(noon)
	s := clk.server(Options{EvaluationInterval: time.Second})
	must(t, s, "PutMetricAlarm", "{"+ruled+", "+summed+"}")
	var all sync.WaitGroup
	for g := range 8 {
		all.Go(func() {
			r := rand.New(rand.NewPCG(uint64(g), 3))
			for range 50 {
				clk.add(time.Duration(r.IntN(40)) * time.Millisecond)
				if _, failure := ask(t, s, "PutMetricData", `{"Namespace": "N", "MetricData": [{"MetricName": "m", "Value": 1}]}`); failure != "" {
					t.Error(failure)
				}
				if _, failure := ask(t, s, "DescribeAlarms", `{}`); failure != "" {
					t.Error(failure)
				}
			}
		})
	}
	all.Wait()
	if got := askSeries(t, s, "SampleCount", 600); got != "12:00:00=400" {
		t.Errorf("%s, want 400", got)
	}
}
