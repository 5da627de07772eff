// Other people's moves: by the server's stream, or by asking from time to time
// where there is none.

import { readCard } from "./card.js";

export const pollEvery = 2_000; // ms, without a stream
const streamEvery = 15; // without a stream it is tried again at every so manieth poll
const silence = 45_000; // ms; the server beats every 15 s
const resyncEvery = 60_000; // ms; what is written past the server is in no stream

// follow keeps the cards up to date for as long as visible says that a person
// sees the page.
//
// parts: visible (resolves when the page is seen, with a signal that aborts
// when it no longer is, or with null when it is left), open (an EventSource, or
// null where there is none), refetch, heard (a card), mode ("live" or "poll"),
// wait (ms).
export async function follow(parts) {
  let polls = 0;
  for (let signal; (signal = await parts.visible()); await parts.wait(pollEvery)) {
    await parts.refetch();
    const streamed = polls % streamEvery === 0 && (await listen(parts, signal));
    polls = streamed ? 0 : polls + 1;
    if (!streamed) parts.mode("poll");
  }
}

// listen resolves when a stream has ended, with whether it had begun.
export async function listen({ open, refetch, heard, mode, timers = globalThis }, signal) {
  const source = open();
  if (source === null) return false;
  let begun = false;
  let silent;
  let ending;
  const ended = new Promise((end) => {
    const alive = () => {
      timers.clearTimeout(silent);
      silent = timers.setTimeout(end, silence);
    };
    const on = (event, act) => source.addEventListener(event, (e) => (alive(), act(e)));
    on("open", () => {
      begun = true;
      mode("live");
      refetch(); // what happened between the last reading and now
    });
    on("card", (event) => take(heard, event.data));
    on("reset", () => refetch());
    on("beat", () => {});
    source.addEventListener("error", end); // coming back is follow's affair, with a reading first
    signal.addEventListener("abort", (ending = end));
    alive();
  });
  const resync = timers.setInterval(refetch, resyncEvery);
  await ended;
  timers.clearInterval(resync);
  timers.clearTimeout(silent);
  signal.removeEventListener("abort", ending);
  source.close();
  return begun;
}

function take(heard, data) {
  let card = null;
  try {
    card = readCard(JSON.parse(data));
  } catch {
    // What is no JSON tells nothing; the next reading of the board does.
  }
  if (card) heard(card);
}
