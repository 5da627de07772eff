// A move, from the drop of a card to the last word on it.

import { label, legal } from "./statuses.js";

// slow is from when on a move is called slow, in ms.
export const slow = 2_000;

// newMover returns moveAppointment and movingCards, the ids of cards whose
// move is not resolved.
//
// parts: cards, api, refetch (resolves when the cards hold a board that was
// asked for after the call, however long that takes), toast, record, offline
// (whether the last read failed), now (ms), show (points a card out).
export function newMover({ cards, api, refetch, toast, record, offline, now, show = () => {} }) {
  const movingCards = new Set();

  // moveAppointment resolves with what became of the move, or with null when
  // it was not sent. expectedVersion is the version that was on the screen when
  // the decision was made; without one it is the last known.
  async function moveAppointment(id, newStatus, expectedVersion = cards.server(id)?.version) {
    if (movingCards.has(id)) return null;
    if (!cards.has(id) || cards.server(id).lock) return null;
    if (offline()) {
      toast({ kind: "info", card: id, text: "Offline: the card stays where it is" });
      return null;
    }
    const started = now();
    movingCards.add(id);
    cards.wish(id, newStatus);
    const answer = await api.move(id, newStatus, expectedVersion);
    const answered = now();
    await learn(id, answer, answered);
    movingCards.delete(id);
    cards.resolve(id);
    say(id, newStatus, answer);
    if (answered - started > slow) toast({ kind: "slow", card: id, text: `Slow: ${((answered - started) / 1000).toFixed(1)} s` });
    return record({
      card: id, outcome: answer.kind, to: newStatus, expected: expectedVersion,
      version: cards.server(id)?.version ?? null, started, answered, settled: now(),
    });
  }

  // learn makes the cards hold what is true after an answer.
  async function learn(id, answer, at) {
    switch (answer.kind) {
      case "moved":
        return cards.acknowledge(id, answer.status, answer.version, at);
      case "conflict": // another user was faster: see what they did
        return refetch();
      case "unknown": // sending again might move twice: see whether it was moved
        return refetch();
    }
  }

  function say(id, to, answer) {
    const card = cards.server(id);
    const stands = card ? `${name(card)} is in ${label(card.status)}` : "The card is gone";
    switch (answer.kind) {
      case "moved":
        return toast({ kind: "quiet", text: `${name(card)} moved to ${label(answer.status)}` });
      case "conflict":
        return toast({ kind: "conflict", card: id, ...lost(id, to, card) });
      case "error":
        return toast({ kind: "error", card: id, text: `Not moved: ${answer.message}`, detail: stands });
      case "unknown":
        return toast({ kind: "unknown", card: id, text: `Unsure: ${answer.message}. The board shows what the server has`, detail: stands });
    }
  }

  // lost says who was faster and what can still be done: where the card stands now, the
  // same move may be legal, and is asked for with the version that is on the screen.
  function lost(id, to, card) {
    if (!card) return { text: `Not moved to ${label(to)}: the card is gone`, detail: "Board updated: someone else removed it." };
    const actions = [{ label: "Show", act: () => show(id) }];
    if (!card.lock && legal(card.status, to)) {
      actions.push({ label: "Move anyway", act: () => moveAppointment(id, to, card.version) });
    }
    return {
      text: card.status === to ? `${name(card)} is in ${label(to)} already` : `Not moved to ${label(to)}: ${name(card)} is in ${label(card.status)}`,
      detail: "Board updated: someone else moved it first.",
      actions,
    };
  }

  return { moveAppointment, movingCards };
}

const name = (card) => card?.customer || card?.vehicle || `Card ${card?.id}`;
