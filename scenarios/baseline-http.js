// The turn of update.js as one writes it in plain k6: read the board, pick a
// card, move it. No think time and no pause.
//
//   URL=http://127.0.0.1:8080 DATE=2030-01-15 k6 run scenarios/baseline-http.js
//
// It runs in any k6. `make bench` measures what a turn of the extension costs
// against this one, so it is written for speed: names keep the ids out of the
// tags, a 409 is no failed request, and the board goes through k6's parser with
// a selector, which takes half the time of JSON.parse.

import http from 'k6/http';
import { Counter, Rate } from 'k6/metrics';

const base = __ENV.URL || 'http://127.0.0.1:8080';
const date = __ENV.DATE || new Date(Date.now() + 86400000).toISOString().slice(0, 10);

export const options = {
  scenarios: {
    baseline: {
      executor: 'constant-vus',
      vus: Number(__ENV.OCC_OPERATORS || 20),
      duration: __ENV.OCC_DURATION || '60s',
      gracefulStop: '30s',
    },
  },
  summaryTrendStats: ['count', 'min', 'med', 'avg', 'p(90)', 'p(95)', 'p(99)', 'max'],
};

http.setResponseCallback(http.expectedStatuses(200, 409));

const moves = new Counter('baseline_moves');
const conflicts = new Rate('baseline_conflict_rate');
const errors = new Rate('baseline_error_rate');

const boardURL = `${base}/api/admin/appointments/board?date=${date}`;
const boardParams = { tags: { name: 'board' } };
const moveParams = { tags: { name: 'move' }, headers: { 'Content-Type': 'application/json' } };

// The cycle: no card is ever used up.
const next = { scheduled: 'in_progress', in_progress: 'ready', ready: 'in_progress', no_show: 'scheduled' };

export default function () {
  const board = http.get(boardURL, boardParams);
  if (board.status !== 200) {
    return;
  }
  const card = pick(board.json('data.columns'));
  if (card === undefined) {
    return;
  }
  const body = JSON.stringify({ new_status: next[card.status], expected_version: card.version });
  const answer = http.post(`${base}/api/admin/appointments/${card.id}/move`, body, moveParams);
  moves.add(1);
  errors.add(answer.status !== 200 && answer.status !== 409);
  if (answer.status === 200 || answer.status === 409) {
    conflicts.add(answer.status === 409);
  }
}

// pick returns one of the cards that can be moved, each with the same chance.
function pick(columns) {
  const groups = [columns.scheduled.items, columns.in_progress.items, columns.ready.items, columns.no_show.items];
  let n = 0;
  for (const items of groups) {
    n += items.length;
  }
  let i = Math.floor(Math.random() * n);
  for (const items of groups) {
    if (i < items.length) {
      return items[i];
    }
    i -= items.length;
  }
  return undefined;
}
