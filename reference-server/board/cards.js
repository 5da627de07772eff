// What the board knows: of each card the server's last word, and over it the
// status that a move under way wishes for. What is shown is the wish, else the
// server's word; taking a wish away shows the server's word again, so that a
// move that failed undoes itself and nothing else.

export function newCards(changed) {
  const known = new Map(); // id -> { card, at }: the server's word, and when it was spoken
  const wishes = new Map(); // id -> status

  const get = (id) => {
    const card = known.get(id)?.card;
    return card && wishes.has(id) ? { ...card, status: wishes.get(id) } : card;
  };

  // learn takes the server's word on one card. A word that may have been
  // spoken before the last one counts only when its version is not older:
  // answers overtake each other.
  function learn(card, at) {
    const last = known.get(card.id);
    if (last && at <= last.at && card.version < last.card.version) return false;
    known.set(card.id, { card, at: Math.max(at, last?.at ?? at) });
    return !last || !same(last.card, card);
  }

  return {
    get,
    has: (id) => known.has(id),
    all: () => [...known.keys()].map(get),
    server: (id) => known.get(id)?.card,

    wish(id, status) {
      wishes.set(id, status);
      changed([id]);
    },

    // resolve ends a move: what the server says is shown from here on.
    resolve(id) {
      wishes.delete(id);
      changed([id]);
    },

    // acknowledge notes that the server said it moved a card.
    acknowledge(id, status, version, at) {
      const last = known.get(id);
      if (last && version >= (last.card.version ?? 0)) known.set(id, { card: { ...last.card, status, version }, at });
    },

    // one takes the news of one card, heard at an instant. When it was spoken
    // is not known, so it never counts against a newer version.
    one(card, at) {
      const last = known.get(card.id);
      if (last && card.version < last.card.version) return;
      if (learn(card, at)) changed([card.id], true);
    },

    // reconcile takes a whole board that was asked for at an instant. Cards it
    // does not hold are gone, unless they are younger than the question.
    reconcile(board, at) {
      const different = [];
      for (const card of board.values()) {
        if (learn(card, at)) different.push(card.id);
      }
      for (const [id, last] of known) {
        if (board.has(id) || last.at >= at) continue;
        known.delete(id);
        different.push(id);
      }
      if (different.length > 0) changed(different, true);
    },
  };
}

const same = (a, b) => Object.keys(b).every((k) => a[k] === b[k]);
