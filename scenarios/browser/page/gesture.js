// gesture is one move by hand: a card is chosen, its request may be held, and in
// the end all is told.
function gesture(page) {
  const { now, rest, element, latest, stateOf } = page;
  let walk = {}; // from a column to the next, and the key that leads there

  const into = (e) => e.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });
  const centre = (e) => {
    const box = e.getBoundingClientRect();
    return { x: box.x + box.width / 2, y: box.y + Math.min(box.height / 2, 40) };
  };
  const fresh = () => page.sends().filter((s) => !s.leftover);

  // choose takes any card of the screen that a key can move on.
  function choose() {
    const free = [];
    for (const id of page.inPlay) {
      const s = latest(id);
      if (s && walk[s.status] && !s.moving && s.times === 1) {
        free.push([id, walk[s.status]]);
      }
    }
    return free.length > 0 ? free[Math.floor(Math.random() * free.length)] : null;
  }

  // ready makes ready for one gesture with a card.
  function ready(card, { hold, fail, slow }) {
    let release = () => {};
    const released = new Promise((done) => { release = done; });
    page.plan = { card, hold, fail, slow, used: false, released, release };
    for (const s of page.sends()) {
      s.leftover = true; // of an earlier gesture, after whose end it came
    }
    page.settled.length = 0;
    page.toasts.length = 0;
  }

  // account is what became of a gesture with a card, whose requests are mine.
  function account(card, mine, at) {
    const input = page.inputs.filter((t) => t <= (mine.length > 0 ? mine[0].asked : at)).pop();
    const states = page.shown.get(card) || [];
    const change = states.find((s) => input !== undefined && s.at >= input);
    const told = page.settled.find((s) => String(s.card) === card) || null;
    return {
      card,
      to: mine.length > 0 ? mine[0].target : null,
      before: states.filter((s) => input === undefined || s.at < input).pop() || null,
      told,
      shown: told ? told.shown : page.onScreen(card),
      took: told ? page.tookOf(told) : null,
      feedback: change ? change.at - input : null,
    };
  }

  Object.assign(page.asked, {
    play(rules) {
      page.inPlay = new Set(rules.inPlay);
      walk = rules.walk;
    },

    // messages says whether there are any, and where one can be closed.
    messages() {
      const close = document.querySelector('[data-occ-toast] button');
      return { now: now(), any: document.querySelector('[data-occ-toast]') !== null, close: close ? centre(close) : null };
    },

    // show brings a card into the picture.
    show(card) {
      const e = element(card);
      if (e) {
        into(e);
      }
      return { now: now() };
    },

    // prepare chooses a card, makes ready for one gesture and says where things
    // are.
    prepare(rules) {
      const chosen = choose();
      if (!chosen) {
        return { now: now(), card: null };
      }
      const [card, { to, key }] = chosen;
      const e = element(card);
      const column = page.column(to);
      if (!column) {
        throw new Error(`the board has no column ${to}`);
      }
      into(e);
      if (rules.focus) {
        e.focus();
      }
      ready(card, rules);
      return { now: now(), card, to, key, shown: stateOf(card), from: centre(e), column: centre(column) };
    },

    // focus is for a second key: a page may lose the focus when a card changes
    // its column.
    focus(card) {
      const e = element(card);
      if (e) {
        e.focus();
      }
      return { now: now() };
    },

    // where says where a card is now; null: not on the screen.
    where(card) {
      const e = element(card);
      return { now: now(), at: e ? centre(e) : null };
    },

    // held resolves when the request of the gesture waits, or is over, or
    // does not come.
    async held(limit) {
      const until = now() + limit;
      while (now() < until && !fresh().some((s) => s.held || s.over)) {
        await rest(2);
      }
      return fresh().some((s) => s.held && !s.over);
    },

    // finish lets go of what is held, waits until the page has dealt with the
    // gesture, and tells all. The card is the one that the page moved, should a
    // hand have slipped.
    async finish({ patience, limit }) {
      page.plan.release();
      const begun = now();
      const moved = () => (fresh().length > 0 ? fresh()[0].card : page.plan.card);
      const tells = Array.isArray(window.occMoves);
      const done = () => fresh().length > 0 && fresh().every((s) => s.over) && !stateOf(moved()).moving &&
        (!tells || page.settled.some((s) => String(s.card) === moved()));
      while (!done() && now() - begun < (fresh().length > 0 ? limit : patience)) {
        await rest(10);
      }
      const at = now();
      const settled = done();
      const card = moved();
      const sends = fresh();
      const leftovers = page.taken().filter((s) => s.leftover);
      return { now: at, settled, sends, leftovers, ...account(card, sends, at) };
    },
  });
}

export { gesture };
