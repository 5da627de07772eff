// What runs inside the page: an observer of the board, put there before the
// page's own scripts. It knows the board by its data attributes alone
// (docs/browser.md) and never changes it. Times are performance.now(), in ms.
//
// Functions travel as their text. None may use anything of its module, and none
// is exported where it is written, since then "export" would be part of the text;
// what they share is on the object page, in this order.

import { sight } from './page/sight.js';
import { vitals } from './page/vitals.js';
import { calls } from './page/calls.js';
import { gesture } from './page/gesture.js';
import { agreement } from './page/agreement.js';

const parts = [sight, vitals, calls, gesture, agreement];

// observer is the script to send to the browser. Whatever the parts put on
// page.asked is what a scenario can ask.
export const observer = () => `(() => {
  if (window.occObserver || window !== window.top) {
    return;
  }
  const page = { asked: {} };
  for (const part of [${parts.map((part) => part.toString()).join(',\n')}]) {
    part(page);
  }
  window.occObserver = page.asked;
})();`;
