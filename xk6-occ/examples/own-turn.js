// A turn of one's own out of the primitives: an impatient operator who clicks
// again without reading, and so loses to itself alone.
//
//   URL=http://127.0.0.1:8080 DATE=2030-01-15 k6 run own-turn.js

import { check, sleep } from 'k6';
import { Operator, audit } from 'k6/x/occ';

export const options = {
  scenarios: {
    impatient: { executor: 'per-vu-iterations', vus: 2, iterations: 5, maxDuration: '30s' },
  },
  thresholds: { checks: ['rate==1'] },
};

const operator = new Operator({ pick: 'own', operators: 2 });

export function setup() {
  const ids = audit();
  check(operator.list(), {
    'the list shows every record of the audit': (records) => records.length === ids.length,
  });
}

export default function () {
  const record = operator.pick();
  if (record === null) {
    return;
  }
  sleep(0.02);
  const first = operator.update(record, record.target);
  check(first, { 'the first click is applied': (a) => a.outcome === 'applied' && a.token === record.token + 1 });
  if (first.outcome !== 'applied') {
    return;
  }
  const second = operator.update(record, record.target);
  check(second, {
    'the second click loses': (a) => a.outcome === 'conflict',
    'and is told the token to go on with': (a) => a.token === first.token,
  });
}

export function teardown() {
  audit();
}
