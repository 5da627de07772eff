import assert from "node:assert/strict";
import { test } from "node:test";

import { before, readBoard, readCard } from "../card.js";

const raw = { id: "17", status: "ready", version: 3, position: 2, appt_start: "2026-01-06T09:00:00Z", appt_end: "2026-01-06T10:00:00Z", customer_name: "Ada", make: "VW", model: "Golf", year: 2019, notes: "n" };

test("a card is read", () => {
  assert.deepEqual(readCard(raw), {
    id: "17", status: "ready", version: 3, lock: "", position: 2,
    start: Date.UTC(2026, 0, 6, 9), end: Date.UTC(2026, 0, 6, 10), customer: "Ada", vehicle: "2019 VW Golf", notes: "n", tag: "",
  });
});

for (const [name, change, column, want] of [
  ["an unknown status stands where the server listed it and is locked", { status: "lost" }, "scheduled", { status: "scheduled", lock: "unknown status “lost”" }],
  ["the tag of a load test is shown once, apart", { customer_name: "Ada occbench:load", notes: "Oil occbench:load now" }, "ready", { customer: "Ada", notes: "Oil now", tag: "occbench:load" }],
  ["a word that only holds the tag is no tag", { notes: "xoccbench:load" }, "ready", { notes: "xoccbench:load", tag: "" }],
  ["no version: shown and locked", { version: undefined }, "ready", { version: null, lock: "no version" }],
  ["a version in quotes is none", { version: "3" }, "ready", { version: null, lock: "no version" }],
  ["version 0 is none", { version: 0 }, "ready", { version: null }],
  ["a number for an id", { id: 17 }, "ready", { id: "17" }],
  ["no times", { appt_start: null, appt_end: "soon" }, "ready", { start: null, end: null }],
  ["objects for texts", { customer_name: {}, notes: [1], make: null }, "ready", { customer: "", notes: "", vehicle: "2019 Golf" }],
  ["10 kB of notes are kept", { notes: "x".repeat(10_000) }, "ready", { notes: "x".repeat(10_000) }],
  ["emoji and right-to-left names are kept", { customer_name: "👩‍🔧 دانا" }, "ready", { customer: "👩‍🔧 دانا" }],
]) {
  test(name, () => {
    const card = readCard({ ...raw, ...change }, column);
    for (const [key, value] of Object.entries(want)) assert.deepEqual(card[key], value);
  });
}

for (const [name, value] of [["null", null], ["a string", "x"], ["no id", { ...raw, id: "" }], ["an unknown status and no column", { ...raw, status: "lost" }], ["a column that is a member of every object", { ...raw, status: "toString" }]]) {
  test(`no card: ${name}`, () => assert.equal(readCard(value), null));
}

test("a card that is listed twice counts once, as its newer version", () => {
  const board = readBoard({ columns: { ready: { items: [raw, null, 7] }, completed: { items: [{ ...raw, status: "completed", version: 2 }] }, scheduled: {}, no_show: null } });
  assert.deepEqual([...board.values()].map((c) => [c.id, c.status, c.version]), [["17", "ready", 3]]);
});

for (const data of [undefined, null, {}, { columns: null }, { columns: "x" }]) {
  test(`no board: ${JSON.stringify(data)}`, () => assert.throws(() => readBoard(data), /is no board/));
}

test("cards stand by position, start and id", () => {
  const cards = [{ position: 1, start: 0, id: "1" }, { position: 0, start: 5, id: "10" }, { position: 0, start: 5, id: "9" }, { position: 0, start: null, id: "12" }];
  assert.deepEqual(cards.sort(before).map((c) => c.id), ["12", "9", "10", "1"]);
});
