// Waiting, as a page has to: for time, and for being looked at.

const unseen = 30_000; // ms; looking away for a moment costs no reconnecting

// pause resolves after some ms, or as soon as the machine is back on a network.
export function pause(ms) {
  return new Promise((resolve) => {
    const over = () => {
      clearTimeout(timer);
      window.removeEventListener("online", over);
      resolve();
    };
    const timer = setTimeout(over, ms);
    window.addEventListener("online", over);
  });
}

// visible resolves when the page can be seen, with a signal that aborts
// some time after it is hidden. A browser keeps six connections to a server;
// seven forgotten tabs with a stream each would block it.
export async function visible() {
  while (document.hidden) await new Promise((seen) => document.addEventListener("visibilitychange", seen, { once: true }));
  if (sight.signal.aborted) sight = new AbortController();
  return sight.signal;
}

let sight = new AbortController();
let timer;
document.addEventListener("visibilitychange", () => {
  clearTimeout(timer);
  if (document.hidden) timer = setTimeout(() => sight.abort(), unseen);
});
