package history

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReadLines(t *testing.T) {
	ops := traffic(5000)
	wanted := []int{4001, 2, 5001, 17, 4001, 18}
	got, err := ReadLines(bytes.NewReader(encode(ops)), "test", wanted)
	if err != nil {
		t.Fatal(err)
	}
	var want []Op
	for _, line := range wanted {
		want = append(want, ops[line-2])
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("operations (-want +got):\n%s", diff)
	}
}

func TestReadLinesRefuses(t *testing.T) {
	file := Header + "\n" + good + "x\n" + good + good[:9]
	for _, test := range []struct {
		name, file string
		lines      []int
		want       string
	}{
		{"the header", file, []int{4, 1}, "reading test:1: the first operation is on line 2"},
		{"no line", file, []int{0}, "reading test:0: the first operation is on line 2"},
		{"a wrong line", file, []int{2, 3}, "reading test:3: the line has 1 column, want 16"},
		{"the line that was cut off", file, []int{5}, "reading test:5: the file ends at line 4"},
		{"a line behind the end", file, []int{2, 99}, "reading test:99: the file ends at line 4"},
		{"another file", "hello\n", []int{2}, "reading test:1: \"hello\" is not the header"},
		{"an empty file", "", []int{2}, "reading test:2: the file ends at line 0"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := ReadLines(strings.NewReader(test.file), "test", test.lines)
			if err == nil || !strings.HasPrefix(err.Error(), test.want) {
				t.Errorf("error %v, want %s", err, test.want)
			}
		})
	}
}

func TestReadLinesSkipsUnread(t *testing.T) {
	got, err := ReadLines(strings.NewReader(Header+"\n"+good+"x\n"+good), "test", []int{4})
	if err != nil || len(got) != 1 || got[0].Record != "17" {
		t.Errorf("line 4 is %+v, %v", got, err)
	}
	if got, err := ReadLines(strings.NewReader(""), "test", nil); err != nil || len(got) != 0 {
		t.Errorf("no lines are %+v, %v; want none", got, err)
	}
}
