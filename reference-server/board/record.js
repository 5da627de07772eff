// What a move cost the person who made it, told to the page's Performance
// entries, to what drives the page, and to the server's metrics.

const kept = 1_000; // moves that window.occMoves and the Performance entries hold
const batch = 20; // moves in one report
const sendEvery = 5_000; // ms

export function newRecord({ target, performance, send, operator, timers = globalThis }) {
  const moves = (target.occMoves = []);
  let waiting = [];
  let timer = null;

  function flush() {
    timers.clearTimeout(timer);
    timer = null;
    if (waiting.length === 0) return;
    const report = { moves: waiting };
    if (operator > 0) report.operator = operator;
    waiting = [];
    send(report);
  }

  function record(move) {
    if (moves.push(move) > kept) moves.shift();
    if (performance.getEntriesByName("move_ms").length >= kept) performance.clearMeasures("move_ms");
    performance.measure("move_ms", { start: move.started, end: move.answered, detail: move });
    waiting.push({ outcome: move.outcome, move_ms: move.answered - move.started });
    if (waiting.length >= batch) flush();
    timer ??= timers.setTimeout(flush, sendEvery);
    target.dispatchEvent(new CustomEvent("occ:settled", { detail: move }));
    return move;
  }

  return { record, flush };
}
