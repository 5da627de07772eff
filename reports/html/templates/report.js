// Reads a moment off the charts over time: by pointing, or with the arrow keys.
(() => {
  "use strict";
  const svg = document.getElementById("timeline");
  const data = document.getElementById("moments");
  if (!svg || !data) return;
  const moments = JSON.parse(data.textContent);
  const out = document.getElementById("readout");
  const line = document.getElementById("reading");
  const left = Number(svg.dataset.left), width = Number(svg.dataset.right) - left, bottom = Number(svg.dataset.bottom);
  if (!moments || moments.length < 2) return;
  const step = moments[1].t - moments[0].t;
  const end = Number(svg.dataset.end);
  const idle = out.textContent;
  let at = -1;

  const ms = (v) => v === null ? "no answer" : v < 10000 ? v + " ms" : v / 1000 + " s";
  const show = (i) => {
    at = Math.max(0, Math.min(moments.length - 1, i));
    const m = moments[at];
    const x = left + width * (m.t + step / 2) / end;
    line.setAttribute("d", `M${x.toFixed(1)} 16V${bottom}`);
    out.textContent = `From ${m.t} to ${Number(Math.min(m.t + step, end).toFixed(2))} s: ${m.updates} ${svg.dataset.updates}/s` +
      (m.conflicts === null ? "" : `, ${m.conflicts} % conflicts`) +
      `, ${m.errors} failed, p50 ${ms(m.p50)}, p95 ${ms(m.p95)}.`;
  };
  const hide = () => {
    at = -1;
    line.setAttribute("d", "");
    out.textContent = idle;
  };

  svg.addEventListener("pointermove", (e) => {
    const box = svg.getBoundingClientRect();
    const x = (e.clientX - box.left) / box.width * 720;
    show(Math.floor((x - left) / width * end / step));
  });
  svg.addEventListener("pointerleave", hide);
  svg.parentElement.addEventListener("keydown", (e) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[e.key];
    if (by) {
      show(at < 0 ? 0 : at + by);
      e.preventDefault();
    } else if (e.key === "Escape") {
      hide();
    }
  });
})();

// A button beside each command copies it.
(() => {
  "use strict";
  for (const pre of document.querySelectorAll("pre")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(pre.textContent);
        button.textContent = "Copied";
      } catch {
        getSelection().selectAllChildren(pre);
        button.textContent = "Selected";
      }
    });
    pre.before(button);
  }
})();
