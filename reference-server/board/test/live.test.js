import assert from "node:assert/strict";
import { test } from "node:test";

import { backoff } from "../backoff.js";
import { follow, listen } from "../live.js";
import { newRefetch } from "../refetch.js";
import { deferred, turn } from "./shop.js";

const raw = (version) => JSON.stringify({ id: "1", status: "ready", version });

// source is an EventSource whose server is the test.
function source() {
  return Object.assign(new EventTarget(), {
    closed: false,
    close() { this.closed = true; },
    says(event, data) { this.dispatchEvent(Object.assign(new Event(event), { data })); },
  });
}

function listening(t) {
  t.mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
  const log = { source: source(), refetched: 0, heard: [], modes: [], gone: new AbortController() };
  const ended = listen({ open: () => log.source, refetch: () => log.refetched++, heard: (c) => log.heard.push(c.version), mode: (m) => log.modes.push(m) }, log.gone.signal);
  return { ...log, log, ended };
}

test("other people's moves appear as the stream tells them", async (t) => {
  const { source, log, ended } = listening(t);
  source.says("open");
  source.says("card", raw(4));
  source.says("card", "{");
  source.says("card", "null");
  source.says("card", raw(5));
  assert.deepEqual([log.heard, log.modes], [[4, 5], ["live"]]);
  source.says("error");
  assert.equal(await ended, true);
  assert.ok(source.closed);
});

test("a stream that opens, and a reset, mean a refetch", async (t) => {
  const { source, log } = listening(t);
  source.says("open");
  assert.equal(log.refetched, 1);
  source.says("reset");
  assert.equal(log.refetched, 2);
  t.mock.timers.tick(44_000);
  source.says("beat");
  t.mock.timers.tick(16_000);
  assert.equal(log.refetched, 3, "and from time to time");
});

test("a stream that falls silent is given up", async (t) => {
  const { source, ended } = listening(t);
  source.says("open");
  t.mock.timers.tick(45_000);
  assert.equal(await ended, true);
  assert.ok(source.closed);
});

test("a stream ends when nobody sees the page", async (t) => {
  const { source, log, ended } = listening(t);
  source.says("open");
  log.gone.abort();
  await ended;
  assert.ok(source.closed);
});

test("without a stream it polls, and looks for one now and then", async () => {
  const log = { reads: 0, opened: 0, modes: new Set(), waits: [] };
  await follow({
    visible: async () => (log.reads < 16 ? new AbortController().signal : null),
    refetch: async () => log.reads++,
    open: () => (log.opened++, null),
    mode: (m) => log.modes.add(m), heard: () => {}, wait: async (ms) => log.waits.push(ms),
  });
  assert.deepEqual([log.reads, log.opened, [...log.modes]], [16, 2, ["poll"]]);
  assert.ok(log.waits.every((ms) => ms === 2_000));
});

test("a stream that ended is opened again, after a reading", async () => {
  const order = [];
  let rounds = 2;
  await follow({
    visible: async () => (rounds-- > 0 ? new AbortController().signal : null),
    refetch: async () => order.push("read"),
    open: () => {
      order.push("open");
      const s = source();
      setImmediate(() => (s.says("open"), s.says("error")));
      return s;
    },
    mode: () => {}, heard: () => {}, wait: async () => {},
  });
  assert.deepEqual(order, ["read", "open", "read", "read", "open", "read"]);
});

test("a refetch never joins a reading that has begun, and is shared by all who wait", async () => {
  const reads = [];
  const { refetch } = newRefetch({ read: () => { const d = deferred(); reads.push(d); return d.promise; }, take: () => {}, wait: async () => {}, now: () => 0, heard: () => {} });
  const first = refetch();
  await turn();
  let second = false;
  refetch().then(() => (second = true));
  const third = refetch();
  assert.equal(reads.length, 1);
  reads[0].settle();
  await first;
  await turn();
  assert.deepEqual([reads.length, second], [2, false]);
  reads[1].settle();
  await third;
  assert.deepEqual([reads.length, second], [2, true]);
});

test("a board is as old as its question", async () => {
  let time = 5;
  const taken = [];
  const { refetch } = newRefetch({ read: async () => ((time = 90), "board"), take: (...args) => taken.push(args), wait: async () => {}, now: () => time, heard: () => {} });
  await refetch();
  assert.deepEqual(taken, [["board", 5]]);
});

test("a server that is gone is asked again with a growing pause, and said to be gone", async () => {
  const pauses = [];
  const heard = [];
  let failures = 6;
  const parts = newRefetch({ read: async () => { if (failures-- > 0) throw new Error("gone"); }, take: () => {}, wait: async (ms) => (pauses.push(ms), assert.ok(parts.offline())), now: () => 0, heard: (f) => heard.push(f?.message ?? null) });
  await parts.refetch();
  assert.equal(parts.offline(), false);
  assert.deepEqual(heard, [...Array(6).fill("gone"), null]);
  for (const [i, ms] of pauses.entries()) {
    const most = Math.min(15_000, 500 * 2 ** i);
    assert.ok(ms >= most / 2 && ms <= most, `pause ${i} is ${ms} ms`);
  }
});

for (const [failures, random, want] of [[1, 0, 250], [1, 1, 500], [3, 1, 2_000], [50, 0, 7_500], [5_000, 1, 15_000]]) {
  test(`the pause after failure ${failures}, drawn ${random}, is ${want} ms`, () => assert.equal(backoff(failures, () => random), want));
}
