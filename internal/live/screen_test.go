package live

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/goldentest"
)

// terminal understands what a Screen writes: text that wraps at the right edge,
// line feeds, carriage returns, the cursor going up, and erasing to the end of
// the line and of the screen.
type terminal struct {
	t           *testing.T
	width       int
	rows        [][]rune
	row, column int
}

func (m *terminal) Write(p []byte) (int, error) {
	n := len(p)
	for len(p) > 0 {
		if bytes.HasPrefix(p, []byte("\x1b[")) {
			end := bytes.IndexAny(p, "AKJm")
			m.control(string(p[2:end]), p[end])
			p = p[end+1:]
			continue
		}
		r, size := utf8.DecodeRune(p)
		p = p[size:]
		m.put(r)
	}
	return n, nil
}

func (m *terminal) control(argument string, what byte) {
	m.grow()
	switch what {
	case 'A':
		by, err := strconv.Atoi(argument)
		if err != nil || by > m.row {
			m.t.Fatalf("up by %q from row %d", argument, m.row)
		}
		m.row -= by
	case 'K':
		m.rows[m.row] = m.rows[m.row][:min(m.column, len(m.rows[m.row]))]
	case 'J':
		m.control("", 'K')
		m.rows = m.rows[:m.row+1]
	}
}

func (m *terminal) put(r rune) {
	switch r {
	case '\n':
		m.row, m.column = m.row+1, 0
	case '\r':
		m.column = 0
	default:
		if m.column == m.width {
			m.row, m.column = m.row+1, 0
		}
		m.grow()
		for len(m.rows[m.row]) <= m.column {
			m.rows[m.row] = append(m.rows[m.row], ' ')
		}
		m.rows[m.row][m.column] = r
		m.column++
	}
}

func (m *terminal) grow() {
	for len(m.rows) <= m.row {
		m.rows = append(m.rows, nil)
	}
}

// resize breaks and joins lines as terminals do.
func (m *terminal) resize(width int) {
	var rows [][]rune
	cursor := 0
	for i, row := range m.rows {
		if i == m.row {
			cursor = len(rows)
		}
		for len(row) > width {
			rows = append(rows, row[:width:width])
			row = row[width:]
		}
		rows = append(rows, row)
	}
	if m.row >= len(m.rows) {
		cursor = len(rows)
	}
	m.rows, m.row, m.width = rows, cursor, width
}

func (m *terminal) text() string {
	var lines []string
	for _, row := range m.rows {
		lines = append(lines, strings.TrimRight(string(row), " "))
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\n")
}

// However often it is drawn, interrupted by lines and resized, the last frame
// stands on the terminal once, below what was written.
func TestScreenDrawsInPlace(t *testing.T) {
	for _, color := range []bool{false, true} {
		m := &terminal{t: t, width: 100}
		s := &Screen{W: m, Color: color, Size: func() (int, int) { return m.width, 40 }}
		fmt.Fprintln(s, "serve   the bundled server")
		all := listShots()
		s.Show(all["probe"])
		fmt.Fprint(s, "probe   compatible\npla")
		s.Show(all["warm"])
		fmt.Fprint(s, "n    1,000 attempts\n")
		s.Show(all["broken"])
		for i := range 50 {
			shot := all["running"]
			shot.Elapsed, shot.Attempts = time.Duration(i)*time.Second, 1000+i
			s.Show(shot)
			if i == 20 {
				m.resize(47)
			}
			if i == 30 {
				m.resize(120)
			}
		}
		m.resize(70)
		s.Show(all["over"])
		want := strings.Join(append([]string{"serve   the bundled server", "probe   compatible", "plan    1,000 attempts"},
			DrawView(all["over"], Style{Width: 69, Height: 40})...), "\n")
		if diff := cmp.Diff(want, m.text()); diff != "" {
			t.Errorf("color %v (-want +got)\n%s", color, diff)
		}
		s.Close()
		fmt.Fprintln(m, "PASS")
		if diff := cmp.Diff(want+"\n\nPASS", m.text()); diff != "" {
			t.Errorf("the verdict (-want +got)\n%s", diff)
		}
	}
}

// A terminal that does not tell its size gets what fits the usual one.
func TestScreenWithoutASize(t *testing.T) {
	var b bytes.Buffer
	s := &Screen{W: &b, Size: func() (int, int) { return 0, 0 }}
	s.Show(listShots()["running"])
	for line := range strings.Lines(b.String()) {
		if n := countCells(strings.NewReplacer("\x1b[K", "", "\x1b[J", "", "\r", "").Replace(line)); n > usualWidth {
			t.Errorf("%d cells: %q", n, line)
		}
	}
	fmt.Fprint(s, "half a line")
	s.Close()
	if !strings.Contains(b.String(), "half a line\n") || !strings.HasSuffix(b.String(), "over\x1b[K\n\x1b[J\n") {
		t.Errorf("%q", b.String())
	}
}

func TestLines(t *testing.T) {
	var b bytes.Buffer
	l := &Lines{W: &b}
	all := listShots()
	l.Show(all["probe"])
	for _, ms := range []int{0, 1000, 4900, 5000, 6000, 9999, 16_000, 17_000} {
		shot := all["running"]
		shot.Elapsed = time.Duration(ms) * time.Millisecond
		l.Show(shot)
	}
	broken := all["broken"]
	broken.Elapsed = 18 * time.Second
	l.Show(broken)
	l.Show(broken)
	warm := all["warm"]
	warm.Elapsed = 25 * time.Second
	l.Show(warm)
	lost := all["lost"]
	lost.Elapsed = 31 * time.Second
	l.Show(lost)
	l.Show(all["over"])
	goldentest.CompareFile(t, filepath.Join("testdata", "lines.txt"), b.String())
}

func BenchmarkView(b *testing.B) {
	s := listShots()["running"]
	for b.Loop() {
		DrawView(s, Style{Width: 100, Height: 40, Color: true})
	}
}
