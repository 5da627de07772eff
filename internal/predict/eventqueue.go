package predict

// event is something that happens to one actor of a simulation.
type event struct {
	at    float64 // seconds
	seq   int     // ties happen in the order they were scheduled
	actor int
}

// eventQueue is a binary min-heap by time. container/heap would box every
// event: an allocation each.
type eventQueue struct {
	events []event
	seq    int
}

func (q *eventQueue) push(at float64, actor int) {
	q.seq++
	q.events = append(q.events, event{at: at, seq: q.seq, actor: actor})
	for i := len(q.events) - 1; i > 0; {
		parent := (i - 1) / 2
		if !q.isBefore(i, parent) {
			return
		}
		q.swap(i, parent)
		i = parent
	}
}

func (q *eventQueue) pop() event {
	top := q.events[0]
	last := len(q.events) - 1
	q.events[0] = q.events[last]
	q.events = q.events[:last]
	for i := 0; ; {
		child := 2*i + 1
		if child >= last {
			return top
		}
		if child+1 < last && q.isBefore(child+1, child) {
			child++
		}
		if !q.isBefore(child, i) {
			return top
		}
		q.swap(i, child)
		i = child
	}
}

func (q *eventQueue) isBefore(i, j int) bool {
	a, b := q.events[i], q.events[j]
	return a.at < b.at || a.at == b.at && a.seq < b.seq
}

func (q *eventQueue) swap(i, j int) { q.events[i], q.events[j] = q.events[j], q.events[i] }

func (q *eventQueue) isEmpty() bool { return len(q.events) == 0 }
