import assert from "node:assert/strict";
import { test } from "node:test";

import { classify, newAPI } from "../api.js";

const conflict = { error: { code: "version_conflict", message: "stale" } };

for (const [name, status, body, want] of [
  ["applied", 200, { data: { status: "ready", version: 3 } }, { kind: "moved", status: "ready", version: 3 }],
  ["applied, without a version", 200, { data: { status: "ready" } }, { kind: "unknown", message: "an answer that says nothing" }],
  ["applied, in a status that the board has no column for", 200, { data: { status: "delivered", version: 3 } }, { kind: "unknown", message: "an answer that says nothing" }],
  ["applied, as version 0", 200, { data: { status: "ready", version: 0 } }, { kind: "unknown", message: "an answer that says nothing" }],
  ["applied, no JSON", 200, null, { kind: "unknown", message: "an answer that says nothing" }],
  ["a conflict", 409, conflict, { kind: "conflict" }],
  ["a 409 that is no version conflict", 409, { error: { code: "already_exists", message: "it exists" } }, { kind: "error", message: "it exists" }],
  ["a 409 of somebody else's", 409, { error: "conflict" }, { kind: "error", message: "the server answers 409" }],
  ["an illegal transition", 422, { error: { message: "no" } }, { kind: "error", message: "no" }],
  ["throttled", 429, null, { kind: "error", message: "the server answers 429" }],
  ["a timeout of a proxy", 408, null, { kind: "unknown", message: "the server answers 408" }],
  ["a failed server", 500, { error: { message: "broken" } }, { kind: "unknown", message: "broken" }],
  ["a busy server", 503, conflict, { kind: "unknown", message: "stale" }],
  ["a long message", 400, { error: { message: "x".repeat(1000) } }, { kind: "error", message: "x".repeat(200) }],
]) {
  test(name, () => assert.deepEqual(classify(status, body), want));
}

test("a move is one POST with the new status and the version", async () => {
  const calls = [];
  const api = newAPI("2026-01-06", async (url, options) => (calls.push([url, options]), { status: 409, json: async () => conflict }));
  assert.deepEqual(await api.move("a/b", "ready", 4), { kind: "conflict" });
  assert.equal(calls.length, 1);
  assert.equal(calls[0][0], "/api/admin/appointments/a%2Fb/move");
  assert.deepEqual(JSON.parse(calls[0][1].body), { new_status: "ready", expected_version: 4 });
});

for (const [name, failure, message] of [["TimeoutError", "TimeoutError", "no answer in time"], ["a broken connection", "TypeError", "no answer"]]) {
  test(`a move that ends in ${name} is unknown`, async () => {
    const api = newAPI("2026-01-06", async () => { throw Object.assign(new Error("x"), { name: failure }); });
    assert.deepEqual(await api.move("1", "ready", 4), { kind: "unknown", message });
  });
}

test("a move waits no longer than its limit", async (t) => {
  const limits = [];
  t.mock.method(AbortSignal, "timeout", (ms) => (limits.push(ms), new AbortController().signal));
  await newAPI("2026-01-06", async (_, { signal }) => ({ status: signal ? 409 : 500, json: async () => conflict })).move("1", "ready", 4);
  assert.deepEqual(limits, [10_000]);
});

test("a board that is refused throws", async () => {
  const api = newAPI("2026-01-06", async () => ({ ok: false, status: 500 }));
  await assert.rejects(api.board(), /answers 500/);
});
