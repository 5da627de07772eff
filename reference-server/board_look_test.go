package refserver_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/occbench/occbench/internal/axetest"
)

// looks checks what can be measured of how the board looks.
func looks(t *testing.T, b *chromium) {
	c := atTheCounter(t, b, "")
	background := func() string { return c.eval(`getComputedStyle(document.body).backgroundColor`).(string) }
	c.media("screen", "light")
	light := background()
	c.media("screen", "dark")
	if dark := background(); dark == light {
		t.Errorf("dark is as light: %s", dark)
	}
	c.media("print", "light")
	c.wants("on paper", c.eval(`[...document.querySelectorAll('[data-occ-card]')].every((e) => e.checkVisibility({ contentVisibilityAuto: true }) && e.getBoundingClientRect().right <= innerWidth) + ' '
		+ [...document.querySelectorAll('.more, .dates, .toasts')].some((e) => e.checkVisibility())`).(string), "true false")
	c.media("screen", "light")
	c.size(360, 640, true)
	c.until(painted)
	c.wants("page at 360 px", fmt.Sprint(c.eval(`document.scrollingElement.scrollWidth`)), "360")
	c.wants("cards at 360 px", fmt.Sprint(c.eval(`[...document.querySelectorAll('[data-occ-card]')].every((e) => e.offsetWidth > 200 && e.offsetWidth < 360)`)), "true")
	c.eval(`document.querySelector('[data-occ-card="8"]').focus()`)
	c.wants("the last column at 360 px", fmt.Sprint(c.eval(`(() => { const b = document.querySelector('[data-occ-card="8"]').getBoundingClientRect(); return b.left >= 0 && b.right <= 360 })()`)), "true")
	c.eval(`document.querySelector('[data-occ-card="8"] .more').click()`)
	c.wants("the chooser at 360 px", fmt.Sprint(c.eval(`document.querySelector('dialog[open]').getBoundingClientRect().width <= 360`)), "true")
	c.wants("targets for a finger", fmt.Sprint(c.eval(`[...document.querySelectorAll('[data-occ-choice], .step')].every((e) => e.offsetHeight >= 36)`)), "true")
}

// accessible asks axe-core about every state of the page. It must find
// nothing, serious or not.
func accessible(t *testing.T, b *chromium) {
	source := axetest.Source(t, filepath.Join("board", "test"))
	c := atTheCounter(t, b, "error-500:1")
	c.eval(source + "; undefined")
	check := func(state string) {
		t.Helper()
		c.until(`document.getAnimations().every((a) => a.playState === 'finished')`)
		text := c.eval(`axe.run(document, { resultTypes: ['violations'] }).then((r) => JSON.stringify({ passes: r.passes.length, violations: r.violations.map((v) => v.impact + ' ' + v.id + ' ' + v.nodes.map((n) => n.html.slice(0, 120)).join(' ; ')) }))`).(string)
		var found struct {
			Passes     int
			Violations []string
		}
		if err := json.Unmarshal([]byte(text), &found); err != nil {
			t.Fatal(err)
		}
		if len(found.Violations) > 0 || found.Passes < 15 {
			t.Errorf("%s: %d rules pass; violations:\n%s", state, found.Passes, strings.Join(found.Violations, "\n"))
		}
	}
	for _, scheme := range []string{"light", "dark"} {
		c.media("screen", scheme)
		check(scheme)
		c.eval(`document.querySelectorAll('[data-occ-card]').forEach((e) => e.setAttribute('data-news', ''))`)
		check(scheme + ", cards that others moved")
		c.eval(`document.querySelectorAll('[data-occ-card]').forEach((e) => e.removeAttribute('data-news'))`)
		c.eval(`document.querySelector('[data-occ-card="2"] .more').click()`)
		check(scheme + ", chooser")
		c.key("Escape")
	}
	c.drag(1, inProgress, func() { check("during a drag") })
	c.settled(1)
	check("dark, toast")
	c.media("screen", "light")
	check("toast")
	c.size(360, 640, true)
	check("360 px")
	c.visit(c.base + "/?date=2026-02-01")
	c.until(isReady + ` && document.querySelector('#empty').checkVisibility()`)
	c.eval(source + "; undefined")
	check("no cards")
}

// What axe-core must find, it finds; else the test above is blind.
func TestAxeFinds(t *testing.T) {
	source := axetest.Source(t, filepath.Join("board", "test"))
	p := startChromium(t).open(t, "data:text/html,<html><body><img src=x><button></button></body></html>")
	p.eval(source + "; undefined")
	got := fmt.Sprint(p.eval(`axe.run(document).then((r) => r.violations.filter((v) => v.impact === 'serious' || v.impact === 'critical').map((v) => v.id))`))
	for _, id := range []string{"image-alt", "button-name", "html-has-lang"} {
		if !strings.Contains(got, id) {
			t.Errorf("it finds %s, not %s", got, id)
		}
	}
}
