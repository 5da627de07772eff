// sight is what the screen shows, and when it came to show it.
function sight(page) {
  const kept = 40; // states of a card, and toasts, that are remembered
  const root = '[data-occ-board]';
  const cards = '[data-occ-card]';

  // Every card's states as the screen showed them, the latest last.
  const shown = new Map();
  const toasts = [];
  const settled = []; // what the page tells of moves that it has dealt with

  const now = () => performance.now();
  const element = (id) => document.querySelector(`${root} [data-occ-card="${CSS.escape(id)}"]`);
  const column = (status) => document.querySelector(`${root} [data-occ-column="${CSS.escape(status)}"]`);

  // stateOf reads where a card stands and how often it is there.
  function stateOf(id) {
    const found = document.querySelectorAll(`${root} [data-occ-card="${CSS.escape(id)}"]`);
    if (found.length === 0) {
      return { status: '', version: 0, moving: false, times: 0 };
    }
    const place = found[0].closest('[data-occ-column]');
    return {
      status: place ? place.getAttribute('data-occ-column') : '',
      version: Number(found[0].getAttribute('data-version')),
      moving: found[0].getAttribute('data-moving') === 'true',
      times: found.length,
    };
  }

  const latest = (id) => {
    const states = shown.get(id);
    return states ? states[states.length - 1] : null;
  };
  const isThere = (id) => (latest(id) || { times: 0 }).times > 0;
  const onScreen = (id) => {
    const state = stateOf(id);
    return state.times > 0 ? state : null;
  };

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

  // The frame after the event is what the person sees of it.
  window.addEventListener('occ:settled', (e) => {
    const detail = { ...e.detail };
    requestAnimationFrame(() => settled.push({ ...detail, at: now(), shown: onScreen(String(detail.card)) }));
  });

  Object.assign(page, { now, kept, shown, toasts, settled, element, column, stateOf, latest, isThere, onScreen });
  page.rest = (ms) => new Promise((done) => setTimeout(done, ms));

  // state is what the page says of itself.
  page.asked.state = () => {
    const board = document.querySelector(root);
    return { now: now(), state: board ? board.getAttribute('data-state') || '' : '' };
  };
}

export { sight };
