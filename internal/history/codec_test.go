package history

import (
	"encoding/json"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func with(change func(*Op)) Op {
	o := New()
	o.Start, o.End, o.Operator, o.Attempt = 10, 20, 1, 1
	o.Kind, o.Outcome, o.HTTP = Read, Seen, 200
	change(&o)
	return o
}

func update(change func(*Op)) Op {
	return with(func(o *Op) {
		o.Kind, o.Record, o.Expected, o.Target = Update, "17", 4, "in_progress"
		change(o)
	})
}

func audit(change func(*Op)) Op {
	return with(func(o *Op) {
		o.Kind, o.Operator, o.Attempt = Audit, 0, 0
		change(o)
	})
}

// lines are operations and the lines they are, both ways.
var lines = []struct {
	name string
	op   Op
	line string
}{
	{
		"read", with(func(o *Op) { o.Record, o.Token, o.State = "17", 4, "scheduled" }),
		"10,20,,1,read,17,,,seen,200,4,scheduled,1,,,",
	},
	{
		"read of a list without a record to update", with(func(*Op) {}),
		"10,20,,1,read,,,,seen,200,,,1,,,",
	},
	{
		"read that failed", with(func(o *Op) { o.Outcome, o.HTTP = ServerError, 503 }),
		"10,20,,1,read,,,,server_error,503,,,1,,,",
	},
	{
		"applied", update(func(o *Op) { o.Outcome, o.Token, o.State = Applied, 5, "in_progress" }),
		"10,20,,1,update,17,4,in_progress,applied,200,5,in_progress,1,,,",
	},
	{
		"applied by an open model in the warm-up, third attempt",
		update(func(o *Op) {
			o.Outcome, o.Token, o.State, o.Scheduled, o.Attempt, o.Flags = Applied, 5, "in_progress", 7, 3, Warmup
		}),
		"10,20,7,1,update,17,4,in_progress,applied,200,5,in_progress,3,w,,",
	},
	{
		"conflict that tells nothing", update(func(o *Op) { o.Outcome, o.HTTP = Conflict, 409 }),
		"10,20,,1,update,17,4,in_progress,conflict,409,,,1,,,",
	},
	{
		"conflict of a second click in the warm-up",
		update(func(o *Op) {
			o.Outcome, o.HTTP, o.Token, o.State, o.Flags = Conflict, 409, 5, "ready", Warmup|Double
		}),
		"10,20,,1,update,17,4,in_progress,conflict,409,5,ready,1,wd,,",
	},
	{
		"rejected with the status it tells",
		update(func(o *Op) { o.Outcome, o.HTTP, o.State, o.Flags = Rejected, 422, "completed", Double }),
		"10,20,,1,update,17,4,in_progress,rejected,422,,completed,1,d,,",
	},
	{
		"no answer", update(func(o *Op) { o.Outcome, o.End, o.HTTP = NoAnswer, None, 0 }),
		"10,,,1,update,17,4,in_progress,no_answer,,,,1,,,",
	},
	{
		"malformed", update(func(o *Op) { o.Outcome = Malformed }),
		"10,20,,1,update,17,4,in_progress,malformed,200,,,1,,,",
	},
	{
		"audit", audit(func(o *Op) { o.Record, o.Token, o.State = "Ü-17 b", 0, "ready" }),
		"10,20,,0,audit,Ü-17 b,,,seen,200,0,ready,,,,",
	},
	{
		"audit that failed as a whole", audit(func(o *Op) { o.Outcome, o.HTTP = Unauthorized, 403 }),
		"10,20,,0,audit,,,,unauthorized,403,,,,,,",
	},
	{
		"a race of the run's own, in the warm-up, while the generator stood still",
		update(func(o *Op) { o.Outcome, o.HTTP, o.Flags = Conflict, 409, Warmup|Race|Stalled }),
		"10,20,,1,update,17,4,in_progress,conflict,409,,,1,wrs,,",
	},
	{
		"a record that the list does not show", with(func(o *Op) { o.Record, o.Outcome = "17", Absent }),
		"10,20,,1,read,17,,,absent,200,,,1,,,",
	},
	{
		"one of two things that a list said of a record",
		audit(func(o *Op) { o.Record, o.Token, o.State, o.Flags = "17", 4, "ready", Contradiction }),
		"10,20,,0,audit,17,,,seen,200,4,ready,,x,,",
	},
	{
		"texts that CSV, a terminal or a spreadsheet would not leave alone",
		update(func(o *Op) {
			o.Record, o.Target, o.Outcome, o.HTTP, o.State = "-Jh=L,50%\xff", "=1+1", Rejected, 422, "a\n\u202e\"é"
		}),
		"10,20,,1,update,%2DJh=L%2C50%25%FF,4,%3D1+1,rejected,422,,a%0A%E2%80%AE%22é,1,,,",
	},
	{
		"tokens that are no numbers, with markers, of one of several generators",
		update(func(o *Op) {
			o.Target, o.Outcome, o.Marker, o.Generator = "", Applied, "m-1-7", "pod-2"
			o.Expected, o.Token, o.ExpectedText, o.TokenText = None, None, `"5f"`, "007"
		}),
		"10,20,,1,update,17,%225f%22,,applied,200,007,,1,,m-1-7,pod-2",
	},
	{
		"an answer without the new token",
		update(func(o *Op) { o.Outcome, o.HTTP = Applied, 204 }),
		"10,20,,1,update,17,4,in_progress,applied,204,,,1,,,",
	},
	{
		"greatest numbers",
		update(func(o *Op) {
			o.Start, o.End, o.Scheduled, o.Expected, o.Token = 1<<63-1, 1<<63-1, 1<<63-1, 1<<63-1, 1<<63-1
			o.Operator, o.HTTP, o.Attempt, o.Outcome = 1<<31-1, 999, 255, Throttled
		}),
		"9223372036854775807,9223372036854775807,9223372036854775807,2147483647,update,17,9223372036854775807," +
			"in_progress,throttled,999,9223372036854775807,,255,,,",
	},
	{
		"an end before its start is not the codec's business", with(func(o *Op) { o.End = 9 }),
		"10,9,,1,read,,,,seen,200,,,1,,,",
	},
}

func TestAppendOp(t *testing.T) {
	for _, test := range lines {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.line+"\n", string(AppendOp(nil, &test.op))); diff != "" {
				t.Errorf("line (-want +got):\n%s", diff)
			}
			if reason := test.op.Unrecordable(); reason != "" {
				t.Errorf("the recorder refuses it: %s", reason)
			}
		})
	}
}

