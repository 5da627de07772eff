import assert from "node:assert/strict";
import { test } from "node:test";

import { newCards } from "../cards.js";
import { card } from "./shop.js";

const board = (...list) => new Map(list.map((c) => [c.id, c]));

function known(...list) {
  const changes = [];
  const cards = newCards((ids, news) => changes.push([ids, news]));
  cards.reconcile(board(...list), 10);
  changes.length = 0;
  return { cards, changes };
}

const is = (cards, id) => cards.get(id) && `${cards.get(id).status}:${cards.get(id).version}`;

test("a board that was asked for before a move's answer does not undo the move", () => {
  const { cards } = known(card("1"));
  cards.acknowledge("1", "in_progress", 2, 30);
  cards.reconcile(board(card("1")), 20);
  assert.equal(is(cards, "1"), "in_progress:2");
});

test("a board that was asked for after it counts, even when its version is older", () => {
  const { cards } = known(card("1"));
  cards.acknowledge("1", "in_progress", 2, 30);
  cards.reconcile(board(card("1")), 40);
  assert.equal(is(cards, "1"), "scheduled:1");
});

test("an answer that is older than the news does not undo them", () => {
  const { cards } = known(card("1"));
  cards.one(card("1", "ready", 3), 15);
  cards.acknowledge("1", "in_progress", 2, 20);
  assert.equal(is(cards, "1"), "ready:3");
});

test("news that come late do not undo newer ones", () => {
  const { cards } = known(card("1"));
  cards.one(card("1", "ready", 3), 11);
  cards.one(card("1", "in_progress", 2), 12);
  assert.equal(is(cards, "1"), "ready:3");
});

test("news that come between the asking for a board and its answer stand", () => {
  const { cards } = known(card("1"));
  cards.one(card("1", "ready", 3), 25);
  cards.one(card("2", "ready", 1), 25); // a card that the board does not hold yet
  cards.reconcile(board(card("1", "in_progress", 2)), 20);
  assert.equal(is(cards, "1"), "ready:3");
  assert.equal(is(cards, "2"), "ready:1");
});

test("other people's moves appear while a card of one's own is moving", () => {
  const { cards, changes } = known(card("1"), card("2"));
  cards.wish("1", "in_progress");
  cards.one(card("2", "in_progress", 2), 20);
  assert.deepEqual([is(cards, "1"), is(cards, "2")], ["in_progress:1", "in_progress:2"]);
  assert.deepEqual(changes.at(-1), [["2"], true]);
});

test("a reconciliation names the cards that differ, and no other", () => {
  const { cards, changes } = known(card("1"), card("2"), card("3"));
  cards.reconcile(board(card("1"), card("2", "ready", 4), card("4")), 20);
  assert.deepEqual(changes, [[["2", "4", "3"], true]]);
  assert.deepEqual(cards.all().map((c) => c.id), ["1", "2", "4"]);
  cards.reconcile(board(card("1"), card("2", "ready", 4), card("4")), 30);
  assert.equal(changes.length, 1);
});
