package occ

import (
	"fmt"
	"testing"
	"time"

	"go.k6.io/k6/v2/lib"
)

// segments returns the options of every part of a plan that is divided so.
func segments(t *testing.T, o lib.Options, sequence string) []lib.Options {
	t.Helper()
	all, err := lib.NewExecutionSegmentSequenceFromString(sequence)
	if err != nil {
		t.Fatal(err)
	}
	var parts []lib.Options
	for _, segment := range all {
		part := o
		part.ExecutionSegment, part.ExecutionSegmentSequence = segment, &all
		parts = append(parts, part)
	}
	return parts
}

// Every turn of the undivided plan is played by one generator, at its time, also where
// nothing divides evenly; and each generator's are those that k6 counts for it.
func TestStripes(t *testing.T) {
	plan := func(text string) lib.Options { return scenario(t, text) }
	for _, sequence := range []string{"0,1", "0,1/2,1", "0,1/3,2/3,1", "0,1/4,2/4,3/4,1", "0,1/7,1/2,1"} {
		for _, vus := range []int64{7, 8, 10, 23} {
			for name, o := range map[string]lib.Options{
				"constant": plan(fmt.Sprintf(`{"s":{"executor":"constant-arrival-rate","rate":17001,"timeUnit":"1000s","duration":"9s","preAllocatedVUs":%d,"maxVUs":%[1]d}}`, vus)),
				"ramp":     plan(fmt.Sprintf(`{"s":{"executor":"ramping-arrival-rate","startRate":3,"stages":[{"target":31,"duration":"7s"},{"target":0,"duration":"3s"}],"preAllocatedVUs":%d,"maxVUs":%[1]d}}`, vus)),
			} {
				t.Run(fmt.Sprintf("%s of %d operators over %s", name, vus, sequence), func(t *testing.T) { checkStripes(t, o, sequence, vus) })
			}
		}
	}
}

func checkStripes(t *testing.T, o lib.Options, sequence string, vus int64) {
	whole, err := newSchedule(o, "s")
	if err != nil {
		t.Fatal(err)
	}
	times := map[int64]int64{} // by turn
	for _, part := range segments(t, o, sequence) {
		s, err := newSchedule(part, "s")
		if err != nil {
			t.Fatal(err)
		}
		tuple, err := newTuple(&part)
		if err == nil {
			tuple, err = tuple.GetNewExecutionTupleFromValue(vus)
		}
		if err != nil {
			t.Fatal(err)
		}
		counted := lib.NewSegmentedIndex(tuple) // with which k6 numbers iterations
		for i := range s.total {
			turn := s.stripe.turn(i)
			if _, global := counted.Next(); global != turn+1 {
				t.Fatalf("%s: iteration %d is number %d of the test for k6, %d here", part.ExecutionSegment, i, global, turn+1)
			}
			if _, twice := times[turn]; twice {
				t.Fatalf("turn %d has two generators", turn)
			}
			times[turn] = s.arrivalOf(i)
		}
	}
	if int64(len(times)) != whole.total {
		t.Errorf("%d turns, want %d", len(times), whole.total)
	}
	for turn, at := range times {
		if at != whole.arrivalOf(turn) {
			t.Errorf("turn %d arrives after %s, undivided after %s", turn, time.Duration(at), time.Duration(whole.arrivalOf(turn)))
		}
	}
}

// A generator without an operator is told so, and not given turns that it cannot play.
func TestStripesWithoutOperator(t *testing.T) {
	o := scenario(t, `{"s":{"executor":"constant-arrival-rate","rate":5,"duration":"9s","preAllocatedVUs":1,"maxVUs":1}}`)
	parts := segments(t, o, "0,1/2,1")
	refused := 0
	for _, part := range parts {
		if _, err := newSchedule(part, "s"); err != nil {
			refused++
		}
	}
	if refused != 1 {
		t.Errorf("%d of 2 generators are refused for want of an operator, want 1", refused)
	}
}