func TestRead(t *testing.T) {
	for _, test := range lines {
		t.Run(test.name, func(t *testing.T) {
			r := NewReader(strings.NewReader(Header+"\n"+test.line+"\n"), "test")
			var got Op
			if err := r.Read(&got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.op, got); diff != "" {
				t.Errorf("operation (-want +got):\n%s", diff)
			}
			if err := r.Read(&got); err != io.EOF || r.Truncated() {
				t.Errorf("then %v, truncated %t; want EOF of a whole file", err, r.Truncated())
			}
		})
	}
}

func TestWords(t *testing.T) {
	for k := Read; k <= Audit; k++ {
		if got, err := ParseKind(k.String()); err != nil || got != k {
			t.Errorf("kind %s is parsed as %s, %v", k, got, err)
		}
	}
	for _, o := range Outcomes() {
		if got, err := ParseOutcome(o.String()); err != nil || got != o {
			t.Errorf("outcome %s is parsed as %s, %v", o, got, err)
		}
	}
}

func TestWordsThatAreNone(t *testing.T) {
	_, kind := ParseKind("delete")
	_, outcome := ParseOutcome("kind of applied")
	_, marshalled := json.Marshal(Kind(9))
	for _, test := range []struct {
		name, want string
		err        error
	}{
		{"kind", `kind "delete" is none of read, update, audit`, kind},
		{"outcome", `outcome "kind of applied" is none of seen, applied, conflict,`, outcome},
		{"json", `kind(9) has no word`, marshalled},
	} {
		if test.err == nil || !strings.Contains(test.err.Error(), test.want) {
			t.Errorf("%s: error %v, want one with %q", test.name, test.err, test.want)
		}
	}
	if got, want := Outcome(0).String()+Flags(64).String(), "outcome(0)flags(64)"; got != want {
		t.Errorf("words without a name print as %s, want %s", got, want)
	}
}

