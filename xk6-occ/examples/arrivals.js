// The open model: turns begin by the clock, as customers come, no matter how
// slow the server is. The history says when each was to begin.
//
//   URL=http://127.0.0.1:8080 DATE=2030-01-15 k6 run arrivals.js

import { Operator, audit } from 'k6/x/occ';

export const options = {
  scenarios: {
    customers: {
      executor: 'ramping-arrival-rate',
      startRate: 10,
      stages: [{ target: 50, duration: '2s' }],
      preAllocatedVUs: 10,
      gracefulStop: '30s',
    },
  },
};

const operator = new Operator({ think: 'exp:20ms', refresh: '500ms', doubleUpdates: 0.1 });

export function setup() {
  audit();
}

export default function () {
  operator.arrivals();
}

export function teardown() {
  audit();
}
