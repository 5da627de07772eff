import assert from "node:assert/strict";
import { test } from "node:test";

import { card, deferred, open, turn } from "./shop.js";

const status = (shop, id) => shop.cards.get(id)?.status;
const kinds = (shop) => shop.toasts.map((t) => t.kind).filter((k) => k !== "quiet");

test("a move sends the version that it is given", async () => {
  const shop = await open(card("1", "scheduled", 7));
  await shop.moveAppointment("1", "in_progress", 5);
  assert.deepEqual(shop.sent, [{ id: "1", to: "in_progress", expected: 5 }]);
});

test("a move sends the last known version", async () => {
  const shop = await open(card("1", "scheduled", 7));
  await shop.moveAppointment("1", "in_progress");
  await shop.moveAppointment("1", "ready");
  assert.deepEqual(shop.sent.map((m) => m.expected), [7, 8]);
});

test("the card stands in its new column at once", async () => {
  const shop = await open(card("1"));
  const answer = deferred();
  shop.answer = () => answer.promise;
  const moving = shop.moveAppointment("1", "in_progress");
  assert.equal(status(shop, "1"), "in_progress");
  assert.deepEqual(shop.history, [["1", "in_progress", true]]);
  answer.settle({ kind: "moved", status: "in_progress", version: 2 });
  await moving;
  assert.deepEqual(shop.history.at(-1), ["1", "in_progress", false]);
});

test("a second move of a card is ignored until the first is resolved", async () => {
  const shop = await open(card("1"), card("2"));
  const answer = deferred();
  shop.answer = (id) => (id === "1" ? answer.promise : { kind: "moved", status: "in_progress", version: 2 });
  const first = shop.moveAppointment("1", "in_progress");
  assert.equal(await shop.moveAppointment("1", "no_show"), null);
  await shop.moveAppointment("2", "in_progress"); // another card is not held up
  assert.deepEqual(shop.sent.map((m) => m.id), ["1", "2"]);
  assert.deepEqual([...shop.movingCards], ["1"]);
  answer.settle({ kind: "moved", status: "in_progress", version: 2 });
  await first;
  assert.equal(shop.movingCards.size, 0);
  await shop.moveAppointment("1", "ready");
  assert.equal(shop.sent.length, 3);
});

test("a move is not resolved before its refetch is", async () => {
  const shop = await open(card("1"));
  shop.down = true;
  shop.answer = () => ({ kind: "conflict" });
  const move = shop.moveAppointment("1", "in_progress");
  await turn();
  assert.ok(shop.movingCards.has("1"));
  assert.equal(await shop.moveAppointment("1", "no_show"), null);
  shop.down = false;
  shop.waits.shift().resolve();
  assert.equal((await move).outcome, "conflict");
});

test("on a conflict the board is refetched and the toast says so", async () => {
  const shop = await open(card("1"), card("2"));
  shop.store("1", "no_show", 2);
  shop.store("2", "in_progress", 2);
  const move = await shop.moveAppointment("1", "in_progress", 1);
  assert.equal(shop.reads, 1);
  assert.equal(shop.sent.length, 1, "the move is not sent again");
  const [{ actions, ...said }] = shop.toasts;
  assert.deepEqual(said, { kind: "conflict", card: "1", text: "Not moved to In progress: C1 is in No-show", detail: "Board updated: someone else moved it first." });
  assert.deepEqual(actions.map((a) => a.label), ["Show"], "from No-show no move leads to In progress");
  assert.deepEqual([status(shop, "1"), status(shop, "2")], ["no_show", "in_progress"], "the whole board is what the server has");
  assert.deepEqual([move.outcome, move.version, move.expected, move.to], ["conflict", 2, 1, "in_progress"]);
});

test("a move that is still legal is offered, and asks with the version that is shown", async () => {
  const shop = await open(card("1", "in_progress"));
  shop.store("1", "ready", 5);
  await shop.moveAppointment("1", "completed", 1);
  const [{ text, actions }] = shop.toasts;
  assert.equal(text, "Not moved to Completed: C1 is in Ready");
  assert.deepEqual(actions.map((a) => a.label), ["Show", "Move anyway"]);
  actions[0].act();
  assert.deepEqual(shop.shown, ["1"]);
  const again = await actions[1].act();
  assert.deepEqual([shop.sent[1], again.outcome, status(shop, "1")], [{ id: "1", to: "completed", expected: 5 }, "moved", "completed"]);
});

test("a card that is where it was to go is not to be moved again", async () => {
  const shop = await open(card("1"));
  shop.store("1", "in_progress", 2);
  await shop.moveAppointment("1", "in_progress", 1);
  assert.equal(shop.toasts[0].text, "C1 is in In progress already");
  assert.deepEqual(shop.toasts[0].actions.map((a) => a.label), ["Show"]);
});

test("on a conflict the refetch is silent", async () => {
  const shop = await open(card("1"));
  const read = deferred();
  shop.gate = read.promise;
  shop.answer = () => (shop.store("1", "no_show", 2), { kind: "conflict" });
  const move = shop.moveAppointment("1", "in_progress", 1);
  await turn();
  assert.deepEqual([kinds(shop), status(shop, "1")], [[], "in_progress"], "nothing is said and nothing jumps before the board is there");
  read.settle();
  await move;
  assert.deepEqual([kinds(shop), status(shop, "1")], [["conflict"], "no_show"]);
});

