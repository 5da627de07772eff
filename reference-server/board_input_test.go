package refserver_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	refserver "github.com/occbench/occbench/reference-server"
	"github.com/occbench/occbench/reference-server/appointment"
	"github.com/occbench/occbench/reference-server/store"
)

type object = map[string]any

// foreign is a card of a board that no server of ours would send.
func foreign(id any, change object) object {
	card := object{"id": id, "status": "scheduled", "version": 1, "position": 0, "appt_start": "2026-01-06T09:00:00Z", "appt_end": "2026-01-06T10:00:00Z",
		"customer_name": fmt.Sprint("Customer ", id), "make": "VW", "model": "Golf", "year": 2019, "notes": ""}
	for key, value := range change {
		card[key] = value
	}
	return card
}

// shown opens a board with the given cards under scheduled.
func shown(t *testing.T, b *chromium, cards ...any) counter {
	t.Helper()
	c := atTheCounter(t, b, "")
	text, err := json.Marshal(object{"ok": true, "data": object{"columns": object{"scheduled": object{"items": cards}}}})
	if err != nil {
		t.Fatal(err)
	}
	c.door.stand(func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/board") {
			return false
		}
		w.Header().Set("Content-Type", "application/json")
		_, err := w.Write(text)
		return err == nil
	})
	c.visit(boardURL(c.base))
	c.until(isReady)
	c.until(fmt.Sprintf(`document.querySelectorAll('[data-occ-card]').length < %d`, len(shop)))
	return c
}

const markup = `<img src=x onerror="window.pwned=1"><script>window.pwned=1</script>"><svg onload=window.pwned=1>{{7*7}}`

// What a server says is text, wherever it is shown.
func markupStaysText(t *testing.T, b *chromium) {
	evil := object{"customer_name": markup, "notes": markup, "make": markup, "model": markup, "year": markup}
	c := shown(t, b, foreign("1", evil), foreign(markup, evil), foreign("3", object{"status": markup}))
	const texts = `[...document.querySelectorAll('[data-occ-card="1"] .customer, [data-occ-card="1"] .notes')].map((e) => e.textContent)`
	c.wants("texts", c.eval(texts+`.join('|')`).(string), markup+"|"+markup)
	c.eval(`document.querySelector('[data-occ-card="1"]').focus()`)
	c.key("m")
	c.wants("dialog", c.eval(`document.querySelector('dialog[open] .customer').textContent`).(string), markup)
	c.key("Escape")
	c.door.stand(func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/move") {
			return false
		}
		w.WriteHeader(http.StatusForbidden)
		text, err := json.Marshal(object{"error": object{"message": markup}})
		if err == nil {
			_, err = w.Write(text)
		}
		return err == nil
	})
	c.eval(`document.querySelector('[data-occ-card="1"]').focus()`)
	c.key("ArrowRight")
	c.until(`document.querySelector('[data-occ-toast]') !== null`)
	c.wants("toast", c.toasts(), "error 1 Not moved: "+markup)
	c.drag(1, inProgress, func() {
		c.wants("elements", fmt.Sprint(c.eval(`document.querySelectorAll('main img, main script, main svg, dialog img, .toasts img, .ghost img').length`)), "0")
	})
	c.wants("ran", fmt.Sprint(c.eval(`window.pwned`)), "<nil>")
}

// Cards that make no sense are shown as far as they do, and are not moved.
func cardsThatMakeNoSense(t *testing.T, b *chromium) {
	c := shown(t, b,
		foreign("1", object{"status": "waiting_for_parts"}), foreign("2", object{"version": nil}), foreign(3, object{"notes": strings.Repeat("long ", 2000)}),
		foreign("4", object{"customer_name": "👩‍🔧 " + strings.Repeat("W", 200), "notes": "\u202eevil"}), foreign("5", object{"customer_name": "دانا الحسن"}),
		foreign("5", object{"version": 2}), nil, 7, "x", object{}, foreign("", nil))
	got := c.eval(`[...document.querySelectorAll('[data-occ-column="scheduled"] [data-occ-card]')].map((e) => e.dataset.occCard + ':' + e.dataset.version + ':' + e.hasAttribute('data-locked')).join(' ')`)
	c.wants("cards", got.(string), "1:1:true 2::true 3:1:false 4:1:false 5:2:false")
	c.eval(`document.querySelector('[data-occ-card="2"]').focus()`)
	c.key("ArrowRight")
	c.drag(1, inProgress, func() {
		c.wants("a drag of a locked card", fmt.Sprint(c.eval(`document.querySelectorAll('.ghost').length`)), "0")
	})
	c.wants("attempts", fmt.Sprint(c.server.Attempts().Total()), "0")
	c.wants("notes on the card", fmt.Sprint(c.eval(`document.querySelector('[data-occ-card="3"] .notes').textContent.length <= 300`)), "true")
	c.eval(`document.querySelector('[data-occ-card="3"]').focus()`)
	c.key("m")
	c.wants("notes in the dialog", fmt.Sprint(c.eval(`document.querySelector('dialog[open] .notes').textContent.length`)), "10000")
	c.wants("no card is wider than its column", fmt.Sprint(c.eval(`[...document.querySelectorAll('[data-occ-card]')].every((e) => e.scrollWidth <= e.clientWidth + 1)`)), "true")
}

