package history

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// readAll reads a history to its end.
func readAll(r *Reader) (ops []Op, err error) {
	for {
		var o Op
		if err := r.Read(&o); err == io.EOF {
			return ops, nil
		} else if err != nil {
			return ops, err
		}
		ops = append(ops, o)
	}
}

const good = "10,20,,1,read,17,,,seen,200,4,scheduled,1,,,\n"

func TestReadRefuses(t *testing.T) {
	for _, test := range []struct{ name, line, want string }{
		{"word for a number", "x,20,,1,read,,,,seen,200,,,1,,,", `start "x" is wrong, want a time in nanoseconds since the base, 0 or more`},
		{"no start", ",20,,1,read,,,,seen,200,,,1,,,", `start "" is wrong`},
		{"negative start", "-1,20,,1,read,,,,seen,200,,,1,,,", `start "-1" is wrong`},
		{"fraction", "10,20.5,,1,read,,,,seen,200,,,1,,,", `end "20.5" is wrong`},
		{"exponent", "10,2e3,,1,read,,,,seen,200,,,1,,,", `end "2e3" is wrong`},
		{"plus sign", "10,20,+5,1,read,,,,seen,200,,,1,,,", `scheduled "+5" is wrong`},
		{"leading zero", "10,020,,1,read,,,,seen,200,,,1,,,", `end "020" is wrong`},
		{"too great by one", "10,9223372036854775808,,1,read,,,,seen,200,,,1,,,", `end "9223372036854775808" is wrong`},
		{"too many digits", "10,99999999999999999999,,1,read,,,,seen,200,,,1,,,", `end "99999999999999999999" is wrong`},
		{"no operator", "10,20,,,read,,,,seen,200,,,1,,,", `operator "" is wrong, want an integer from 0 to 2147483647`},
		{"great operator", "10,20,,2147483648,read,,,,seen,200,,,1,,,", `operator "2147483648" is wrong`},
		{"unknown kind", "10,20,,1,write,,,,seen,200,,,1,,,", `kind "write" is wrong, want read, update, audit`},
		{"capital kind", "10,20,,1,READ,,,,seen,200,,,1,,,", `kind "READ" is wrong`},
		{"control in record", "10,20,,1,read,a\x1b[m,,,seen,200,4,x,1,,,", `record "a\x1b[m" is wrong, want printable text`},
		{"quotes around record", `10,20,,1,read,"17",,,seen,200,4,x,1,,,`, `record "\"17\"" is wrong, want printable text`},
		{"formula as expected", "10,20,,1,update,17,-4,x,rejected,400,,,1,,,", `expected "-4" is wrong, want a token of at most 1024 bytes`},
		{"formula as target", "10,20,,1,update,17,4,=1,rejected,400,,,1,,,", `target "=1" is wrong`},
		{"no outcome", "10,20,,1,read,,,,,200,,,1,,,", `outcome "" is wrong, want seen, applied, conflict, rejected, unauthorized, throttled, server_error, no_answer, malformed, absent`},
		{"http 0", "10,20,,1,read,,,,seen,0,,,1,,,", `http "0" is wrong, want an integer from 100 to 999, or empty`},
		{"http of four digits", "10,20,,1,read,,,,seen,1000,,,1,,,", `http "1000" is wrong`},
		{"quotes around a token", `10,20,,1,read,17,,,seen,200,"4",ready,1,,,`, `token "\"4\"" is wrong, want a token`},
		{"state", "10,20,,1,read,17,,,seen,200,4,\xff,1,,,", `state "\xff" is wrong`},
		{"bare percent sign", "10,20,,1,read,50%,,,seen,200,4,ready,1,,,", `record "50%" is wrong, want printable text of at most 1024 bytes, in which %2C is a comma and %25 a percent sign`},
		{"attempt 0", "10,20,,1,read,,,,seen,200,,,0,,,", `attempt "0" is wrong, want an integer from 1 to 255, or empty`},
		{"attempt 256", "10,20,,1,read,,,,seen,200,,,256,,,", `attempt "256" is wrong`},
		{"flags in another order", "10,20,,1,read,,,,seen,200,,,1,dw,,", `flags "dw" is wrong, want some of the letters wdrsxc in this order, or empty`},
		{"fifteen columns", "10,20,,1,read,,,,seen,200,,,1,,", "the line has 15 columns, want 16"},
		{"seventeen columns", "10,20,,1,read,,,,seen,200,,,1,,,,", "the line has 17 columns, want 16"},
		{"empty line", "", "the line has 1 column, want 16"},
		{"comment", "# a note", "the line has 1 column, want 16"},
		{"NULs", strings.Repeat("\x00", 50), "the line has 1 column, want 16"},
		{"CR LF", "10,20,,1,read,,,,seen,200,,,1,,,\r", "the line ends in CR LF, a history's lines end in LF alone"},
		{"too long", strings.Repeat("x", MaxLine), "the line is longer than 8192 bytes"},
		{"second header", Header, `start "start" is wrong`},

		{"answer without an end", "10,,,1,read,,,,seen,200,,,1,,,", "no end if and only if its outcome is no_answer"},
		{"no answer with an end", "10,20,,1,read,,,,no_answer,,,,1,,,", "no end if and only if its outcome is no_answer"},
		{"audit of an operator", "10,20,,1,audit,,,,seen,200,,,,,,", "an audit, and only an audit, has operator 0"},
		{"read without operator", "10,20,,0,read,,,,seen,200,,,1,,,", "an audit, and only an audit, has operator 0"},
		{"read without attempt", "10,20,,1,read,,,,seen,200,,,,,,", "an audit has no attempt"},
		{"audit with attempt", "10,20,,0,audit,,,,seen,200,,,1,,,", "an audit has no attempt"},
		{"move that was seen", "10,20,,1,update,17,4,ready,seen,200,,,1,,,", "seen is an outcome of reads and audits"},
		{"read that was applied", "10,20,,1,read,17,,,applied,200,5,ready,1,,,", "applied one of updates"},
		{"update without record", "10,20,,1,update,,4,ready,conflict,409,,,1,,,", "an update names its record"},
		{"update without token", "10,20,,1,update,17,,ready,conflict,409,,,1,,,", "an update names its record and the token it expects"},
		{"absent update", "10,20,,1,update,17,4,ready,absent,200,,,1,,,", "absent is an outcome of reads and audits"},
		{"absent without record", "10,20,,1,read,,,,absent,200,,,1,,,", "absent is an outcome of reads and audits that name a record"},
		{"absent with a token", "10,20,,1,read,17,,,absent,200,4,,1,,,", "without token and state"},
		{"contradicting update", "10,20,,1,update,17,4,ready,conflict,409,,,1,x,,", "x is a flag of reads and audits"},
		{"seen without token", "10,20,,1,read,17,,,seen,200,,ready,1,,,", "a record that was seen comes with its token"},
		{"control in marker", "10,20,,1,read,17,,,seen,200,4,ready,1,,a\x07,", `marker "a\a" is wrong, want printable text`},
		{"quotes around generator", `10,20,,1,read,17,,,seen,200,4,ready,1,,,"g"`, `generator "\"g\"" is wrong, want printable text`},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := NewReader(strings.NewReader(Header+"\n"+good+test.line+"\n"+good), "k6_move/history.csv")
			ops, err := readAll(r)
			if want := "reading k6_move/history.csv:3: "; err == nil || !strings.HasPrefix(err.Error(), want) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v\nwant one with %s…%s", err, want, test.want)
			}
			if len(ops) != 1 {
				t.Errorf("%d operations before the error, want 1", len(ops))
			}
			if again := r.Read(new(Op)); again != err {
				t.Errorf("reading on: %v, want the same error", again)
			}
		})
	}
}