test("a card that the server already moved there is not rolled back", async () => {
  const shop = await open(card("1"));
  shop.store("1", "in_progress", 2);
  await shop.moveAppointment("1", "in_progress", 1);
  assert.deepEqual(shop.history.map(([, s]) => s).filter((s) => s !== "in_progress"), [], "it never stood anywhere else");
  assert.equal(shop.cards.get("1").version, 2);
  assert.deepEqual(kinds(shop), ["conflict"]);
});

test("another failure rolls back that card alone and says why", async () => {
  const shop = await open(card("1"), card("2"));
  shop.store("2", "in_progress", 2); // not known here yet, and not this move's affair
  shop.answer = () => ({ kind: "error", message: "no transition leads there" });
  const move = await shop.moveAppointment("1", "completed");
  assert.deepEqual([status(shop, "1"), status(shop, "2")], ["scheduled", "scheduled"]);
  assert.deepEqual(shop.toasts, [{ kind: "error", card: "1", text: "Not moved: no transition leads there", detail: "C1 is in Scheduled" }]);
  assert.equal(shop.reads, 0);
  assert.equal(move.outcome, "error");
});

test("a roll back leaves another move of another card alone", async () => {
  const shop = await open(card("1"), card("2"));
  const answer = deferred();
  shop.answer = (id) => (id === "2" ? answer.promise : { kind: "error", message: "no" });
  const other = shop.moveAppointment("2", "in_progress");
  await shop.moveAppointment("1", "in_progress");
  assert.deepEqual([status(shop, "1"), status(shop, "2")], ["scheduled", "in_progress"]);
  answer.settle({ kind: "moved", status: "in_progress", version: 2 });
  await other;
});

for (const [name, happened, stands] of [["that was made", true, "in_progress"], ["that was not made", false, "scheduled"]]) {
  test(`an unknown answer to a move ${name}: the refetch decides, and nothing is sent again`, async () => {
    const shop = await open(card("1"));
    shop.answer = () => {
      if (happened) shop.store("1", "in_progress", 2);
      return { kind: "unknown", message: "no answer" };
    };
    const move = await shop.moveAppointment("1", "in_progress");
    assert.equal(shop.sent.length, 1);
    assert.equal(shop.reads, 1);
    assert.equal(status(shop, "1"), stands);
    assert.deepEqual([move.outcome, move.version], ["unknown", happened ? 2 : 1]);
    assert.deepEqual(kinds(shop), ["unknown"]);
  });
}

test("a refetch that fails is tried again, and the card stays where it was put", async () => {
  const shop = await open(card("1"));
  shop.answer = () => ({ kind: "unknown", message: "no answer" });
  shop.down = true;
  const move = shop.moveAppointment("1", "in_progress");
  for (let tries = 1; tries <= 3; tries++) {
    await turn();
    assert.equal(shop.reads, tries);
    assert.equal(status(shop, "1"), "in_progress");
    if (tries === 3) shop.down = false;
    shop.waits.at(-1).resolve();
  }
  await move;
  assert.equal(shop.sent.length, 1);
  assert.equal(status(shop, "1"), "scheduled");
});

test("every move is recorded with its times", async () => {
  const shop = await open(card("1"));
  shop.time = 100;
  shop.answer = () => ((shop.time = 180), { kind: "moved", status: "in_progress", version: 2 });
  await shop.moveAppointment("1", "in_progress");
  assert.deepEqual(shop.records, [{ card: "1", outcome: "moved", to: "in_progress", expected: 1, version: 2, started: 101, answered: 181, settled: 182 }]);
});

for (const [ms, said] of [[1_999, []], [2_300, ["Slow: 2.3 s"]]]) {
  test(`a move of ${ms} ms is ${said.length ? "" : "not "}called slow`, async () => {
    const shop = await open(card("1"));
    shop.answer = () => ((shop.time += ms - 1), { kind: "moved", status: "in_progress", version: 2 });
    await shop.moveAppointment("1", "in_progress");
    assert.deepEqual(shop.toasts.filter((t) => t.kind === "slow").map((t) => t.text), said);
  });
}

test("offline: it says so, sends nothing, and the card stays", async () => {
  const shop = await open(card("1"));
  shop.down = true;
  shop.refetch();
  await turn();
  assert.equal(await shop.moveAppointment("1", "in_progress"), null);
  assert.deepEqual([shop.sent.length, status(shop, "1"), kinds(shop).join()], [0, "scheduled", "info"]);
});

test("a locked card and an unknown card are not moved", async () => {
  const shop = await open({ ...card("1"), lock: "no version", version: null });
  assert.equal(await shop.moveAppointment("1", "in_progress"), null);
  assert.equal(await shop.moveAppointment("9", "in_progress"), null);
  assert.equal(shop.sent.length, 0);
});

test("a card that is gone after the refetch is gone, and it says so", async () => {
  const shop = await open(card("1"));
  shop.answer = () => (shop.server.delete("1"), { kind: "unknown", message: "no answer" });
  const move = await shop.moveAppointment("1", "in_progress");
  assert.equal(status(shop, "1"), undefined);
  assert.equal(move.version, null);
  assert.equal(shop.toasts[0].detail, "The card is gone");
});
