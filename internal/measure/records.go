package measure

import "github.com/occbench/occbench/internal/history"

// records counts the attempts on each record, warm-up included.
type records struct{ history.RecordTable[record] }

type record struct{ attempts int }

// hottest returns the record with the most attempts, the one with the smaller id
// of equals; nil without attempts.
func (cs *records) hottest() *Hottest {
	var hot Hottest
	total := 0
	for id, c := range cs.All() {
		total += c.attempts
		if c.attempts > hot.Attempts || c.attempts == hot.Attempts && id < hot.Record {
			hot.Record, hot.Attempts = id, c.attempts
		}
	}
	if total == 0 {
		return nil
	}
	hot.Share = float64(hot.Attempts) / float64(total)
	return &hot
}

// countSeen returns how many records operators read or updated; a list that could not
// be read names none.
func (cs *records) countSeen() int {
	n := cs.Len()
	if cs.Find("") != nil {
		n--
	}
	return n
}
