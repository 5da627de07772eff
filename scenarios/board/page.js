// What runs inside the page: an observer of the board, put there before the
// page's own scripts. It knows the board by its data attributes alone
// (docs/browser.md) and never changes it. Times are performance.now(), in ms.

// observer is the script to send to the browser.
export const observer = () => `(${observe.toString()})();`;

// observe must not use anything of this module: its text is all that travels.
// It is not exported itself, since then "export" would be part of that text.
function observe() {
  if (window.occObserver || window !== window.top) {
    return;
  }
  const kept = 40; // states of a card, and toasts, that are remembered
  const most = 100; // cards that are named in one answer
  const root = '[data-occ-board]';
  const cards = '[data-occ-card]';

  // Every card's states as the screen showed them, the latest last.
  const shown = new Map();
  const toasts = [];
  const settled = [];
  let sends = []; // requests that nobody was told of yet
  const inputs = []; // times of what the person did
  const interactions = new Map(); // duration of each, for INP
  let lcp = null;
  let strays = 0; // moves of other cards, which were not sent
  let plan = null; // what the next request of a card meets
  let inPlay = new Set(); // the cards that may be moved
  let walk = {}; // from a column to the next, and the key that leads there

  const now = () => performance.now();
  const rest = (ms) => new Promise((done) => setTimeout(done, ms));

  // stateOf reads where a card stands and how often it is there.
  function stateOf(id) {
    const found = document.querySelectorAll(`${root} [data-occ-card="${CSS.escape(id)}"]`);
    if (found.length === 0) {
      return { status: '', version: 0, moving: false, times: 0 };
    }
    const column = found[0].closest('[data-occ-column]');
    return {
      status: column ? column.getAttribute('data-occ-column') : '',
      version: Number(found[0].getAttribute('data-version')),
      moving: found[0].getAttribute('data-moving') === 'true',
      times: found.length,
    };
  }

  // remember notes the state of a card, if it is a new one.
  function remember(id, at) {
    const state = stateOf(id);
    const states = shown.get(id) || [];
    const last = states[states.length - 1];
    if (last && last.status === state.status && last.version === state.version && last.moving === state.moving && last.times === state.times) {
      return;
    }
    states.push({ at, ...state });
    states.splice(0, states.length - kept);
    shown.set(id, states);
  }

  const latest = (id) => {
    const states = shown.get(id);
    return states ? states[states.length - 1] : null;
  };
  const isThere = (id) => (latest(id) || { times: 0 }).times > 0;

  // touched collects the cards that a change of the page is about. Only those
  // are looked at: the page needs the processor for itself.
  function touched(change, ids) {
    if (change.type === 'attributes') {
      ids.add(change.target.getAttribute('data-occ-card'));
      return;
    }
    for (const node of [...change.addedNodes, ...change.removedNodes]) {
      if (node.nodeType !== Node.ELEMENT_NODE) {
        continue;
      }
      ids.add(node.getAttribute('data-occ-card'));
      node.querySelectorAll(cards).forEach((e) => ids.add(e.getAttribute('data-occ-card')));
    }
  }

  function popped(node) {
    if (node.nodeType !== Node.ELEMENT_NODE) {
      return;
    }
    const found = node.matches('[data-occ-toast]') ? [node] : node.querySelectorAll('[data-occ-toast]');
    for (const e of found) {
      toasts.push({ at: now(), kind: (e.getAttribute('data-kind') || '').slice(0, 40), card: (e.getAttribute('data-card') || '').slice(0, 80) });
    }
    toasts.splice(0, toasts.length - kept);
  }

  new MutationObserver((changes) => {
    const at = now();
    const ids = new Set();
    for (const change of changes) {
      touched(change, ids);
      change.addedNodes.forEach(popped);
    }
    ids.delete(null);
    ids.forEach((id) => remember(id, at));
  }).observe(document, {
    subtree: true, childList: true, attributes: true,
    attributeFilter: ['data-occ-card', 'data-version', 'data-moving'],
  });

  for (const type of ['keydown', 'mouseup', 'pointerup', 'drop']) {
    window.addEventListener(type, (e) => { inputs.push(e.timeStamp); inputs.splice(0, inputs.length - kept); }, true);
  }
  // The frame after the event is what the person sees of it.
  window.addEventListener('occ:settled', (e) => {
    const detail = { ...e.detail };
    requestAnimationFrame(() => settled.push({ ...detail, at: now(), shown: onScreen(String(detail.card)) }));
  });

  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      lcp = entry.startTime;
    }
  }).observe({ type: 'largest-contentful-paint', buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (entry.interactionId) {
        interactions.set(entry.interactionId, Math.max(entry.duration, interactions.get(entry.interactionId) || 0));
      }
    }
  }).observe({ type: 'event', durationThreshold: 16, buffered: true });

  // cardOf recognises the one request that matters, POST or PATCH …/{id}/move,
  // and returns the id; empty: it is another request, and none of our business.
  function cardOf(method, url) {
    if (!['POST', 'PATCH'].includes(String(method).toUpperCase())) {
      return '';
    }
    try {
      const id = /\/([^/]+)\/move\/?$/.exec(new URL(url, location.href).pathname);
      return id ? decodeURIComponent(id[1]) : '';
    } catch (e) {
      return ''; // no URL, or an escape that is none: the page will be told
    }
  }

  function wishOf(card, body) {
    let said = {};
    try {
      said = JSON.parse(body) || {};
    } catch (e) {
      said = {};
    }
    return {
      card,
      target: String(said.new_status || said.status || ''),
      expected: Number.isInteger(said.expected_version) ? said.expected_version : -1,
    };
  }

  // begin notes a request and takes the plan for its card, if there is one. A
  // hand that slips must not move a card that is none of the run's.
  function begin(call) {
    if (!inPlay.has(call.card)) {
      strays++;
      throw new TypeError('Failed to fetch');
    }
    const send = { ...call, asked: now(), from: now(), to: null, http: 0, body: '', injected: '', held: false, over: false };
    sends.push(send);
    const mine = plan && plan.card === send.card && !plan.used ? plan : null;
    if (mine) {
      mine.used = true;
      send.injected = mine.fail ? 'error' : mine.slow ? 'slow' : '';
    }
    return [send, mine];
  }

  function end(send, http, body) {
    Object.assign(send, { to: now(), http, body: body.slice(0, 8192), over: true });
  }

  const holding = async (send, mine) => {
    send.held = true;
    await Promise.race([mine.released, rest(3000)]);
    send.from = now(); // only now it is sent
  };

  const fetched = window.fetch;
  window.fetch = async function (input, init) {
    const request = input instanceof Request ? input : null;
    const method = (init && init.method) || (request ? request.method : 'GET');
    const card = cardOf(method, request ? request.url : String(input));
    if (!card) {
      return fetched.apply(this, arguments);
    }
    const body = init && typeof init.body === 'string' ? init.body : request ? await request.clone().text() : '';
    const signal = (init && init.signal) || (request ? request.signal : null);
    const [send, mine] = begin(wishOf(card, body));
    if (mine && mine.fail) {
      // It never leaves the page: the server has no part in it.
      const said = JSON.stringify({ ok: false, error: { code: 'internal', message: 'Internal Server Error' } });
      end(send, 500, said);
      return new Response(said, { status: 500, headers: { 'Content-Type': 'application/json' } });
    }
    if (mine && mine.hold) {
      await holding(send, mine);
    }
    try {
      const answer = await fetched.apply(this, arguments);
      end(send, answer.status, await answer.clone().text());
      if (mine && mine.slow) {
        const aborted = new Promise((_, no) => signal && signal.addEventListener('abort', () => no(signal.reason)));
        await Promise.race([rest(mine.slow), aborted]);
      }
      return answer;
    } catch (e) {
      send.over = true;
      throw e;
    }
  };

  const opened = XMLHttpRequest.prototype.open;
  const sent = XMLHttpRequest.prototype.send;
  XMLHttpRequest.prototype.open = function (method, url) {
    this.occCall = [method, url];
    return opened.apply(this, arguments);
  };
  XMLHttpRequest.prototype.send = function (body) {
    const card = this.occCall ? cardOf(this.occCall[0], String(this.occCall[1])) : '';
    if (!card) {
      return sent.apply(this, arguments);
    }
    const [send, mine] = begin(wishOf(card, body));
    send.injected = ''; // an answer can be held here, but not be made up
    this.addEventListener('load', () => end(send, this.status, String(this.responseText || '')));
    this.addEventListener('loadend', () => { send.over = true; });
    if (mine && mine.hold) {
      holding(send, mine).then(() => sent.call(this, body));
      return undefined;
    }
    return sent.apply(this, arguments);
  };

  const onScreen = (id) => {
    const state = stateOf(id);
    return state.times > 0 ? state : null;
  };

  // tookOf is the move_ms that the page measured of a move.
  function tookOf(move) {
    const marks = performance.getEntriesByName('move_ms').filter((m) => m.startTime === move.started);
    return marks.length > 0 ? marks[marks.length - 1].duration : move.answered - move.started;
  }

  // taken returns all requests and forgets them. One without an answer is told
  // of as such: it may have had its effect at any later time.
  function taken() {
    const all = sends;
    sends = [];
    return all.map((s) => ({ ...s }));
  }

  const element = (id) => document.querySelector(`${root} [data-occ-card="${CSS.escape(id)}"]`);
  // choose takes any card of the screen that a key can move on.
  function choose() {
    const free = [];
    for (const id of inPlay) {
      const s = latest(id);
      if (s && walk[s.status] && !s.moving && s.times === 1) {
        free.push([id, walk[s.status]]);
      }
    }
    return free.length > 0 ? free[Math.floor(Math.random() * free.length)] : null;
  }

  const into = (e) => e.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });
  const centre = (e) => {
    const box = e.getBoundingClientRect();
    return { x: box.x + box.width / 2, y: box.y + Math.min(box.height / 2, 40) };
  };

  window.occObserver = {
    // state is what the page says of itself.
    state() {
      const board = document.querySelector(root);
      return { now: now(), state: board ? board.getAttribute('data-state') || '' : '' };
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

    play(rules) {
      inPlay = new Set(rules.inPlay);
      walk = rules.walk;
    },

    // prepare chooses a card, makes ready for one gesture and says where things
    // are.
    prepare({ hold, fail, slow, focus }) {
      const chosen = choose();
      if (!chosen) {
        return { now: now(), card: null };
      }
      const [card, { to, key }] = chosen;
      const e = element(card);
      const column = document.querySelector(`${root} [data-occ-column="${CSS.escape(to)}"]`);
      if (!column) {
        throw new Error(`the board has no column ${to}`);
      }
      into(e);
      if (focus) {
        e.focus();
      }
      let release = () => {};
      const released = new Promise((done) => { release = done; });
      plan = { card, hold, fail, slow, used: false, released, release };
      for (const s of sends) {
        s.leftover = true; // of an earlier gesture, after whose end it came
      }
      settled.length = 0;
      toasts.length = 0;
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
      const mine = () => sends.filter((s) => !s.leftover);
      while (now() < until && !mine().some((s) => s.held || s.over)) {
        await rest(2);
      }
      return mine().some((s) => s.held && !s.over);
    },

    // finish lets go of what is held, waits until the page has dealt with the
    // gesture, and tells all. The card is the one that the page moved, should a
    // hand have slipped.
    async finish({ patience, limit }) {
      plan.release();
      const begun = now();
      const fresh = () => sends.filter((s) => !s.leftover);
      const moved = () => (fresh().length > 0 ? fresh()[0].card : plan.card);
      const tells = Array.isArray(window.occMoves);
      const done = () => fresh().length > 0 && fresh().every((s) => s.over) && !stateOf(moved()).moving &&
        (!tells || settled.some((s) => String(s.card) === moved()));
      while (!done() && now() - begun < (fresh().length > 0 ? limit : patience)) {
        await rest(10);
      }
      const at = now();
      const over = done();
      const card = moved();
      const mine = fresh();
      const leftovers = taken().filter((s) => s.leftover);
      const input = inputs.filter((t) => t <= (mine.length > 0 ? mine[0].asked : at)).pop();
      const states = shown.get(card) || [];
      const change = states.find((s) => input !== undefined && s.at >= input);
      const told = settled.find((s) => String(s.card) === card) || null;
      return {
        now: at,
        settled: over,
        card,
        to: mine.length > 0 ? mine[0].target : null,
        before: states.filter((s) => input === undefined || s.at < input).pop() || null,
        sends: mine,
        leftovers,
        told,
        shown: told ? told.shown : onScreen(card),
        took: told ? tookOf(told) : null,
        feedback: change ? change.at - input : null,
      };
    },

    // equal waits until the screen shows at least what the server had: each
    // card once, and no card older. It returns since when that is so.
    async equal({ want, since, limit }) {
      const begun = now();
      const fits = (w, s) => s.times === 1 && (s.version > w.version || (s.version === w.version && s.status === w.status));
      const unmet = () => want.filter((w) => !isThere(w.id) || !fits(w, latest(w.id)));
      let late = unmet();
      while (late.length > 0 && now() - begun < limit) {
        await rest(10);
        late = unmet();
      }
      let at = since;
      for (const w of late.length > 0 ? [] : want) {
        const states = shown.get(w.id);
        let i = states.length - 1;
        while (i > 0 && fits(w, states[i - 1])) {
          i--;
        }
        at = Math.max(at, states[i].at);
      }
      return {
        now: now(),
        at: late.length > 0 ? null : at,
        late: late.map((w) => ({ id: w.id, want: w, shown: isThere(w.id) ? latest(w.id) : null })).slice(0, most),
        missing: want.filter((w) => !isThere(w.id)).map((w) => w.id).slice(0, most),
        twice: [...shown.keys()].filter((id) => latest(id).times > 1).slice(0, most),
        toasts: toasts.map((t) => ({ kind: t.kind, card: t.card, after: t.at - since })),
      };
    },

    // leave tells of the requests that nobody was told of.
    leave() {
      return { now: now(), leftovers: taken() };
    },

    vitals() {
      const durations = [...interactions.values()].sort((a, b) => b - a);
      return {
        lcp,
        // INP leaves out one interaction in fifty, as web-vitals does.
        inp: durations.length > 0 ? durations[Math.min(durations.length - 1, Math.floor(interactions.size / 50))] : null,
        interactions: interactions.size,
        strays,
        marks: performance.getEntriesByName('move_ms').length,
      };
    },
  };
}
