// vitals is how the page feels: what the person did, and how long they waited to
// see something of it.
function vitals(page) {
  const inputs = []; // times of what the person did
  const interactions = new Map(); // duration of each, for INP
  let lcp = null;

  for (const type of ['keydown', 'mouseup', 'pointerup', 'drop']) {
    window.addEventListener(type, (e) => { inputs.push(e.timeStamp); inputs.splice(0, inputs.length - page.kept); }, true);
  }
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

  page.inputs = inputs;

  // tookOf is the move_ms that the page measured of a move.
  page.tookOf = (move) => {
    const marks = performance.getEntriesByName('move_ms').filter((m) => m.startTime === move.started);
    return marks.length > 0 ? marks[marks.length - 1].duration : move.answered - move.started;
  };

  page.asked.vitals = () => {
    const durations = [...interactions.values()].sort((a, b) => b - a);
    return {
      lcp,
      // INP leaves out one interaction in fifty, as web-vitals does.
      inp: durations.length > 0 ? durations[Math.min(durations.length - 1, Math.floor(interactions.size / 50))] : null,
      interactions: interactions.size,
      strays: page.strays(),
      marks: performance.getEntriesByName('move_ms').length,
    };
  };
}

export { vitals };
