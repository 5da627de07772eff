package lineage

import (
	"slices"

	"github.com/occbench/occbench/internal/history"
)

// reuse says which lines showed a reused token first, by a read and by an answer, and what else it
// is known to stand for.
type reuse struct {
	first [2]struct {
		content uint64
		line    int
	}
	told []uint64
}

// noteReuse reports the second and every further content of a token. Contents of
// updates without a marker are the states that they asked for.
func (n *Numbering) noteReuse(f *Record, o *history.Op, line int, token int32, content uint64, how uint8) {
	t := n.nodes.at(token)
	if content == 0 || o.Marker != "" && (t.flags&isReused == 0 || n.contentOf(token, content) == noNode) {
		return
	}
	if n.reused[token] == nil {
		if o.Marker == "" && t.flags&madeTwice == 0 {
			return
		}
		n.reused[token] = &reuse{}
	}
	at := 0
	if how == byAnswer {
		at = 1
	}
	had := n.reused[token]
	first := &had.first[at]
	switch {
	case first.line == 0:
		first.content, first.line = content, line
	case first.content != content && !slices.Contains(had.told, content):
		had.told = append(had.told, content)
		n.reportToken(Reused, f, o, line, first.line)
	}
}

// noteKept reports an update after which a read shows the token that it had named.
func (n *Numbering) noteKept(f *Record, o *history.Op, line int, token int32, marker uint64) {
	a := n.attempts.at(n.attemptOf(marker))
	if o.Kind == history.Update || !a.known || a.twice || a.sent != token || a.kept || n.nodes.at(token).flags&isReused != 0 {
		return
	}
	a.kept = true
	n.reportToken(Reused, f, o, line, 0)
}
