package history_test

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/occbench/occbench/internal/history"
)

// A lost race: both operators read version 4, operator 1 moves first, and
// operator 2 is refused.
const race = `start,end,scheduled,operator,kind,record,expected,target,outcome,http,token,state,attempt,flags,marker,generator
5000000,7200000,,1,read,17,,,seen,200,4,scheduled,1,,,
5100000,7300000,,2,read,17,,,seen,200,4,scheduled,1,,,
257000000,259400000,,1,update,17,4,in_progress,applied,200,5,in_progress,1,,,
258000000,260100000,,2,update,17,4,in_progress,conflict,409,5,in_progress,1,,,
`

func ExampleReader() {
	r := history.NewReader(strings.NewReader(race), "history.csv")
	var o history.Op
	err := r.Read(&o)
	for ; err == nil; err = r.Read(&o) {
		fmt.Printf("line %d: operator %d, %s of record %s: %s, token %d\n", r.Line(), o.Operator, o.Kind, o.Record, o.Outcome, o.Token)
	}
	if err != io.EOF {
		fmt.Println(err)
	}
	// Output:
	// line 2: operator 1, read of record 17: seen, token 4
	// line 3: operator 2, read of record 17: seen, token 4
	// line 4: operator 1, update of record 17: applied, token 5
	// line 5: operator 2, update of record 17: conflict, token 5
}

func ExampleRecorder() {
	r := history.NewRecorder(struct {
		io.Writer
		io.Closer
	}{os.Stdout, io.NopCloser(nil)}, history.RecorderOptions{})
	o := history.New()
	o.Start, o.End, o.Operator, o.Attempt = 5_000_000, 7_200_000, 1, 1
	o.Kind, o.Outcome, o.HTTP = history.Read, history.Seen, 200
	o.Record, o.Token, o.State = "17", 4, "scheduled"
	r.Record(&o)
	if err := r.Close(); err != nil {
		fmt.Println(err)
	}
	fmt.Println("dropped:", r.Dropped())
	// Output:
	// start,end,scheduled,operator,kind,record,expected,target,outcome,http,token,state,attempt,flags,marker,generator
	// 5000000,7200000,,1,read,17,,,seen,200,4,scheduled,1,,,
	// dropped: 0
}
