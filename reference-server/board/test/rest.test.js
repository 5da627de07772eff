import assert from "node:assert/strict";
import { test } from "node:test";

import { times } from "../cardview.js";
import { asked, named, seedable, shifted } from "../day.js";
import { newStatus } from "../offline.js";
import { newPicker } from "../picker.js";
import { columns, known, label, legal, neighbour, targets } from "../statuses.js";
import { newSearch } from "../search.js";
import { newToasts } from "../toasts.js";

for (const [from, right, left] of [["scheduled", "in_progress", undefined], ["in_progress", "ready", "scheduled"], ["ready", "completed", "in_progress"], ["completed", undefined, undefined], ["no_show", undefined, "scheduled"], ["lost", undefined, undefined]]) {
  test(`from ${from}: right ${right}, left ${left}`, () => {
    assert.equal(neighbour(from, 1), right);
    assert.equal(neighbour(from, -1), left);
  });
}

test("only legal columns are offered", () => {
  assert.deepEqual(targets("in_progress").map((c) => c.status), ["scheduled", "ready", "completed"]);
  assert.deepEqual(targets("completed"), []);
  assert.equal(legal("scheduled", "scheduled"), false);
  assert.equal(known("toString"), false);
  assert.equal(label("no_show"), "No-show");
  assert.equal(columns.length, 5);
});

for (const [query, want] of [["", "2026-01-07"], ["date=2026-02-03", "2026-02-03"], ["date=2026-02-30", "2026-01-07"], ["date=tomorrow", "2026-01-07"], ["date=", "2026-01-07"]]) {
  test(`the date of "?${query}" is ${want}`, () => assert.equal(asked(new URLSearchParams(query), Date.UTC(2026, 0, 6, 23)), want));
}

test("dates are shifted and named in UTC", () => {
  assert.deepEqual([shifted("2026-03-01", -1), shifted("2026-12-31", 1), named("2026-01-06", "en-GB")], ["2026-02-28", "2027-01-01", "Tue, 6 Jan 2026"]);
});

for (const [date, want] of [["2026-01-05", "2026-01-07"], ["2026-01-06", "2026-01-06"], ["2026-02-01", "2026-02-01"]]) {
  test(`cards for ${date} are made on ${want}`, () => assert.equal(seedable(date, Date.UTC(2026, 0, 6, 23)), want));
}

test("times are those of the board's date", () => {
  const start = Date.UTC(2026, 0, 6, 9);
  assert.deepEqual([times({ start, end: start + 3_600_000 }), times({ start, end: null }), times({ start: null, end: null })], ["09:00–10:00", "09:00", "No time"]);
});

for (const [name, events, want] of [
  ["picked from the calendar is shown at once", ["pointerdown", "change"], ["change"]],
  ["that is typed is shown when the field is left", ["pointerdown", "keydown", "change", "change", "blur"], ["blur"]],
  ["that is typed is shown at Enter", ["keydown", "change", "Enter"], ["Enter"]],
  ["that is not touched is left alone", ["pointerdown", "Enter", "blur"], []],
]) {
  test(`a date ${name}`, () => {
    const input = Object.assign(new EventTarget(), { value: "2026-01-06" });
    const went = [];
    let now;
    newPicker(input, () => went.push(now));
    for (now of events) {
      if (now === "change") input.value = `2026-02-0${1 + went.length}`;
      input.dispatchEvent(now === "Enter" ? Object.assign(new Event("keydown"), { key: now }) : new Event(now));
    }
    assert.deepEqual(went, want);
  });
}

function page() {
  const element = () => ({ hidden: true, dataset: {}, textContent: "" });
  const parts = { root: element(), banner: element(), retry: element(), mode: element(), empty: element() };
  parts.root.dataset.state = "loading";
  const page = { ...parts, cards: 0 };
  return Object.assign(page, newStatus({ ...parts, count: () => page.cards }));
}

