// What the page says of its server: the board's state, the banner while the
// server is gone, the word for how news arrive, and the notice that there is
// nothing to show.

const words = { live: "Live", poll: "Polling", offline: "Offline", loading: "Loading" };

export function newStatus({ root, banner, retry, mode, empty, count }) {
  let news = "loading";

  function show(state) {
    const offline = state === "offline";
    if (root.dataset.state !== state) root.dataset.state = state;
    if (banner.hidden === offline) banner.hidden = !offline; // said once, not at every try
    empty.hidden = offline || count() > 0;
    const word = offline ? "offline" : news;
    mode.dataset.mode = word;
    mode.textContent = words[word];
  }

  return {
    // heard takes what became of a reading: its failure and the ms until the
    // next, or null.
    heard(failure, pause) {
      if (failure) retry.textContent = ` Next try in ${Math.ceil(pause / 1000)} s (${failure.message.slice(0, 100)}).`;
      show(failure ? "offline" : "ready");
    },
    // setMode says how news arrive: live or poll.
    setMode(word) {
      news = word;
      if (root.dataset.state === "ready") show("ready");
    },
    // counted looks again whether the board is empty.
    counted() {
      if (root.dataset.state === "ready") show("ready");
    },
  };
}
