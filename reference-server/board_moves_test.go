package refserver_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	refserver "github.com/occbench/occbench/reference-server"
	"github.com/occbench/occbench/reference-server/appointment"
	"github.com/occbench/occbench/reference-server/fault"
)

// counter is a board in a browser on a day of the shop.
type counter struct {
	*tab
	server *refserver.Server
	base   string
	chrome *chromium
	door   *door
}

// door is where requests come in; a test may stand in it.
type door struct {
	next http.Handler
	keep atomic.Pointer[func(w http.ResponseWriter, r *http.Request) bool] // reports whether it took the request
}

func (d *door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if keep := d.keep.Load(); keep != nil && (*keep)(w, r) {
		return
	}
	d.next.ServeHTTP(w, r)
}

// stand puts a client into the door.
func (d *door) stand(keep func(w http.ResponseWriter, r *http.Request) bool) { d.keep.Store(&keep) }

// open lets everybody in again.
func (d *door) open() { d.keep.Store(nil) }

// hold keeps moves waiting until what it returns is called.
func (d *door) hold() (letGo func()) {
	wait := make(chan struct{})
	d.stand(func(_ http.ResponseWriter, r *http.Request) bool {
		if strings.HasSuffix(r.URL.Path, "/move") {
			<-wait
		}
		return false
	})
	return func() { close(wait) }
}