func TestReadRefusesHeader(t *testing.T) {
	for _, test := range []struct{ name, file string }{
		{"other columns", "time,user,record\n1,2,3\n"},
		{"format 2", formerHeader + "\n"},
		{"a column more", Header + ",note\n"},
		{"CR LF", Header + "\r\n" + good},
		{"byte order mark", "\ufeff" + Header + "\n"},
		{"no header", good},
		{"short foreign file without line end", "hello"},
		{"header without line end, and more", Header + "x"},
		{"binary", strings.Repeat("\x7fELF", 5000)},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := readAll(NewReader(strings.NewReader(test.file), "x.csv"))
			want := "is not the header of a history of format 3, want \"" + Header + `"`
			switch test.name {
			case "CR LF": // the two texts would look the same
				want = "its lines end in CRLF, want LF (git: core.autocrlf)"
			case "format 2":
				want = "judge it with the version that recorded it (tool_version in its manifest.json)"
			}
			if err == nil || !strings.HasPrefix(err.Error(), "reading x.csv:1: ") || !strings.HasSuffix(err.Error(), want) {
				t.Errorf("error %v\nwant reading x.csv:1: … %s", err, want)
			}
			if err != nil && len(err.Error()) > 700 {
				t.Errorf("the error has %d bytes", len(err.Error()))
			}
		})
	}
}

