package history

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func merged(sources ...Source) (string, error) {
	var into bytes.Buffer
	err := Merge(context.Background(), &into, sources)
	return into.String(), err
}

// source is a history without its header.
func source(generator string, shift int64, lines ...string) Source {
	text := strings.Join(append([]string{Header}, lines...), "\n") + "\n"
	return Source{Reader: strings.NewReader(text), Name: generator + ".csv", Generator: generator, Shift: shift}
}

func TestMerge(t *testing.T) {
	got, err := merged(
		source("1", 10,
			"5,9,,0,audit,17,,,seen,200,4,scheduled,,,,",
			"12,,7,1,update,17,4,ready,no_answer,,,,1,w,m%2C1,",
			"13,20,,1,read,17,,,seen,200,4,scheduled,2,,,1"),
		source("a,b", 0,
			"5,19,,0,audit,17,,,seen,200,4,scheduled,,,,",
			"10,22,,2,read,17,,,seen,200,4,scheduled,1,,,",
			"11,30,,3,read,17,,,seen,200,W/x,scheduled,1,,,a%2Cb"),
		source("empty", 0),
	)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Join([]string{Header,
		"15,19,,0,audit,17,,,seen,200,4,scheduled,,,,1",
		"5,19,,0,audit,17,,,seen,200,4,scheduled,,,,a%2Cb",
		"22,,17,1,update,17,4,ready,no_answer,,,,1,w,m%2C1,1",
		"10,22,,2,read,17,,,seen,200,4,scheduled,1,,,a%2Cb",
		"23,30,,1,read,17,,,seen,200,4,scheduled,2,,,1",
		"11,30,,3,read,17,,,seen,200,W/x,scheduled,1,,,a%2Cb",
	}, "\n") + "\n"
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
	r := NewReader(strings.NewReader(got), "merged")
	for op := (Op{}); ; {
		if err := r.Read(&op); err != nil {
			if r.Line() != 7 {
				t.Errorf("line %d: %v", r.Line(), err)
			}
			break
		}
	}
}

func TestMergeRefuses(t *testing.T) {
	const one = "5,9,,1,read,17,,,seen,200,4,scheduled,1,,,"
	cut := source("1", 0, one)
	cut.Reader = strings.NewReader(Header + "\n" + one)
	left := cut
	left.Reader, left.Cut = strings.NewReader(Header+"\n"+one), true
	for words, sources := range map[string][]Source{
		"operator 1 is one of generator a as well": {source("a", 0, one), source("b", 0, one)},
		"before the zero of the run":               {source("a", -6, one)},
		`an operation of generator "c"`:            {source("a", 0, one+"c")},
		"the next line is cut off":                 {cut},
		"is not the header":                        {{Reader: strings.NewReader("a,b\n"), Name: "x", Generator: "x"}},
		"start \"x\" is wrong":                     {source("a", 0, strings.Replace(one, "5", "x", 1))},
		"the line has 2 columns":                   {source("a", 0, "5,9")},
	} {
		if _, err := merged(sources...); err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("%v, want %q", err, words)
		}
	}
	if got, err := merged(left); err != nil || got != Header+"\n" {
		t.Errorf("a source that may be cut off: %q, %v", got, err)
	}
}
