// agreement is whether the screen shows what the server has.
function agreement(page) {
  const { now, rest, shown, latest, isThere } = page;
  const most = 100; // cards that are named in one answer
  const fits = (w, s) => s.times === 1 && (s.version > w.version || (s.version === w.version && s.status === w.status));

  // sinceWhen is the moment from which on a card has fitted.
  function sinceWhen(w) {
    const states = shown.get(w.id);
    let i = states.length - 1;
    while (i > 0 && fits(w, states[i - 1])) {
      i--;
    }
    return states[i].at;
  }

  // equal waits until the screen shows at least what the server had: each
  // card once, and no card older. It returns since when that is so.
  page.asked.equal = async ({ want, since, limit }) => {
    const begun = now();
    const unmet = () => want.filter((w) => !isThere(w.id) || !fits(w, latest(w.id)));
    let late = unmet();
    while (late.length > 0 && now() - begun < limit) {
      await rest(10);
      late = unmet();
    }
    return {
      now: now(),
      at: late.length > 0 ? null : Math.max(since, ...want.map(sinceWhen)),
      late: late.map((w) => ({ id: w.id, want: w, shown: isThere(w.id) ? latest(w.id) : null })).slice(0, most),
      missing: want.filter((w) => !isThere(w.id)).map((w) => w.id).slice(0, most),
      twice: [...shown.keys()].filter((id) => latest(id).times > 1).slice(0, most),
      toasts: page.toasts.map((t) => ({ kind: t.kind, card: t.card, after: t.at - since })),
    };
  };
}

export { agreement };