// TestReadCutOff cuts a history at every byte: what is complete is read, and
// Truncated tells when something is not.
func TestReadCutOff(t *testing.T) {
	ops := traffic(4)
	data := encode(ops)
	for cut := range len(data) + 1 {
		r := NewReader(bytes.NewReader(data[:cut]), "cut")
		got, err := readAll(r)
		if err != nil {
			t.Fatalf("cut at byte %d: %v", cut, err)
		}
		lines := bytes.Count(data[:cut], []byte{'\n'})
		if diff := cmp.Diff(ops[:max(0, lines-1)], got, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("cut at byte %d: operations (-want +got):\n%s", cut, diff)
		}
		if want := cut == 0 || data[cut-1] != '\n'; r.Truncated() != want {
			t.Errorf("cut at byte %d: truncated %t, want %t", cut, r.Truncated(), want)
		}
		if r.Line() != lines {
			t.Errorf("cut at byte %d: line %d, want %d", cut, r.Line(), lines)
		}
	}
}

func TestReadInSmallPieces(t *testing.T) {
	ops := traffic(500)
	for name, src := range map[string]func(io.Reader) io.Reader{
		"one byte": iotest.OneByteReader, "halves": iotest.HalfReader, "data with the error": iotest.DataErrReader,
	} {
		got, err := readAll(NewReader(src(bytes.NewReader(encode(ops))), name))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if diff := cmp.Diff(ops, got); diff != "" {
			t.Errorf("%s: operations (-want +got):\n%s", name, diff)
		}
	}
}

func TestReadNumbersLines(t *testing.T) {
	r := NewReader(bytes.NewReader(encode(traffic(20_000))), "test")
	var o Op
	for want := 2; r.Read(&o) == nil; want++ {
		if r.Line() != want {
			t.Fatalf("line %d, want %d", r.Line(), want)
		}
	}
	if want := 20_001; r.Line() != want {
		t.Errorf("the last line is %d, want %d", r.Line(), want)
	}
}

func TestReadTellsWhyTheSourceFailed(t *testing.T) {
	broken := errors.New("input/output error")
	src := io.MultiReader(strings.NewReader(Header+"\n"+good), iotest.ErrReader(broken))
	ops, err := readAll(NewReader(src, "x.csv"))
	if len(ops) != 1 || !errors.Is(err, broken) || err.Error() != "reading x.csv:3: input/output error" {
		t.Errorf("%d operations, then %v; want 1, then the error of line 3", len(ops), err)
	}
	_, err = readAll(NewReader(idle{}, "x.csv"))
	if !errors.Is(err, io.ErrNoProgress) {
		t.Errorf("a source that returns nothing: %v, want %v", err, io.ErrNoProgress)
	}
}

// idle is a source that is neither at its end nor gives anything.
type idle struct{}

func (idle) Read([]byte) (int, error) { return 0, nil }

func TestReadDoesNotAllocate(t *testing.T) {
	r := NewReader(bytes.NewReader(encode(traffic(10_000))), "test")
	var o Op
	read := func() {
		if err := r.Read(&o); err != nil {
			t.Fatal(err)
		}
	}
	for range 100 {
		read() // meets every record and status
	}
	if got := testing.AllocsPerRun(5000, read); got != 0 {
		t.Errorf("%g allocations per operation, want 0", got)
	}
}

// TestInternerIsBounded gives it more distinct texts than it may keep.
func TestInternerIsBounded(t *testing.T) {
	var texts interner
	text := bytes.Repeat([]byte{'x'}, MaxText)
	for i := range 3 * maxInterned / MaxText {
		copy(text, []byte{byte('a' + i%26), byte('a' + i/26%26), byte('a' + i/676%26), byte('a' + i/17576%26), byte('a' + i/456976)})
		if got, ok := texts.intern(text); !ok || got != string(text) {
			t.Fatalf("text %d comes back as %.20q, %t", i, got, ok)
		}
		if kept := len(texts.texts) * (MaxText + textOverhead); kept > maxInterned {
			t.Fatalf("after %d texts %d bytes are kept, want at most %d", i, kept, maxInterned)
		}
	}
}
