package api

import "bytes"

// Fields are the lines of an answer's header as they came, each "Name: value\r\n".
type Fields []byte

// Get returns the first value of a header, nil where there is none. The name is compared
// without regard to case.
func (f Fields) Get(name string) []byte {
	for len(f) > len(name) {
		if f[len(name)] == ':' && bytes.EqualFold(f[:len(name)], []byte(name)) {
			line, _, _ := bytes.Cut(f[len(name)+1:], []byte("\r\n"))
			return bytes.Trim(line, " \t")
		}
		end := bytes.IndexByte(f, '\n')
		if end < 0 {
			break
		}
		f = f[end+1:]
	}
	return nil
}
