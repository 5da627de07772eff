// The turn of one record by functions of the script, as fast as such functions are.

import http from 'k6/http';
import { Operator, finish, parameters } from 'k6/x/occ';

const p = parameters();
const base = __ENV.URL;

http.setResponseCallback(http.expectedStatuses(200, 204, 412));

const readParams = { tags: { name: 'read' } };

const operator = new Operator({
  records: Array.from({ length: 50 }, (_, i) => `occbench-load-${i + 1}`),
  read(record) {
    const item = http.get(`${base}/items/${record}`, readParams);
    return { http: item.status, token: item.headers.Etag, marker: item.json('note') };
  },
  update(record, token, to, marker) {
    const answer = http.put(`${base}/items/${record}`, JSON.stringify({ note: marker }), {
      tags: { name: 'update' },
      headers: { 'Content-Type': 'application/json', 'If-Match': token },
    });
    return { http: answer.status, token: answer.headers.Etag };
  },
});

export const options = {
  scenarios: {
    turns: { executor: 'constant-vus', vus: p.operators, duration: `${p.durationMs}ms`, gracefulStop: `${p.longestTurnMs}ms` },
  },
  summaryTrendStats: ['count', 'min', 'med', 'avg', 'p(90)', 'p(95)', 'p(99)', 'max'],
};

export function setup() {
  operator.audit();
}

export default function () {
  operator.turns();
}

export function teardown() {
  operator.audit();
}

export function handleSummary(data) {
  return { [__ENV.OCC_SUMMARY]: JSON.stringify({ recording: finish(), metrics: data.metrics, state: data.state }) };
}
