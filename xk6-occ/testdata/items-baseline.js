// The turn of one record as one writes it in plain k6: read an item with its tag and
// its note, update it with the tag. No think time and no pause.

import http from 'k6/http';
import { Counter, Rate } from 'k6/metrics';

const base = __ENV.URL;
const items = 50;

export const options = {
  scenarios: {
    baseline: { executor: 'constant-vus', vus: Number(__ENV.OCC_OPERATORS), duration: __ENV.OCC_DURATION, gracefulStop: '30s' },
  },
  summaryTrendStats: ['count', 'min', 'med', 'avg', 'p(90)', 'p(95)', 'p(99)', 'max'],
};

http.setResponseCallback(http.expectedStatuses(200, 204, 412));

const updates = new Counter('baseline_updates');
const conflicts = new Rate('baseline_conflict_rate');
const errors = new Rate('baseline_error_rate');

const readParams = { tags: { name: 'read' } };
let n = 0;

export default function () {
  const url = `${base}/items/occbench-load-${1 + Math.floor(Math.random() * items)}`;
  const item = http.get(url, readParams);
  if (item.status !== 200 || item.json('note') === undefined) {
    return;
  }
  const body = JSON.stringify({ note: `${__VU}-${n++}` });
  const answer = http.put(url, body, { tags: { name: 'update' }, headers: { 'Content-Type': 'application/json', 'If-Match': item.headers.Etag } });
  updates.add(1);
  errors.add(answer.status === 204 ? answer.headers.Etag === undefined : answer.status !== 412);
  if (answer.status === 204 || answer.status === 412) {
    conflicts.add(answer.status === 412);
  }
}