func TestWordsInJSON(t *testing.T) {
	type counts struct {
		Kind     Kind            `json:"kind"`
		Outcomes map[Outcome]int `json:"outcomes"`
	}
	want := counts{Update, map[Outcome]int{Applied: 9, NoAnswer: 1}}
	text, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(`{"kind":"update","outcomes":{"applied":9,"no_answer":1}}`, string(text)); diff != "" {
		t.Errorf("JSON (-want +got):\n%s", diff)
	}
	var got counts
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
}

// TestTexts writes and reads any text that is short enough, and no two alike.
func TestTexts(t *testing.T) {
	for _, test := range []struct{ name, text, written string }{
		{"number", "17", "17"},
		{"uuid", "0b0e7c9e-3d0c-4b57-9d0a-6a3b1d0f8a11", "0b0e7c9e-3d0c-4b57-9d0a-6a3b1d0f8a11"},
		{"space inside", "bay 3", "bay 3"},
		{"letters of other scripts", "мойка", "мойка"},
		{"id of Firebase", "-JhLeOlGIEjaIOFHR0xd", "%2DJhLeOlGIEjaIOFHR0xd"},
		{"percent sign", "%2C", "%252C"},
		{"comma", "1,2", "1%2C2"},
		{"comma after a letter of another script", "é,2", "é%2C2"},
		{"double quote", `1"2`, "1%222"},
		{"line end", "1\r\n2", "1%0D%0A2"},
		{"escape", "\x1b[31m", "%1B[31m"},
		{"NUL", "a\x00", "a%00"},
		{"delete", "a\x7f", "a%7F"},
		{"C1 control", "a\u009b31m", "a%C2%9B31m"},
		{"right-to-left override", "a\u202eb", "a%E2%80%AEb"},
		{"broken UTF-8", "a\xffb", "a%FFb"},
		{"replacement character", "a\ufffd", "a%EF%BF%BD"},
		{"formula", "=1+1", "%3D1+1"},
		{"formulas of one letter", "@", "%40"},
		{"longest", strings.Repeat("x", MaxText), strings.Repeat("x", MaxText)},
		{"longest of what has to be encoded", strings.Repeat(",", MaxText/3), strings.Repeat("%2C", MaxText/3)},
	} {
		if written := string(appendText(nil, test.text)); written != test.written {
			t.Errorf("%s: %.20q is written as %.20q, want %.20q", test.name, test.text, written, test.written)
		}
		if text, ok := decodeText(test.written); !ok || text != test.text {
			t.Errorf("%s: %.20q is read as %.20q, %t, want %.20q", test.name, test.written, text, ok, test.text)
		}
		if !Recordable(test.text) {
			t.Errorf("%s: %.20q cannot be recorded", test.name, test.text)
		}
	}
}

func TestTextsThatAreNone(t *testing.T) {
	for _, written := range []string{
		"1%2c2", "50%", "50%2", "%zz", "%41", "a%2D", "%C3%A9", "-1", `"17"`, "a\x1b[m", strings.Repeat("x", MaxText+1), strings.Repeat("%2C", MaxText/3+1),
	} {
		if text, ok := decodeText(written); ok {
			t.Errorf("%.20q is read as %.20q, want an error", written, text)
		}
	}
	for _, text := range []string{"", strings.Repeat("x", MaxText+1), strings.Repeat(",", MaxText/3+1)} {
		if Recordable(text) {
			t.Errorf("%.20q can be recorded", text)
		}
	}
}
