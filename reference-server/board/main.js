// The page: which parts there are and who knows whom.

import { newAPI } from "./api.js";
import { newCards } from "./cards.js";
import { newChooser } from "./chooser.js";
import { asked, named, seedable, shifted } from "./day.js";
import { dragging } from "./dnd.js";
import { keys } from "./keyboard.js";
import { follow } from "./live.js";
import { newMover } from "./move.js";
import { newStatus } from "./offline.js";
import { newPicker } from "./picker.js";
import { newRecord } from "./record.js";
import { newRefetch } from "./refetch.js";
import { newView } from "./render.js";
import { newSearch } from "./search.js";
import { shortcuts } from "./shortcuts.js";
import { newToasts } from "./toasts.js";
import { pause, visible } from "./window.js";

const at = (selector) => document.querySelector(selector);
const now = () => performance.now();
const query = new URLSearchParams(location.search);
const date = asked(query, Date.now());
const root = at("[data-occ-board]");

const cards = newCards((ids, news) => {
  view.update(ids, news);
  if (at("#search").value !== "") search.showAll();
  status.counted();
  at("#jobs").textContent = cards.all().length;
  at("#inside").textContent = ["in_progress", "ready"].reduce((n, s) => n + view.lists.get(s).childElementCount, 0);
});
const card = (id) => cards.get(id);
const moving = (id) => movingCards.has(id);
const view = newView({ root, document, card, moving });
const search = newSearch({
  input: at("#search"), cards: cards.all, element: view.element,
  told: (found) => (at("#quiet").textContent = found === null ? "" : `${found} of ${cards.all().length} cards match`),
});
const status = newStatus({ root, banner: at("#banner"), retry: at("#retry"), mode: at("#mode"), empty: at("#empty"), count: () => cards.all().length });
const toast = newToasts({ region: at("[data-occ-toasts]"), quiet: at("#quiet"), document });

const api = newAPI(date, (...call) => fetch(...call));
const { refetch, offline } = newRefetch({ read: api.board, take: cards.reconcile, wait: pause, now, heard: status.heard });
const { record, flush } = newRecord({
  target: window, performance, operator: Number.parseInt(query.get("operator"), 10),
  send: (report) => navigator.sendBeacon("/api/client-metrics", new Blob([JSON.stringify(report)], { type: "application/json" })),
});
const { moveAppointment, movingCards } = newMover({ cards, api, refetch, toast, record, offline, now, show: view.pointTo });

const choose = newChooser({ dialog: at("#chooser"), document, card, moving, element: view.element, moveAppointment });
dragging({ root, document, card, moving, moveAppointment });
shortcuts({ page: document, search: at("#search"), help: at("#help"), dialog: at("#keys-help") });
keys({ root, card, moveAppointment, choose, toast });
root.addEventListener("click", (event) => event.target.closest(".more") && choose(event.target.closest("[data-occ-card]").dataset.occCard));
window.addEventListener("pagehide", flush);
window.addEventListener("offline", refetch); // the stream may take long to notice

root.dataset.date = date;
document.title = `${named(date)} · Status board`;
at("#date").value = date;
newPicker(at("#date"), () => at("#date").form.submit());
for (const [id, days] of [["#earlier", -1], ["#later", 1]]) at(id).href = `/?date=${shifted(date, days)}`;
at("#day").textContent = named(date);
const seed = seedable(date, Date.now());
at("#seed").textContent = `occbench seed --target ${location.origin} --date ${seed}`;
at("#seed-on").textContent = seed === date ? "" : ` on ${named(seed)}, since this day is over`;

follow({
  visible, refetch, wait: pause, mode: status.setMode,
  heard: (card) => cards.one(card, now()),
  open: () => (window.EventSource ? new EventSource(`/api/admin/appointments/stream?date=${date}`) : null),
});