// A day without cards says so, and how to make some: not on a day that is over.
func boardWithoutCards(t *testing.T, b *chromium) {
	_, base := serve(t, refserver.Options{Store: openStore(t, "sqlite", "")})
	p := b.open(t, base+"/?date=2126-02-01")
	p.until(isReady)
	const says = `document.querySelector('#empty').checkVisibility() && document.querySelector('#empty').innerText.replace(/\s+/g, ' ')`
	const head = "No cards on this day Pick another date, or make some cards to move"
	if got, want := p.eval(says), head+": occbench seed --target "+base+" --date 2126-02-01"; got != want {
		t.Errorf("the empty board says %q, want %q", got, want)
	}
	p.visit(base + "/?date=2020-02-01")
	p.until(isReady + ` && document.querySelector('[data-occ-board]').dataset.date === '2020-02-01'`)
	if got := fmt.Sprint(p.eval(says)); !strings.HasPrefix(got, head+" on ") || !strings.Contains(got, ", since this day is over: occbench seed --target "+base+" --date 2") || strings.Contains(got, "2020") {
		t.Errorf("the empty board of a day that is over says %q", got)
	}
}

// A server that goes away costs no card, no storm of toasts, and no move that
// was made.
func serverGone(t *testing.T, b *chromium) {
	c := atTheCounter(t, b, "")
	c.until(`document.querySelector('#mode').dataset.mode === 'live'`)
	gone := func(w http.ResponseWriter, r *http.Request) bool {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			err = conn.Close()
		}
		return err == nil
	}
	c.door.stand(gone)
	c.eval(`document.querySelector('[data-occ-card="1"]').focus()`)
	c.key("ArrowRight") // on its way when the server goes
	c.until(`document.querySelector('[data-occ-board]').dataset.state === 'offline'`)
	c.until(`document.querySelector('#banner').checkVisibility()`)
	for _, id := range []string{"2", "6", "8", "3"} {
		c.eval(`document.querySelector('[data-occ-card="` + id + `"]').focus()`)
		c.key("ArrowLeft")
	}
	c.until(fmt.Sprintf(`document.querySelectorAll('[data-occ-card]').length === %d`, len(shop)))
	c.wants("the moving card", c.eval(`document.querySelector('[data-occ-card="1"]').dataset.status + document.querySelector('[data-occ-card="1"]').dataset.moving`).(string), "in_progresstrue")
	c.until(`document.querySelectorAll('[data-occ-toast]').length <= 4`)
	c.door.open()
	c.wants("the move", c.settled(1), "1 1→1 in_progress unknown")
	c.until(cardIn(1, scheduled))
	c.until(`document.querySelector('#banner').hidden && ` + isReady)
	c.wants("attempts", fmt.Sprint(c.server.Attempts().Total()), "0")
}

