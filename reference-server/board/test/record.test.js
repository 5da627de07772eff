import assert from "node:assert/strict";
import { performance as clock } from "node:perf_hooks";
import { test } from "node:test";

import { newRecord } from "../record.js";

const move = (n, outcome = "moved") => ({ card: "1", outcome, to: "ready", expected: n, version: n + 1, started: n, answered: n + 12.5, settled: n + 20 });

function recording(t, operator = NaN) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const sent = [];
  const target = new EventTarget();
  clock.clearMeasures("move_ms");
  return { sent, target, ...newRecord({ target, performance: clock, operator, send: (report) => sent.push(report) }) };
}

test("move_ms of a move is a Performance entry, with the move in its detail", (t) => {
  const { record } = recording(t);
  record(move(3));
  const [entry] = clock.getEntriesByName("move_ms");
  assert.deepEqual([entry.startTime, entry.duration, entry.detail], [3, 12.5, move(3)]);
});

test("move_ms is sent to the server, in batches", (t) => {
  const { record, sent } = recording(t);
  record(move(1));
  record(move(2, "conflict"));
  assert.deepEqual(sent, []);
  t.mock.timers.tick(5_000);
  assert.deepEqual(sent, [{ moves: [{ outcome: "moved", move_ms: 12.5 }, { outcome: "conflict", move_ms: 12.5 }] }]);
  for (let i = 0; i < 20; i++) record(move(i));
  assert.equal(sent[1].moves.length, 20);
});

test("what waits is sent when the page is left, with the operator", (t) => {
  const { record, flush, sent } = recording(t, 3);
  flush();
  record(move(1));
  flush();
  t.mock.timers.tick(10_000);
  assert.deepEqual(sent, [{ moves: [{ outcome: "moved", move_ms: 12.5 }], operator: 3 }]);
});

test("whoever drives the page is told", (t) => {
  const { record, target } = recording(t);
  const heard = [];
  target.addEventListener("occ:settled", (event) => heard.push(event.detail));
  record(move(1));
  assert.deepEqual(heard, [move(1)]);
  assert.deepEqual(target.occMoves, [move(1)]);
});

test("a page that is open for weeks keeps the last thousand moves", (t) => {
  const { record, target } = recording(t);
  for (let i = 0; i < 1_500; i++) record(move(i));
  assert.deepEqual([target.occMoves.length, target.occMoves[0].started], [1_000, 500]);
  assert.ok(clock.getEntriesByName("move_ms").length <= 1_000);
});
