package live

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"sync"
)

// Screen draws snapshots in place at the bottom of a terminal. What is written
// to it meanwhile scrolls by above. It sets no mode of the terminal, so whatever
// ends the program leaves the terminal as it was.
//
// Its methods may be called at once.
type Screen struct {
	W     io.Writer
	Size  func() (width, height int) // of the terminal; 0: unknown
	Color bool

	mu    sync.Mutex
	last  Snapshot
	drawn []string // lines that stand on the terminal, the cursor below them
	half  []byte   // of a written line whose end is still to come
}

// The size of a terminal that does not tell.
const (
	usualWidth, usualHeight = 80, 24
)

// Show draws a snapshot over the one before.
func (s *Screen) Show(shot Snapshot) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last = shot
	s.draw(nil)
}

// Write lets whole lines scroll by above the snapshot.
func (s *Screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.half = append(s.half, p...)
	end := bytes.LastIndexByte(s.half, '\n') + 1
	if end == 0 {
		return len(p), nil
	}
	text := s.half[:end]
	s.half = append([]byte(nil), s.half[end:]...)
	s.scroll(text)
	return len(p), nil
}

// scroll writes whole lines above the snapshot, folded to the width of the terminal.
func (s *Screen) scroll(text []byte) {
	width, _ := s.size()
	text = []byte(foldText(string(text), width))
	if s.drawn != nil {
		s.draw(text)
		return
	}
	_, _ = s.W.Write(text) // as with a frame
}

// Close leaves the last snapshot where it is, with an empty line below it.
func (s *Screen) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.half) > 0 {
		s.scroll(append(s.half, '\n'))
		s.half = nil
	}
	if s.drawn != nil {
		fmt.Fprintln(s.W)
		s.drawn = nil
	}
}

// draw writes a frame at once: in pieces it would flicker.
func (s *Screen) draw(above []byte) {
	width, height := s.size()
	var b bytes.Buffer
	if rows := countRows(s.drawn, width, height); rows > 0 {
		fmt.Fprintf(&b, "\x1b[%dA", rows)
	}
	b.WriteByte('\r')
	if above != nil {
		b.WriteString("\x1b[J")
		b.Write(above)
	}
	s.drawn = DrawView(s.last, Style{Width: width, Height: height, Color: s.Color})
	for _, line := range s.drawn {
		b.WriteString(line + "\x1b[K\n")
	}
	b.WriteString("\x1b[J")
	_, _ = s.W.Write(b.Bytes()) // a terminal that is gone misses nothing
}

// size leaves the last column free: a terminal that wraps early would break
// every line in two.
func (s *Screen) size() (width, height int) {
	if s.Size != nil {
		width, height = s.Size()
	}
	if width <= 0 {
		width = usualWidth
	}
	if height <= 0 {
		height = usualHeight
	}
	return max(width-1, 1), height
}

// countRows returns how many rows the lines take on the terminal at its
// present width: a terminal that became narrower breaks long lines. It never
// exceeds the height, because rows above it have scrolled away.
func countRows(lines []string, width, height int) int {
	rows := 0
	for _, line := range lines {
		rows += max(1, (countCells(strings.TrimRight(line, " "))+width)/(width+1))
	}
	return min(rows, height-1)
}
