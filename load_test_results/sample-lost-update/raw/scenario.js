// Operators update records, each naming the token that it read.
//
//   URL=http://127.0.0.1:8080 DATE=2030-01-15 k6 run scenarios/update.js
//
// needs a k6 with the extension k6/x/occ: `occbench k6 run …`, or one built by
// xk6. The parameters are listed in scenarios/README.md.

import { Operator, audit, finish, parameters } from 'k6/x/occ';

const p = parameters();

// k6 takes whole numbers of iterations per time unit, so a rate is told to a
// thousandth of a turn per second.
const perSecond = { unit: '1000s', of: (rate) => Math.round(1000 * rate) };

// The closed model: so many operators, each of whom begins the next turn when
// the last one is over. The open model: turns that begin by the clock.
function model() {
  const duration = `${p.durationMs}ms`;
  if (p.rate === 0) {
    return { executor: 'constant-vus', vus: p.vus, duration };
  }
  // No VU is made while the load is on: that takes milliseconds of CPU each.
  const open = { timeUnit: perSecond.unit, preAllocatedVUs: p.maxOperators, maxVUs: p.maxOperators, exec: 'arrivals' };
  if (p.rampTo === 0) {
    return { executor: 'constant-arrival-rate', rate: perSecond.of(p.rate), duration, ...open };
  }
  return {
    executor: 'ramping-arrival-rate',
    startRate: perSecond.of(p.rate),
    stages: [{ target: perSecond.of(p.rampTo), duration }],
    ...open,
  };
}

export const options = {
  scenarios: {
    // The graceful stop is the longest turn: an operator stops after the turn it
    // is in, and no request in flight is given up.
    update: { ...model(), gracefulStop: `${p.longestTurnMs}ms` },
  },
  setupTimeout: `${p.auditTimeoutMs}ms`,
  teardownTimeout: `${p.auditTimeoutMs}ms`,
  summaryTrendStats: ['count', 'min', 'med', 'avg', 'p(90)', 'p(95)', 'p(99)', 'max'],
  // What k6 alone can tell of a run. occbench decides by intervals over the
  // history instead, and never stops a run because of an estimate.
  thresholds: {
    occ_attempts: ['count>0'],
    occ_error_rate: ['rate<0.01'],
    occ_conflict_rate: ['rate<0.10'],
    occ_attempt_duration: ['p(95)<400'],
  },
};

const operator = new Operator();

// The first audit says which records are in play and where they stood.
export function setup() {
  audit();
}

// Several turns to an iteration: k6 then costs little beside them. Of a large load each VU
// plays several operators, to the end.
export default function () {
  if (p.vus < p.operators) {
    operator.share();
  } else {
    operator.turns({ for: '200ms' });
  }
}

// One turn to an iteration, and those that are overdue.
export function arrivals() {
  operator.arrivals();
}

// The last audit sees what really became of the cards. When the target is gone
// by then, the recording says so; a throw would say the scenario is wrong.
export function teardown() {
  try {
    audit();
  } catch (e) {
    console.error(`the final audit failed: ${e.message}`);
  }
}

export function handleSummary(data) {
  const recording = finish();
  if (!__ENV.OCC_SUMMARY) {
    return undefined; // k6 prints its own
  }
  const summary = { recording, metrics: data.metrics, state: data.state };
  return { [__ENV.OCC_SUMMARY]: `${JSON.stringify(summary, null, 2)}\n` };
}
