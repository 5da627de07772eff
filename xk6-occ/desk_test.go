package occ_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/history/historytest"
)

// deskScript does at a desk, without a browser, what a page would do.
const deskScript = `
import http from 'k6/http';
import { check, sleep } from 'k6';
import { Desk, audit, finish } from 'k6/x/occ';

export const options = {
  scenarios: {
    update: { executor: 'constant-vus', vus: 4, duration: '1s', exec: 'rest' }, // the declared load
    desk: { executor: 'per-vu-iterations', vus: 1, iterations: 1 },
  },
  thresholds: { checks: ['rate==1'] },
};
export function rest() { sleep(0.1); }
const desk = new Desk();

export function setup() { audit(); }

function throws(what, call) {
  let message = '';
  try { call(); } catch (e) { message = String(e); }
  check(message, { [what]: (m) => m.includes(what) });
}

export default function () {
  const [card] = desk.list();
  const to = desk.next(card.state);
  check(desk, {
    'numbers begin where they are told to': (d) => d.number() === 1001 && d.seat() === 0,
    'the walk goes on': () => to === 'in_progress' && desk.next('completed') === '',
  });
  desk.begins(card.id, to, card.token);
  const rival = desk.overtake(card.id);
  check(rival, { 'the rival is faster': (r) => r.outcome === 'applied' && r.token === card.token + 1 });
  const from = desk.now();
  const answer = http.post(__ENV.URL + '/api/admin/appointments/' + card.id + '/move', JSON.stringify({ new_status: to, expected_version: card.token }));
  const said = { record: card.id, target: to, expected: card.token, from, to: desk.now(), http: answer.status, body: answer.body };
  check(desk.sent(said), { 'what the page was answered is understood': (a) => a.outcome === 'conflict' && a.token === card.token + 1 });
  desk.ends();

  throws('is not in play', () => desk.sent({ ...said, record: '4711' }));
  throws('is not in play', () => desk.begins('4711', to, 1));
  throws('is not in play', () => desk.overtake('4711'));
  throws('cannot be recorded', () => desk.sent({ ...said, target: 'x'.repeat(2000) }));
  throws('expects version -1', () => desk.sent({ ...said, expected: -1 }));
  throws('none of the run', () => desk.sent({ ...said, from: NaN }));
  throws('HTTP status is 7', () => desk.sent({ ...said, http: 7 }));
  throws('wants what was sent', () => desk.sent(null));

  // The browser sends a move twice by itself, and the page hears of the second alone.
  const [, other] = desk.list();
  const twice = () => http.post(__ENV.URL + '/api/admin/appointments/' + other.id + '/move', JSON.stringify({ new_status: to, expected_version: other.token }));
  const sent = desk.now();
  twice();
  const refused = twice();
  desk.sent({ record: other.id, target: to, expected: other.token, from: sent, to: desk.now(), http: refused.status, body: refused.body });

  desk.note({ what: 'page', person: desk.number(), state: 'ready', opened_ms: 1 });
  desk.begins(card.id, 'ready', card.token + 1); // and nothing tells of it any more
}

export function teardown() { audit(); }
export function handleSummary(data) {
  finish();
  return { stdout: String(data.metrics.checks.values.passes) + ' of ' + String(data.metrics.checks.values.passes + data.metrics.checks.values.fails) };
}
`

func TestDesk(t *testing.T) {
	url, _ := reference(t, 3)
	o := options(t, url, []byte(deskScript))
	o.Spec.Browser, o.Spec.FirstDesk, o.Traces.UX = 1, 1001, filepath.Join(o.Dir, "ux.ndjson")
	if result := runK6(t, t.Context(), o); result.Exit != 0 || result.ScriptErrors > 0 {
		t.Errorf("%+v", result)
	}
	type line struct {
		operator int32
		kind     history.Kind
		outcome  history.Outcome
	}
	var got []line
	for _, op := range historytest.Load(t, o.Traces.History) {
		if op.Kind != history.Audit {
			got = append(got, line{op.Operator, op.Kind, op.Outcome})
		}
	}
	want := []line{
		{1002, history.Read, history.Seen}, {1002, history.Update, history.Applied}, {1001, history.Update, history.Conflict},
		{1001, history.Update, history.Conflict}, {1001, history.Update, history.NoAnswer}, // for the page's own move, perhaps
		{1001, history.Update, history.NoAnswer}, // what was begun and never told of
	}
	if len(got) != len(want) {
		t.Fatalf("recorded %v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("line %d is %v, want %v", i, got[i], want[i])
		}
	}
	checked(t, o.Traces.History)
	if n := seen(t, o); n.People != 1 || strings.Join(n.Failures, "") != "" {
		t.Errorf("noted %+v", n)
	}
}
