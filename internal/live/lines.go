package live

import (
	"fmt"
	"io"
	"time"
)

// Lines writes a line every few seconds while the load goes on, for logs and
// where nothing more is asked for.
type Lines struct {
	W     io.Writer
	Every time.Duration // 0: 5 s

	next  time.Duration // of the load
	ended string
}

const usualEvery = 5 * time.Second

// Show writes a line when it is time for one, or when there is news.
func (l *Lines) Show(s Snapshot) {
	every := l.Every
	if every <= 0 {
		every = usualEvery
	}
	if l.next == 0 {
		l.next = every
	}
	news := s.Ending != l.ended
	if s.Stage != Load || s.Elapsed < l.next && !news {
		return
	}
	l.ended = s.Ending
	for l.next <= s.Elapsed {
		l.next += every
	}
	fmt.Fprintln(l.W, FormatLine(s))
}