test("offline, the page says so, until the server is back", () => {
  const p = page();
  p.setMode("live");
  assert.equal(p.root.dataset.state, "loading");
  p.heard(new Error("gone"), 3_400);
  assert.deepEqual([p.root.dataset.state, p.banner.hidden, p.mode.textContent, p.retry.textContent], ["offline", false, "Offline", " Next try in 4 s (gone)."]);
  p.heard(null);
  assert.deepEqual([p.root.dataset.state, p.banner.hidden, p.mode.textContent], ["ready", true, "Live"]);
});

test("a board without cards says so, once it knows", () => {
  const p = page();
  p.counted();
  assert.equal(p.empty.hidden, true);
  p.heard(null);
  assert.equal(p.empty.hidden, false);
  p.cards = 1;
  p.counted();
  assert.equal(p.empty.hidden, true);
});

// region is as much of a document as toasts need.
function region() {
  const list = [];
  const element = () => ({ dataset: {}, attributes: {}, children: [], append(c) { this.children.push(c); }, setAttribute(k, v) { this.attributes[k] = v; }, addEventListener(_, f) { this.click = f; }, remove() { list.splice(list.indexOf(this), 1); } });
  return { list, region: { append: (e) => list.push(e) }, quiet: element(), document: { createElement: element } };
}

test("a toast carries its kind and its card, and goes after a while", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { list, ...parts } = region();
  const toast = newToasts(parts);
  toast({ kind: "conflict", card: "17", text: "Not moved" });
  toast({ kind: "info", text: "x" });
  assert.deepEqual(list.map((e) => e.dataset), [{ occToast: "", kind: "conflict", card: "17" }, { occToast: "", kind: "info" }]);
  assert.equal(list[0].children[0].textContent, "Not moved");
  t.mock.timers.tick(5_999);
  assert.equal(list.length, 1);
  t.mock.timers.tick(1);
  assert.equal(list.length, 0);
});

test("a hundred failures are no storm of toasts", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { list, ...parts } = region();
  const toast = newToasts(parts);
  for (let i = 0; i < 100; i++) toast({ kind: "error", card: String(i), text: "gone" });
  assert.deepEqual(list.map((e) => e.dataset.card), ["96", "97", "98", "99"]);
  for (let i = 0; i < 100; i++) toast({ kind: "error", card: "99", text: "gone" });
  assert.equal(list.length, 4);
});

test("a toast can be dismissed, and a quiet word is only read aloud", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { list, ...parts } = region();
  const toast = newToasts(parts);
  toast({ kind: "slow", card: "1", text: "Slow: 2.3 s" });
  list[0].children.at(-1).click();
  toast({ kind: "quiet", text: "Ada moved to Ready" });
  assert.deepEqual([list.length, parts.quiet.textContent], [0, "Ada moved to Ready"]);
});

test("a toast offers what can be done, and goes when it is taken", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { list, ...parts } = region();
  const taken = [];
  newToasts(parts)({ kind: "conflict", card: "1", text: "Not moved", actions: [{ label: "Show", act: () => taken.push("1") }] });
  list[0].children.find((e) => e.textContent === "Show").click();
  assert.deepEqual([taken, list.length], [["1"], 0]);
});

test("a search hides the cards without all its words", () => {
  const cards = [
    { id: "1", customer: "Ada Fernández", vehicle: "2019 Toyota Corolla", notes: "Oil", tag: "occbench:load" },
    { id: "12", customer: "Bo", vehicle: "VW Golf", notes: "", tag: "" },
  ];
  const elements = new Map(cards.map((c) => [c.id, { hidden: false }]));
  const heard = [];
  const input = { value: "", on: {}, addEventListener(name, act) { this.on[name] = act; } };
  newSearch({ input, cards: () => cards, element: (id) => elements.get(id), told: (n) => heard.push(n) });
  const type = (value) => (input.value = value, input.on.input(), [...elements.values()].map((e) => !e.hidden));
  assert.deepEqual(type("corolla ADA"), [true, false]);
  assert.deepEqual(type("#12"), [false, true]);
  assert.deepEqual(type("load"), [true, false]);
  assert.deepEqual(type("ada golf"), [false, false]);
  input.on.keydown({ key: "Escape", preventDefault() {} });
  assert.deepEqual([[...elements.values()].map((e) => e.hidden), heard], [[false, false], [1, 0, null]]);
});