// atTheCounter opens a board; several faults are separated by commas.
func atTheCounter(t *testing.T, b *chromium, faults string) counter {
	t.Helper()
	opts := refserver.Options{Store: openStore(t, "sqlite", "")}
	if faults != "" {
		set, err := fault.Parse(faults, fault.Options{Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		opts.Faults = set
	}
	openShop(t, opts.Store)
	server, _ := serve(t, opts)
	d := &door{next: without(server.Handler())}
	listening := httptest.NewServer(d)
	t.Cleanup(listening.Close)
	c := counter{b.open(t, boardURL(listening.URL)), server, listening.URL, b, d}
	c.until(isReady)
	c.until(painted)
	return c
}

// settled waits for the nth move of the page to be resolved and returns its
// outcome and the version it led to.
func (c counter) settled(n int) string {
	c.tb.Helper()
	c.until(fmt.Sprintf(`window.occMoves.length >= %d`, n))
	return c.eval(fmt.Sprintf(`(() => { const m = window.occMoves[%d]; return m.card + ' ' + m.expected + '→' + m.version + ' ' + m.to + ' ' + m.outcome })()`, n-1)).(string)
}

// toasts are the kinds and titles that are on the screen.
func (c counter) toasts() string {
	return c.eval(`[...document.querySelectorAll('[data-occ-toasts] [data-occ-toast]')].map((t) => t.dataset.kind + ' ' + (t.dataset.card ?? '-') + ' ' + t.querySelector('.title').textContent).join('|')`).(string)
}

func (c counter) wants(what, got, want string) {
	c.tb.Helper()
	if got != want {
		c.tb.Errorf("%s: %q, want %q", what, got, want)
	}
}

// movesOnTheBoard are what people do to a board, one test each.
var movesOnTheBoard = []struct {
	name, faults string
	play         func(t *testing.T, c counter)
}{
	{"a drop moves the card, in the other window too", "", func(t *testing.T, c counter) {
		other := c.chrome.open(t, boardURL(c.base))
		other.until(isReady)
		other.until(`document.querySelector('#mode').dataset.mode === 'live'`)
		c.drag(1, inProgress, nil)
		c.wants("the move", c.settled(1), "1 1→2 in_progress moved")
		c.until(cardIn(1, inProgress))
		other.until(cardIn(1, inProgress))
		other.drag(1, ready, nil)
		c.until(cardIn(1, ready))
		c.until(`document.querySelector('[data-occ-column="ready"]').dataset.count === '3' && document.querySelector('[data-occ-column="scheduled"]').dataset.count === '4'`)
		if said := append(c.complaints(), other.complaints()...); len(said) > 0 {
			t.Errorf("the consoles say %q", said)
		}
	}},
	// An animation would never end on a busy board, and every frame of it costs.
	{"a card that somebody else moved is pointed out for a moment, without an animation", "", func(t *testing.T, c counter) {
		c.until(`document.querySelector('#mode').dataset.mode === 'live'`)
		c.eval(`new MutationObserver((all) => { window.pointedOut ??= all.some((m) => m.target.hasAttribute('data-news')) && document.getAnimations().length })
			.observe(document.querySelector('[data-occ-board]'), { subtree: true, attributeFilter: ['data-news'] })`)
		move(t, c.base, 1, inProgress, 1)
		c.until(cardIn(1, inProgress))
		c.until(`window.pointedOut !== undefined`)
		c.wants("animations", fmt.Sprint(c.eval(`window.pointedOut`)), "0")
		c.until(`document.querySelector('[data-news]') === null`)
	}},
	{"only legal columns are offered, and a drop elsewhere moves nothing", "", func(t *testing.T, c counter) {
		c.drag(1, completed, func() {
			got := c.eval(`[...document.querySelectorAll('[data-occ-column]')].map((e) => e.dataset.occColumn + ' ' + e.dataset.legal + ' ' + e.ariaDisabled).join('|')`)
			c.wants("offered", got.(string), "scheduled false true|in_progress true null|ready false true|completed false true|no_show true null")
			c.wants("cards", fmt.Sprint(c.eval(`document.querySelectorAll('[data-occ-card]').length`)), fmt.Sprint(len(shop)))
		})
		c.until(cardIn(1, scheduled))
		c.until(`document.querySelectorAll('[data-legal], [aria-disabled], .ghost').length === 0`)
		c.drag(2, ready, nil)
		c.settled(1)
		if diff := cmp.Diff(refserver.Attempts{200: 1}, c.server.Attempts()); diff != "" {
			t.Errorf("attempts (-want +got):\n%s", diff)
		}
	}},
	{"Escape ends a drag", "", func(t *testing.T, c counter) {
		c.drag(1, inProgress, func() { c.key("Escape") })
		c.until(cardIn(1, scheduled))
		c.wants("moves", fmt.Sprint(c.eval(`window.occMoves.length`)), "0")
	}},
	{"a card that somebody else moves during the drag is a conflict", "", func(t *testing.T, c counter) {
		c.drag(1, inProgress, func() {
			if r := move(t, c.base, 1, appointment.NoShow, 1); r.status != http.StatusOK {
				t.Fatal(r.status)
			}
			c.until(`document.querySelector('[data-occ-card="1"]').dataset.version === '2'`)
		})
		c.wants("the move", c.settled(1), "1 1→2 in_progress conflict")
		c.wants("said", c.toasts(), "conflict 1 Not moved to In progress: Ada Fernández is in No-show")
		c.until(cardIn(1, appointment.NoShow))
		c.wants("live region", fmt.Sprint(c.eval(`document.querySelector('[data-occ-toasts]').getAttribute('aria-live')`)), "polite")
	}},
	{"a second move of a moving card is ignored", "", func(t *testing.T, c counter) {
		letGo := c.door.hold()
		c.eval(`document.querySelector('[data-occ-card="1"]').focus()`)
		c.key("ArrowRight")
		c.until(`document.querySelector('[data-occ-column="in_progress"] [data-occ-card="1"][data-moving="true"]') !== null`)
		c.key("ArrowRight")
		c.key("m")
		c.wants("choices", fmt.Sprint(c.eval(`document.querySelectorAll('[data-occ-choice]').length`)), "0")
		c.key("Escape")
		c.drag(1, ready, nil)
		letGo()
		c.wants("the move", c.settled(1), "1 1→2 in_progress moved")
		c.until(cardIn(1, inProgress))
		if got := c.server.Attempts().Total(); got != 1 {
			t.Errorf("%d attempts", got)
		}
	}},
	{"the keyboard alone", "", func(t *testing.T, c counter) {
		c.eval(`document.querySelector('[data-occ-card="1"]').focus()`)
		c.key("ArrowLeft") // nothing is legal to the left
		c.until(`document.querySelector('#quiet').textContent !== ''`)
		c.key("ArrowRight")
		c.wants("right", c.settled(1), "1 1→2 in_progress moved")
		c.until(`document.activeElement.dataset.occCard === '1'`)
		c.key("ArrowLeft")
		c.wants("left", c.settled(2), "1 2→3 scheduled moved")
		c.key("m")
		c.wants("choices", c.eval(`[...document.querySelectorAll('dialog[open] [data-occ-choice]')].map((b) => b.dataset.occChoice).join()`).(string), "in_progress,no_show")
		c.key("Tab")
		c.key("Enter")
		c.wants("chosen", c.settled(3), "1 3→4 no_show moved")
		c.until(`document.activeElement.dataset.occCard === '1' && document.activeElement.dataset.status === 'no_show'`)
		c.key("ArrowDown")
		c.until(`document.activeElement.dataset.occCard === '8'`)
	}},
	{"a finger: a touch that lies still drags, one that moves scrolls", "", func(t *testing.T, c counter) {
		c.size(1100, 700, true)
		x, y := c.middle(`[data-occ-card="1"]`)
		tx, ty := c.middle(`[data-occ-column="in_progress"]`)
		at := func(x, y float64) map[string]float64 { return map[string]float64{"x": x, "y": y} }
		c.eval(`window.addEventListener('pointerdown', () => { window.ghosts = 0 })`)
		c.eval(`new MutationObserver(() => { window.ghosts += document.querySelectorAll('.ghost').length }).observe(document.body, { childList: true })`)
		c.touch("touchStart", at(x, y))
		c.touch("touchMove", at(tx, ty))
		c.touch("touchEnd")
		c.until(painted)
		c.wants("drags", fmt.Sprint(c.eval(`window.ghosts`)), "0")
		// A browser takes a finger for a scrolling one when the page is slow to
		// answer, as on a busy machine; a person tries again.
		for tries := 0; tries < 5 && c.server.Attempts().Total() == 0; tries++ {
			c.touch("touchStart", at(x, y))
			c.until(`document.querySelector('.ghost') !== null`)
			c.until(painted)
			c.touch("touchMove", at((x+tx)/2, ty))
			c.touch("touchMove", at(tx, ty))
			c.touch("touchEnd")
			c.until(`document.querySelector('.ghost') === null`)
			c.until(painted)
		}
		c.wants("the move", c.settled(1), "1 1→2 in_progress moved")
		if got := c.server.Attempts().Total(); got != 1 {
			t.Errorf("%d attempts", got)
		}
	}},
	{"the button of a card opens the chooser", "", func(t *testing.T, c counter) {
		x, y := c.middle(`[data-occ-card="6"] .more`)
		c.mouse("mousePressed", x, y)
		c.mouse("mouseReleased", x, y)
		c.until(`document.querySelector('dialog[open] .customer').textContent === 'Tom O’Brien'`)
		x, y = c.middle(`[data-occ-choice="ready"]`)
		c.mouse("mousePressed", x, y)
		c.mouse("mouseReleased", x, y)
		c.wants("the move", c.settled(1), "6 2→3 ready moved")
	}},
	{"a refusal rolls that card back", "masked-conflict", func(t *testing.T, c counter) {
		c.drag(1, inProgress, func() { move(t, c.base, 1, appointment.NoShow, 1) })
		if got := c.settled(1); !strings.HasSuffix(got, "in_progress error") {
			t.Error(got)
		}
		if said := c.toasts(); !strings.HasPrefix(said, "error 1 Not moved: ") {
			t.Error(said)
		}
		c.until(cardIn(1, appointment.NoShow)) // the stream knew
	}},
	{"a 500 after a commit: the refetch shows the move, and nothing is sent again", "phantom-failure:1", func(t *testing.T, c counter) {
		c.drag(1, inProgress, nil)
		c.wants("the move", c.settled(1), "1 1→2 in_progress unknown")
		c.until(cardIn(1, inProgress))
		if diff := cmp.Diff(refserver.Attempts{500: 1}, c.server.Attempts()); diff != "" {
			t.Errorf("attempts (-want +got):\n%s", diff)
		}
	}},
	{"a 500 without a commit: the refetch shows that nothing was moved", "error-500:1", func(t *testing.T, c counter) {
		c.drag(1, inProgress, nil)
		c.wants("the move", c.settled(1), "1 1→1 in_progress unknown")
		c.until(cardIn(1, scheduled))
		if said := c.toasts(); !strings.HasPrefix(said, "unknown 1 Unsure: ") {
			t.Error(said)
		}
	}},
	{"a slow answer is called slow, and measured", "latency=2100ms", func(t *testing.T, c counter) {
		c.drag(1, inProgress, nil)
		c.wants("the move", c.settled(1), "1 1→2 in_progress moved")
		took := c.eval(`((m) => ((m.answered - m.started) / 1000).toFixed(1))(window.occMoves[0])`).(string)
		c.wants("said", c.toasts(), "slow 1 Slow: "+took+" s")
		c.wants("entries", fmt.Sprint(c.eval(`performance.getEntriesByName('move_ms').map((e) => e.duration >= 2000 && e.detail.card === '1')`)), "[true]")
	}},
	{"move_ms lands in the server's metrics", "", func(t *testing.T, c counter) {
		c.drag(1, inProgress, nil)
		c.settled(1)
		c.visit("about:blank")
		c.until(`location.href === 'about:blank'`)
		for end, told := time.Now().Add(20*time.Second), false; !told; {
			_, text := get(t, c.base+"/metrics", "")
			told = strings.Contains(text, `move_ms_count{outcome="moved"} 1`)
			if time.Now().After(end) {
				t.Fatal("the metrics never say so")
			}
		}
	}},
}

// TestBoard shows the board to a browser.
func TestBoard(t *testing.T) {
	b := startChromium(t)
	for _, c := range movesOnTheBoard {
		t.Run(c.name, func(t *testing.T) { c.play(t, atTheCounter(t, b, c.faults)) })
	}
	for name, check := range map[string]func(*testing.T, *chromium){
		"markup stays text":                 markupStaysText,
		"cards that make no sense":          cardsThatMakeNoSense,
		"a date without cards":              boardWithoutCards,
		"a server that goes and comes back": serverGone,
		"a network that goes":               networkGone,
		"a date that is typed":              typedDate,
		"a server without a stream":         withoutAStream,
		"a thousand cards":                  aThousandCards,
		"the transitions":                   pageKnowsTheTransitions,
		"every size, colour and medium":     looks,
		"axe-core":                          accessible,
	} {
		t.Run(name, func(t *testing.T) { check(t, b) })
	}
}
