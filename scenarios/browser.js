// People at the board in real browsers, and operators of the API on the same
// cards: what does a conflict look like on the screen?
//
//   URL=http://127.0.0.1:8080 DATE=2030-01-15 OCC_UX=ux.ndjson k6 run scenarios/browser.js
//
// needs a k6 with the extension k6/x/occ, and Chromium. The operators are those
// of update.js; the page is any that carries the data attributes of
// docs/browser.md.

import { browser } from 'k6/browser';
import exec from 'k6/execution';
import { Desk, parameters } from 'k6/x/occ';

import * as update from './update.js';
import { Person } from './browser/person.js';
import { Screen } from './browser/screen.js';

export { default, arrivals, handleSummary, setup, teardown } from './update.js';

const p = parameters();
const people = Number(__ENV.OCC_BROWSERS || 2);
const budget = Number(__ENV.OCC_BUDGET_MS || 2000); // from a refusal to a board that is right again
const opening = 30000; // a browser that starts on a busy machine, ms
const least = 3; // gestures of a person, however late the browser is
const rest = 50; // between two gestures of a person, ms

export const options = {
  ...update.options,
  scenarios: {
    ...update.options.scenarios,
    // One iteration to a person: k6 starts a browser for each.
    people: {
      executor: 'per-vu-iterations', vus: people, iterations: 1, exec: 'person',
      maxDuration: `${p.durationMs + opening}ms`, gracefulStop: `${p.longestTurnMs}ms`,
      options: { browser: { type: 'chromium' } },
    },
  },
};

const desk = new Desk();

function address() {
  const base = (__ENV.OCC_BOARD_URL || __ENV.URL || 'http://127.0.0.1:8080').replace(/\/$/, '');
  const date = __ENV.DATE || new Date(Date.now() + 86400000).toISOString().slice(0, 10);
  const query = `date=${encodeURIComponent(date)}&operator=${desk.number()}`;
  return base.includes('?') ? `${base}&${query}` : `${base}/?${query}`;
}

export async function person() {
  const begun = desk.now();
  const number = desk.number();
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  let screen = null;
  let failure = '';
  let seen = { state: '' };
  let turns = 0;
  try {
    screen = await Screen.open(context, desk, address());
    seen = await screen.ready(opening);
    const opened = desk.now();
    if (seen.state === 'ready') {
      const seat = desk.seat();
      const shots = seat === 0 ? __ENV.OCC_SCREENS || '' : '';
      turns = await play(screen, new Person(screen, desk, { seat, people, begun, settle: 10000, equal: budget, shots }));
    }
    desk.note({ what: 'page', person: number, state: seen.state, opened_ms: opened - begun, turns, ...await screen.ask('vitals') });
  } catch (e) {
    failure = String((e && e.message) || e);
    console.error(`browser of person ${number}: ${failure}`);
  }
  if (failure) {
    desk.note({ what: 'failure', person: number, why: failure.slice(0, 500), turns });
  }
  await context.close();
}

// play goes on until the load is over, which began when the browser was started.
// Where a browser takes that long to start, some updates are made all the same.
async function play(screen, someone) {
  let turns = 0;
  await someone.sit();
  for (let n = 0; n < least || Date.now() - exec.scenario.startTime < p.durationMs; n++) {
    if (await someone.turn()) {
      turns++;
    }
    await screen.page.waitForTimeout(rest);
  }
  await someone.leave();
  return turns;
}
