package check_test

import (
	"fmt"
	"os"

	"github.com/occbench/occbench/check"
)

// Two clients read the tag "1" of a document, both send an update with it, and both are told
// that it is done: one of the updates is lost.
func Example() {
	ops := []check.Operation{
		{Kind: check.Audit, Record: "doc", Start: 0, End: 1, Outcome: check.Seen, Token: `"1"`},
		{Kind: check.Read, Record: "doc", Operator: 1, Start: 10, End: 12, Outcome: check.Seen, Token: `"1"`},
		{Kind: check.Read, Record: "doc", Operator: 2, Start: 11, End: 13, Outcome: check.Seen, Token: `"1"`},
		{Kind: check.Update, Record: "doc", Operator: 1, Start: 20, End: 24, Outcome: check.Applied, Status: 200, Expected: `"1"`, Token: `"2"`},
		{Kind: check.Update, Record: "doc", Operator: 2, Start: 21, End: 27, Outcome: check.Applied, Status: 200, Expected: `"1"`, Token: `"3"`},
		{Kind: check.Audit, Record: "doc", Start: 40, End: 41, Outcome: check.Seen, Token: `"3"`},
	}
	report, err := check.History(ops, check.Options{Opaque: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, a := range report.Anomalies {
		fmt.Println(a.ID, a.Title)
		fmt.Println(a.Sentence)
		for _, p := range a.Proof {
			fmt.Printf("line %d: client %d, %s of %s: %s %s\n", p.Line, p.Operator, p.Kind, p.Record, p.Outcome, p.Token)
		}
	}
	// Output:
	// OCC-01 lost update
	// Two updates of record doc were both confirmed although both started from token "1", so one was overwritten.
	// line 5: client 1, update of doc: applied "2"
	// line 6: client 2, update of doc: applied "3"
}

// Operations become a history.csv, which the commands of occbench take as well.
func ExampleWrite() {
	err := check.Write(os.Stdout, []check.Operation{
		{Kind: check.Read, Record: "doc", Operator: 1, Start: 10, End: 12, Outcome: check.Seen, Status: 200, Token: "7"},
		{Kind: check.Update, Record: "doc", Operator: 1, Start: 20, Outcome: check.NoAnswer, Expected: "7"},
	})
	if err != nil {
		fmt.Println(err)
	}
	// Output:
	// start,end,scheduled,operator,kind,record,expected,target,outcome,http,token,state,attempt,flags,marker,generator
	// 10,12,,1,read,doc,,,seen,200,7,,1,,,
	// 20,,,1,update,doc,7,,no_answer,,,,1,,,
}
