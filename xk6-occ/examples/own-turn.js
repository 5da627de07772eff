// A turn of one's own out of the primitives: an impatient operator who clicks
// again without reading, and so loses to nobody but itself.
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
  check(operator.board(), {
    'the board shows every card of the audit': (cards) => cards.length === ids.length,
  });
}

export default function () {
  const card = operator.pick();
  if (card === null) {
    return;
  }
  sleep(0.02);
  const first = operator.move(card, card.target);
  check(first, { 'the first click moves the card': (a) => a.outcome === 'applied' && a.version === card.version + 1 });
  if (first.outcome !== 'applied') {
    return;
  }
  const second = operator.move(card, card.target);
  check(second, {
    'the second click loses': (a) => a.outcome === 'conflict',
    'and is told the version to go on with': (a) => a.version === first.version,
  });
}

export function teardown() {
  audit();
}
