// Thresholds on what the extension measures, for those who gate with k6 alone.
// A threshold sees an estimate: occbench asks for an interval, and calls ten
// updates without an error no proof of anything.
//
//   URL=http://127.0.0.1:8080 DATE=2030-01-15 k6 run thresholds.js

import { Operator, audit } from 'k6/x/occ';

export const options = {
  scenarios: {
    desk: { executor: 'constant-vus', vus: 4, duration: '3s', gracefulStop: '30s' },
  },
  thresholds: {
    occ_attempts: ['count>50'],
    'occ_attempts{outcome:applied}': ['count>40'],
    occ_error_rate: ['rate<0.01'],
    occ_conflict_rate: ['rate<0.5'],
    occ_recovered: ['rate==1'],
    'occ_attempt_duration{outcome:applied}': ['p(95)<400'],
    occ_read_duration: ['p(95)<400'],
  },
};

const operator = new Operator({ think: '10ms', pause: '10ms', warmup: '0s', attempts: 10, budget: '10s' });

export function setup() {
  audit();
}

export default function () {
  operator.turns();
}

export function teardown() {
  audit();
}
