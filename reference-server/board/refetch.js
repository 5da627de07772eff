// Reading the board, once for all who ask at the same time, and again until
// the server answers.

import { backoff } from "./backoff.js";

// newRefetch returns refetch(), which resolves when a board that was asked for
// after the call has been taken over, and state.offline(). A call never joins
// a reading that has begun: its answer may be from before what the caller
// wants to see.
//
// parts: read (the board), take (a board and when it was asked for), wait
// (ms), now, and heard (a failed reading and the ms until the next, or null
// when one succeeded).
export function newRefetch({ read, take, wait, now, heard }) {
  let next = null; // the reading that has not begun
  let last = Promise.resolve(); // the one before it
  let failed = false;

  function refetch() {
    if (next === null) {
      next = last.then(async () => {
        next = null;
        await untilRead();
      });
      last = next;
    }
    return next;
  }

  async function untilRead() {
    for (let failures = 1; !(await once(failures)); failures++);
  }

  async function once(failures) {
    const at = now();
    try {
      take(await read(), at);
    } catch (failure) {
      failed = true;
      const pause = backoff(failures);
      heard(failure, pause);
      await wait(pause);
      return false;
    }
    failed = false;
    heard(null);
    return true;
  }

  return { refetch, offline: () => failed };
}
