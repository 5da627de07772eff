package command

import (
	"fmt"
	"io"
	"strings"
	"sync"
)

// Outlet is stdout, which remembers what could not be written: cobra prints the help and drops the error.
type Outlet struct {
	io.Writer
	once sync.Once
	err  error
}

func (o *Outlet) Write(p []byte) (int, error) {
	n, err := o.Writer.Write(p)
	if err != nil {
		o.once.Do(func() { o.err = err })
	}
	return n, err
}

// Err returns the first error of a write.
func (o *Outlet) Err() error {
	if o.err == nil {
		return nil
	}
	return fmt.Errorf("writing to stdout: %w", o.err)
}

// JoinLines returns a message on one line, whatever an error or a target put
// into it.
func JoinLines(s string) string {
	// errors.Join puts each error on a line of its own.
	s = strings.ReplaceAll(strings.TrimSpace(s), "\n", "; ")
	return strings.Map(func(r rune) rune {
		if r == '\t' {
			return ' '
		}
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 {
			return '?'
		}
		return r
	}, s)
}
