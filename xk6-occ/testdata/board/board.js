// A board with the fewest lines that keep the contract of docs/browser.md. The
// server says in `broken` which line is to be wrong: each fault is one that the
// scenario has to find.

const { date, operator } = Object.fromEntries(new URLSearchParams(location.search));
const root = document.querySelector('[data-occ-board]');
const statuses = ['scheduled', 'in_progress', 'ready', 'completed', 'no_show'];
const moving = new Set();
window.occMoves = [];
root.dataset.date = date;

for (const status of statuses) {
  const column = document.createElement('section');
  column.dataset.occColumn = status;
  column.append(status);
  root.append(column);
}
const column = (status) => document.querySelector(`[data-occ-column="${status}"]`);
const element = (id) => document.querySelector(`[data-occ-card="${id}"]`);

function put(card) {
  let e = element(card.id);
  if (e && Number(e.dataset.version) > card.version) {
    return; // an older answer came later
  }
  if (!e) {
    e = document.createElement('div');
    e.dataset.occCard = card.id;
    e.tabIndex = 0;
    e.dataset.moving = 'false';
  }
  e.dataset.version = card.version;
  stand(e, card.status);
}

function stand(e, status) {
  if (e.dataset.status !== status) {
    e.dataset.status = status;
    column(status).append(e);
  }
  e.textContent = `#${e.dataset.occCard} ${status} v${e.dataset.version}`;
}

async function refetch() {
  const answer = await fetch(`/api/admin/appointments/board?date=${date}`);
  const { data } = await answer.json();
  for (const c of Object.values(data.columns)) {
    for (const card of c.items) {
      if (!moving.has(card.id)) {
        put(card);
      }
    }
  }
  root.dataset.state = 'ready';
  return Object.values(data.columns).flatMap((c) => c.items);
}

function toast(kind, card) {
  const e = document.createElement('p');
  e.dataset.occToast = '';
  Object.assign(e.dataset, { kind, card });
  e.textContent = `${kind}: card ${card}`;
  document.querySelector('[data-occ-toasts]').append(e);
  setTimeout(() => e.remove(), 1500);
}

// send is fetch, or, where the page is to be that old, XMLHttpRequest.
function send(path, body) {
  if (broken !== 'xhr') {
    return fetch(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });
  }
  return new Promise((done, failed) => {
    const x = new XMLHttpRequest();
    x.open('POST', path);
    x.setRequestHeader('Content-Type', 'application/json');
    x.onload = () => done({ status: x.status, json: async () => JSON.parse(x.responseText) });
    x.onerror = failed;
    x.send(body);
  });
}

async function move(id, to) {
  if (moving.has(id) && broken !== 'twice') {
    return;
  }
  const e = element(id);
  const from = { status: e.dataset.status, version: Number(e.dataset.version) };
  const started = performance.now();
  moving.add(id);
  e.dataset.moving = 'true';
  stand(e, to);
  let outcome = 'unknown';
  let said = {};
  try {
    const answer = await send(`/api/admin/appointments/${id}/move`, JSON.stringify({ new_status: to, expected_version: from.version }));
    said = await answer.json();
    outcome = { 200: 'moved', 409: 'conflict' }[answer.status] || (answer.status < 500 ? 'error' : 'unknown');
  } catch (failed) {
    outcome = 'unknown';
  }
  const answered = performance.now();
  moving.delete(id);
  if (outcome === 'moved') {
    put({ id, status: said.data.status, version: said.data.version });
  } else {
    await reconcile(id, from, outcome);
  }
  e.dataset.moving = 'false';
  if (answered - started > 2000) {
    toast('slow', id);
  }
  const detail = { card: id, outcome, to, expected: from.version, version: Number(e.dataset.version), started, answered, settled: performance.now() };
  window.occMoves.push(detail);
  performance.measure('move_ms', { start: started, end: detail.settled, detail });
  dispatchEvent(new CustomEvent('occ:settled', { detail }));
}

async function reconcile(id, from, outcome) {
  const e = element(id);
  if (broken === 'rollback') { // shows what the card was, whatever became of it
    stand(e, from.status);
    moving.add(id);
    setTimeout(() => moving.delete(id), 600);
  } else if (broken === 'wish') { // goes on showing what the person wished for
    moving.add(id);
  } else {
    const cards = await refetch();
    stand(e, cards.find((c) => c.id === id).status);
  }
  if (broken === 'lose' && outcome === 'conflict') {
    e.remove();
    moving.add(id);
  }
  if (broken === 'duplicate' && outcome === 'conflict') {
    column('no_show').append(e.cloneNode(true));
  }
  if (broken !== 'silent') {
    toast(outcome, id);
  }
}

document.addEventListener('keydown', (k) => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[k.key];
  const card = k.target.closest('[data-occ-card]');
  if (step && card) {
    move(card.dataset.occCard, statuses[statuses.indexOf(card.dataset.status) + step]);
  }
});
let taken = null;
document.addEventListener('pointerdown', (p) => { taken = p.target.closest('[data-occ-card]'); });
document.addEventListener('pointerup', (p) => {
  const under = document.elementsFromPoint(p.clientX, p.clientY).map((e) => e.closest('[data-occ-column]')).find((e) => e);
  if (taken && under && under.dataset.occColumn !== taken.dataset.status) {
    move(taken.dataset.occCard, under.dataset.occColumn);
  }
  taken = null;
});
document.addEventListener('selectstart', (s) => s.preventDefault());

refetch();
setInterval(refetch, broken === 'wish' || broken === 'rollback' ? 250 : 100);