// A machine that leaves its network is told so at once, and not by its stream.
func networkGone(t *testing.T, b *chromium) {
	c := atTheCounter(t, b, "")
	c.until(`document.querySelector('#mode').dataset.mode === 'live'`)
	network := func(offline bool) {
		c.do("Network.emulateNetworkConditions", map[string]any{"offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}, nil)
	}
	c.do("Network.enable", nil, nil)
	network(true)
	c.until(`document.querySelector('[data-occ-board]').dataset.state === 'offline' && document.querySelector('#banner').checkVisibility()`)
	network(false)
	c.until(isReady + ` && document.querySelector('#banner').hidden`)
	c.wants("cards", fmt.Sprint(c.eval(`document.querySelectorAll('[data-occ-card]').length`)), fmt.Sprint(len(shop)))
}

// A date can be typed: it is not shown before it is whole.
func typedDate(t *testing.T, b *chromium) {
	c := atTheCounter(t, b, "")
	c.eval(`document.querySelector('#date').focus()`)
	c.key("ArrowUp")
	c.key("ArrowUp")
	typed := c.eval(`document.querySelector('#date').value`).(string)
	if shown := c.eval(`new URLSearchParams(location.search).get('date')`); shown != tomorrow.Format(time.DateOnly) || typed == shown {
		t.Errorf("after two keys the board shows %v, the field says %s", shown, typed)
	}
	c.key("Enter")
	c.until(isReady + fmt.Sprintf(` && document.querySelector('[data-occ-board]').dataset.date === %q`, typed))
}

// Without a stream the board asks.
func withoutAStream(t *testing.T, b *chromium) {
	c := atTheCounter(t, b, "")
	c.door.stand(func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/stream") {
			return false
		}
		http.NotFound(w, r)
		return true
	})
	c.visit(boardURL(c.base))
	c.until(`document.querySelector('#mode').dataset.mode === 'poll'`)
	move(t, c.base, 1, inProgress, 1)
	c.until(cardIn(1, inProgress))
}

// A move on a board of a thousand cards touches the elements of that card and
// of the columns it leaves and enters; whatever else is on the page stays as
// it is.
func aThousandCards(t *testing.T, b *chromium) {
	s := openStore(t, "sqlite", "")
	ids := addCards(t, s, 900)
	for range 100 {
		if _, err := s.AddAppointment(t.Context(), store.Appointment{Customer: 1, Vehicle: 1, Start: tomorrow.Add(7 * time.Hour), End: tomorrow.Add(8 * time.Hour), Services: []string{"OIL"}}); err != nil {
			t.Fatal(err)
		}
	}
	_, base := serve(t, refserver.Options{Store: s})
	c := counter{tab: b.open(t, boardURL(base)), base: base}
	c.until(isReady)
	c.until(painted)
	c.wants("cards", fmt.Sprint(c.eval(`document.querySelector('[data-occ-column="scheduled"]').dataset.count`)), "1000")
	c.eval(`new MutationObserver((all) => { for (const m of all) (window.touched ??= new Set()).add(m.target.closest?.('[data-occ-card]')?.dataset.occCard ?? m.target.tagName) })
		.observe(document.querySelector('[data-occ-board]'), { subtree: true, childList: true, attributes: true, characterData: true })`)
	c.eval(fmt.Sprintf(`document.querySelector('[data-occ-card="%d"]').focus()`, ids[500]))
	c.key("ArrowRight")
	c.until(cardIn(ids[500], inProgress))
	c.until(`window.occMoves.length === 1`)
	// The columns, their lists and counts; the card; the card that Tab stopped
	// at before, and none of the other 998.
	c.wants("touched", c.eval(`[...window.touched].sort().join()`).(string), "501,901,SECTION,SPAN,UL")
	t.Logf("longest task of the page: %v ms, of which drawing 1,000 cards is one", c.eval(`Promise.race([new Promise((r) => setTimeout(r, 1000, 0)),
		new Promise((r) => new PerformanceObserver((l) => r(Math.max(...l.getEntries().map((e) => e.duration)))).observe({ type: 'longtask', buffered: true }))])`))
}

// The page offers what the contract allows.
func pageKnowsTheTransitions(t *testing.T, b *chromium) {
	_, base := serve(t, refserver.Options{Store: openStore(t, "sqlite", "")})
	p := b.open(t, boardURL(base))
	p.until(isReady)
	text := p.eval(`import('/board/statuses.js').then((m) => JSON.stringify({ columns: m.columns.map((c) => c.status), transitions: m.transitions }))`).(string)
	var got struct {
		Columns     []appointment.Status
		Transitions map[appointment.Status][]appointment.Status
	}
	if err := json.Unmarshal([]byte(text), &got); err != nil {
		t.Fatal(err)
	}
	for i, from := range appointment.Statuses() {
		if got.Columns[i] != from {
			t.Errorf("column %d is %s, want %s", i, got.Columns[i], from)
		}
		for _, to := range appointment.Statuses() {
			offered := false
			for _, s := range got.Transitions[from] {
				offered = offered || s == to
			}
			if offered != appointment.IsLegal(from, to) {
				t.Errorf("from %s to %s: offered is %v", from, to, offered)
			}
		}
	}
}
