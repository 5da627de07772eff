// calls are the moves that the page sends, and what they meet on their way.
function calls(page) {
  const { now, rest } = page;
  let sends = []; // requests that were not told yet
  let strays = 0; // moves of other cards, which were not sent

  page.plan = null; // what the next request of a card meets
  page.inPlay = new Set(); // the cards that may be moved

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
    if (!page.inPlay.has(call.card)) {
      strays++;
      throw new TypeError('Failed to fetch');
    }
    const send = { ...call, asked: now(), from: now(), to: null, http: 0, body: '', injected: '', held: false, over: false };
    sends.push(send);
    const mine = page.plan && page.plan.card === send.card && !page.plan.used ? page.plan : null;
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

  page.strays = () => strays;
  page.sends = () => sends;

  // taken returns all requests and forgets them. One without an answer is told
  // of as such: it may have had its effect at any later time.
  page.taken = () => {
    const all = sends;
    sends = [];
    return all.map((s) => ({ ...s }));
  };

  // leave tells of the requests that were not told.
  page.asked.leave = () => ({ now: now(), leftovers: page.taken() });
}

export { calls };
