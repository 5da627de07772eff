package ednimport

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/history"
)

// lines returns operations as they stand in a history.
func lines(ops []history.Op) string {
	var text []byte
	for i := range ops {
		text = history.AppendOp(text, &ops[i])
	}
	return string(text)
}

func TestRead(t *testing.T) {
	for _, c := range []struct {
		name, text string
		form       Form
		keyed      bool
		want       string
		left       map[string]int
	}{
		{"Jepsen, one register", `
			{:type :invoke, :f :read, :value nil, :process 0, :time 10, :index 0}
			{:type :ok, :f :read, :value [1 "a"], :process 0, :time 20}
			{:type :invoke, :f :cas, :value [1 ["a" "b"]], :process 1, :time 30}
			{:type :info, :f :start, :process :nemesis, :time 31}
			{:type :invoke, :f :write, :value [nil "c"], :process 2, :time 32}
			{:type :ok, :f :cas, :value [2 ["a" "b"]], :process 1, :time 40}
			{:type :ok, :f :write, :value [3 "c"], :process 2, :time 41}
			{:type :invoke, :f :cas, :value [3 ["c" "d"]], :process 1, :time 50}
			{:type :fail, :f :cas, :value [3 ["c" "d"]], :process 1, :time 60, :error :timeout}
			{:type :invoke, :f :cas, :value [3 ["c" "d"]], :process 2, :time 70}
			{:type :info, :f :cas, :value [3 ["c" "d"]], :process 2, :time 80}`,
			Jepsen, false, `10,20,,1,read,register,,,seen,,1,,1,,,
30,40,,2,update,register,1,,applied,,2,,1,,,
32,41,,3,update,register,2,,applied,,3,,1,,,
50,60,,2,update,register,3,,rejected,,,,1,,,
70,,,3,update,register,3,,no_answer,,,,1,,,
`, map[string]int{"events of the nemesis": 1}},
		{"Jepsen, keys, in one vector, with a tag", `[
			{:type :invoke, :f :read, :value ["k" nil], :process 0, :time 10}
			#jepsen.history.Op{:type :ok, :f :read, :value ["k" [4 7]], :process 0, :time 20}
			{:type :invoke, :f :write, :value ["k" [4 8]], :process 0, :time 30}]`,
			Jepsen, true, `10,20,,1,read,k,,,seen,,4,,1,,,
30,,,1,update,k,4,,no_answer,,,,1,,,
`, map[string]int{}},
		{"Porcupine", `
			{:process 0, :type :invoke, :f :get, :key "x", :value nil}
			{:process 1, :type :invoke, :f :put, :key "x", :value [0 "1"]}
			{:process 0, :type :ok, :f :get, :key "x", :value [0 ""]}
			{:process 1, :type :ok, :f :put, :key "x", :value [1 "1"]}
			{:process 0, :type :invoke, :f :get, :key "y", :value nil}
			{:process 0, :type :ok, :f :get, :key "y", :value "text"}`,
			Porcupine, false, `1000,3000,,1,read,x,,,seen,,0,,1,,,
2000,4000,,2,update,x,0,,applied,,1,,1,,,
`, map[string]int{"reads without a version": 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := Read(strings.NewReader(c.text), "history.edn", c.form, c.keyed)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, lines(got.Ops)); diff != "" {
				t.Errorf("operations (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(c.left, got.Left); diff != "" {
				t.Errorf("left out (-want +got):\n%s", diff)
			}
			if r := check.History(got.Ops, nil, check.Options{Unaudited: true}); !r.Judged || len(r.Anomalies) > 0 {
				t.Errorf("judged %v %v, anomalies %v", r.Judged, r.Why, r.Anomalies)
			}
		})
	}
}

func TestReadErrors(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"no EDN", `{:type`, "reading h.edn: value 1 is no EDN: "},
		{"no map", `7`, "reading h.edn: operation 1: it is int64, want a map with :process, :type, :f and :value"},
		{"a field is missing", `{:type :ok, :f :read}`, "reading h.edn: operation 1: it lacks one of :process, :type and :f"},
		{"no time", `{:type :invoke, :f :read, :process 1}`, "reading h.edn: operation 1: it has no :time, want nanoseconds"},
		{"no invocation", `{:type :ok, :f :read, :process 1, :time 1}`, "reading h.edn: operation 1: process 1 is answered :ok without an invocation"},
		{"two invocations", `{:type :invoke, :f :read, :process 1, :time 1} {:type :invoke, :f :read, :process 1, :time 2}`,
			"reading h.edn: operation 2: process 1 invokes :read before its last operation was answered"},
		{"another type", `{:type :invoke, :f :read, :process 1, :time 1} {:type :done, :f :read, :process 1, :time 2}`,
			`reading h.edn: operation 2: its :type is "done", want :invoke, :ok, :fail or :info`},
		{"no version", `{:type :invoke, :f :read, :process 1, :time 1} {:type :ok, :f :read, :value 5, :process 1, :time 2}`,
			"reading h.edn: none of its 2 events tells a version: want [version value] as the :value of reads, and of updates the version that they replace or make"},
		{"nothing", ` `, "reading h.edn: the history is empty"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Read(strings.NewReader(c.text), "h.edn", Jepsen, false)
			if err == nil || !strings.HasPrefix(err.Error(), c.want) {
				t.Errorf("error %v, want %s", err, c.want)
			}
		})
	}
}
