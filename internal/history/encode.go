package history

import "strconv"

// Format is the version of the file that this package writes and reads.
const Format = 3

// Header is the first line of a history, without its line end. Its exact text
// is the format's version: a column more, less or elsewhere is another format.
const Header = "start,end,scheduled,operator,kind,record,expected,target,outcome,http,token,state,attempt,flags,marker,generator"

// formerHeader is the header of formats 1 and 2, which are refused by name.
const formerHeader = "start,end,scheduled,operator,kind,card,expected,target,outcome,http,version,status,attempt,flags"

// MaxLine is the greatest length of a line, in bytes, line end included.
const MaxLine = 8192

// AppendOp appends the line of one operation, line end included, and returns
// the extended buffer. It does not check the operation: what the Recorder
// refuses is not readable afterwards.
func AppendOp(dst []byte, o *Op) []byte {
	dst = appendNumber(dst, o.Start)
	dst = appendNumber(dst, o.End)
	dst = appendNumber(dst, o.Scheduled)
	dst = strconv.AppendInt(dst, int64(o.Operator), 10)
	dst = appendWord(append(dst, ','), o.Kind.String())
	dst = append(appendText(dst, o.Record), ',')
	dst = appendToken(dst, o.Expected, o.ExpectedText)
	dst = append(appendText(dst, o.Target), ',')
	dst = appendWord(dst, o.Outcome.String())
	dst = appendCount(dst, int64(o.HTTP))
	dst = appendToken(dst, o.Token, o.TokenText)
	dst = append(appendText(dst, o.State), ',')
	dst = appendCount(dst, int64(o.Attempt))
	dst = appendWord(dst, o.Flags.String())
	dst = append(appendText(dst, o.Marker), ',')
	return append(appendText(dst, o.Generator), '\n')
}

// appendNumber writes a number whose absence is None.
func appendNumber(dst []byte, n int64) []byte {
	if n != None {
		dst = strconv.AppendInt(dst, n, 10)
	}
	return append(dst, ',')
}

// appendCount writes a number whose absence is 0.
func appendCount(dst []byte, n int64) []byte {
	if n != 0 {
		dst = strconv.AppendInt(dst, n, 10)
	}
	return append(dst, ',')
}

func appendWord(dst []byte, word string) []byte {
	return append(append(dst, word...), ',')
}
