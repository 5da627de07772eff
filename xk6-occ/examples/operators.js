// Whole operators: they read, pick, think, update and recover by themselves.
//
//   URL=http://127.0.0.1:8080 DATE=2030-01-15 k6 run operators.js

import { Operator, audit } from 'k6/x/occ';

export const options = {
  scenarios: {
    desk: { executor: 'constant-vus', vus: 5, duration: '3s', gracefulStop: '30s' },
  },
};

const operator = new Operator({ think: 'lognormal:20ms,60ms', pause: '10ms' });

export function setup() {
  audit();
}

export default function () {
  operator.turns({ for: '200ms' });
}

export function teardown() {
  audit();
}
