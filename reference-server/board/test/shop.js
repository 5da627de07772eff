// What the tests of a move need: a server of one's own, in one object.

import { newCards } from "../cards.js";
import { newMover } from "../move.js";
import { newRefetch } from "../refetch.js";

export const card = (id, status = "scheduled", version = 1) => ({ id, status, version, lock: "", position: 0, start: 0, end: 0, customer: `C${id}`, vehicle: "", notes: "" });

// open returns a board of cards with a server behind it that answers a move
// as told: answer is a function of the move; without one the server decides as
// it should. gate holds the board back, down is a server that is gone.
export function open(...list) {
  const stored = new Map(list.map((c) => [c.id, { ...c }]));
  const shop = { time: 0, sent: [], reads: 0, toasts: [], shown: [], records: [], waits: [], down: false, gate: null, answer: null, history: [] };
  shop.server = stored;
  shop.store = (id, status, version) => Object.assign(stored.get(id), { status, version });
  shop.api = {
    async move(id, to, expected) {
      shop.sent.push({ id, to, expected });
      if (shop.answer) return shop.answer(id, to, expected);
      const is = stored.get(id);
      if (is.version !== expected) return { kind: "conflict" };
      shop.store(id, to, expected + 1);
      return { kind: "moved", status: to, version: expected + 1 };
    },
    async board() {
      shop.reads++;
      await shop.gate;
      if (shop.down) throw new Error("nothing listens");
      return new Map([...stored].map(([id, c]) => [id, { ...c }]));
    },
  };
  shop.cards = newCards((ids) => shop.history.push(...ids.map((id) => [id, shop.cards.get(id)?.status, shop.movingCards?.has(id)])));
  const now = () => ++shop.time;
  const { refetch, offline } = newRefetch({
    read: shop.api.board, take: shop.cards.reconcile, now, heard: (failure) => (shop.failure = failure),
    wait: (ms) => new Promise((resolve) => shop.waits.push({ ms, resolve })),
  });
  Object.assign(shop, { refetch, offline });
  const mover = newMover({ cards: shop.cards, api: shop.api, refetch, offline, now, toast: (t) => shop.toasts.push(t), record: (move) => (shop.records.push(move), move), show: (id) => shop.shown.push(id) });
  Object.assign(shop, mover);
  return refetch().then(() => {
    shop.history.length = 0;
    shop.reads = 0;
    return shop;
  });
}

// deferred is an answer that comes when the test says so.
export function deferred() {
  let settle;
  const promise = new Promise((resolve) => (settle = resolve));
  return { promise, settle };
}

// turn lets everything happen that can happen without a timer.
export const turn = () => new Promise((resolve) => setImmediate(resolve));
