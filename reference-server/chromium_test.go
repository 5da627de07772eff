package refserver_test

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/occbench/occbench/internal/need"
)

// chromium is a browser without a window, spoken to through a pair of pipes:
// unlike a debugging port no other process can take them.
type chromium struct {
	in      io.Writer
	mu      sync.Mutex // guards in and what follows
	last    int
	waiting map[int]chan answerOf
	talk    map[string][]string // what each session's console complained of
	dead    error
}

// answerOf is a message of the browser: an answer, or an event.
type answerOf struct {
	ID        int             `json:"id"`
	SessionID string          `json:"sessionId"`
	Method    string          `json:"method"`
	Params    json.RawMessage `json:"params"`
	Result    json.RawMessage `json:"result"`
	Error     *struct {
		Message string `json:"message"`
	} `json:"error"`
}

// startChromium starts a browser that ends with the test.
func startChromium(tb testing.TB) *chromium {
	tb.Helper()
	path := need.Chromium(tb)
	toRead, in := pipe(tb)
	out, toWrite := pipe(tb)
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, path, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
		"--user-data-dir="+tb.TempDir(), "--remote-debugging-pipe", "--window-size=1360,860")
	cmd.ExtraFiles = []*os.File{toRead, toWrite}
	if err := cmd.Start(); err != nil {
		tb.Fatalf("starting %s: %v", path, err)
	}
	for _, f := range cmd.ExtraFiles {
		if err := f.Close(); err != nil {
			tb.Error(err)
		}
	}
	b := &chromium{in: in, waiting: map[int]chan answerOf{}, talk: map[string][]string{}}
	listened := make(chan struct{})
	go func() { defer close(listened); b.listen(bufio.NewReader(out)) }()
	tb.Cleanup(func() {
		// The browser goes as it was told to; how it says so does not matter.
		_, _ = b.call("", "Browser.close", nil)
		<-listened
		cancel()
		_ = cmd.Wait()
	})
	return b
}

func pipe(tb testing.TB) (r, w *os.File) {
	tb.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		tb.Fatal(err)
	}
	return r, w
}

// listen hands out answers until the browser ends.
func (b *chromium) listen(from *bufio.Reader) {
	for {
		text, err := from.ReadBytes(0)
		var m answerOf
		if err == nil {
			err = json.Unmarshal(text[:len(text)-1], &m)
		}
		b.mu.Lock()
		if err != nil {
			b.dead = fmt.Errorf("the browser has ended: %w", err)
			for id, waiting := range b.waiting {
				close(waiting)
				delete(b.waiting, id)
			}
			b.mu.Unlock()
			return
		}
		if waiting, ok := b.waiting[m.ID]; ok && m.ID != 0 {
			waiting <- m
			delete(b.waiting, m.ID)
		}
		b.note(m)
		b.mu.Unlock()
	}
}

// note keeps what a page's console complains of.
func (b *chromium) note(m answerOf) {
	switch {
	case m.Method == "Runtime.exceptionThrown", m.Method == "Log.entryAdded" && strings.Contains(string(m.Params), `"level":"error"`),
		m.Method == "Runtime.consoleAPICalled" && strings.Contains(string(m.Params), `"type":"error"`):
		b.talk[m.SessionID] = append(b.talk[m.SessionID], string(m.Params))
	}
}

// call sends a command to the browser, or to a page of it, and returns the
// result.
func (b *chromium) call(session, method string, params any) (json.RawMessage, error) {
	answered := make(chan answerOf, 1)
	b.mu.Lock()
	if b.dead != nil {
		b.mu.Unlock()
		return nil, b.dead
	}
	b.last++
	b.waiting[b.last] = answered
	message := map[string]any{"id": b.last, "method": method}
	if params != nil {
		message["params"] = params
	}
	if session != "" {
		message["sessionId"] = session
	}
	text, err := json.Marshal(message)
	if err == nil {
		_, err = b.in.Write(append(text, 0))
	}
	b.mu.Unlock()
	if err != nil {
		return nil, err
	}
	select {
	case m, ok := <-answered:
		switch {
		case !ok:
			return nil, errors.New("the browser has ended")
		case m.Error != nil:
			return nil, fmt.Errorf("%s: %s", method, m.Error.Message)
		}
		return m.Result, nil
	case <-time.After(time.Minute):
		return nil, fmt.Errorf("%s: no answer within a minute", method)
	}
}

// tab is one page of a browser.
type tab struct {
	tb      testing.TB
	browser *chromium
	session string
}

// open opens a page.
func (b *chromium) open(tb testing.TB, url string) *tab {
	tb.Helper()
	p := b.blank(tb)
	p.visit(url)
	return p
}

// blank opens an empty page in a profile of its own, as another person's would
// be.
func (b *chromium) blank(tb testing.TB) *tab {
	tb.Helper()
	var person struct{ BrowserContextID string }
	var target struct{ TargetID string }
	var session struct{ SessionID string }
	p := &tab{tb: tb, browser: b}
	p.do("Target.createBrowserContext", nil, &person)
	p.do("Target.createTarget", map[string]any{"url": "about:blank", "browserContextId": person.BrowserContextID}, &target)
	p.do("Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &session)
	p.session = session.SessionID
	tb.Cleanup(func() {
		// The connections of the page hold up the end of the server it is from.
		if _, err := b.call("", "Target.disposeBrowserContext", map[string]any{"browserContextId": person.BrowserContextID}); err != nil {
			tb.Error(err)
		}
	})
	for _, domain := range []string{"Page", "Runtime", "Log"} {
		p.do(domain+".enable", nil, nil)
	}
	return p
}

func (p *tab) visit(url string) {
	p.tb.Helper()
	p.do("Page.navigate", map[string]any{"url": url}, nil)
}

// do carries out a command or ends the test.
func (p *tab) do(method string, params, into any) {
	p.tb.Helper()
	result, err := p.browser.call(p.session, method, params)
	if err == nil && into != nil {
		err = json.Unmarshal(result, into)
	}
	if err != nil {
		p.tb.Fatal(err)
	}
}

// eval returns the value of an expression, awaited.
func (p *tab) eval(expression string) any {
	p.tb.Helper()
	var got struct {
		Result           struct{ Value any }
		ExceptionDetails json.RawMessage
	}
	p.do("Runtime.evaluate", map[string]any{"expression": expression, "awaitPromise": true, "returnByValue": true}, &got)
	if got.ExceptionDetails != nil {
		p.tb.Fatalf("evaluating %s: %s", expression, got.ExceptionDetails)
	}
	return got.Result.Value
}

// until waits for an expression to be true.
func (p *tab) until(expression string) {
	p.tb.Helper()
	const wait = `(async () => {
		const end = performance.now() + 20000;
		while (performance.now() < end) { try { if (%s) return true } catch {} await new Promise((r) => setTimeout(r, 5)); }
		return false })()`
	// A navigation breaks an evaluation off; then the next page is asked.
	deadline := time.Now().Add(30 * time.Second)
	for time.Now().Before(deadline) {
		result, err := p.browser.call(p.session, "Runtime.evaluate", map[string]any{
			"expression": fmt.Sprintf(wait, expression), "awaitPromise": true, "returnByValue": true})
		if err != nil {
			continue
		}
		if strings.Contains(string(result), `"value":true`) {
			return
		}
		if strings.Contains(string(result), `"value":false`) {
			break
		}
	}
	p.tb.Fatalf("it does not come true: %s", expression)
}

// complaints returns what the console of the page complained of.
func (p *tab) complaints() []string {
	p.browser.mu.Lock()
	defer p.browser.mu.Unlock()
	return slices.Clone(p.browser.talk[p.session])
}

// mouse sends a mouse event: mouseMoved, mousePressed or mouseReleased.
func (p *tab) mouse(kind string, x, y float64) {
	p.tb.Helper()
	buttons := 1
	if kind == "mouseReleased" {
		buttons = 0
	}
	p.do("Input.dispatchMouseEvent", map[string]any{"type": kind, "x": x, "y": y, "button": "left", "buttons": buttons, "clickCount": 1}, nil)
}

// touch sends a touch event: touchStart, touchMove or touchEnd.
func (p *tab) touch(kind string, points ...map[string]float64) {
	p.tb.Helper()
	if points == nil {
		points = []map[string]float64{}
	}
	p.do("Input.dispatchTouchEvent", map[string]any{"type": kind, "touchPoints": points}, nil)
}

// key presses a key and lets it go.
func (p *tab) key(name string) {
	p.tb.Helper()
	for _, kind := range []string{"keyDown", "keyUp"} {
		params := map[string]any{"type": kind, "key": name, "code": name}
		if code, ok := map[string]int{"Enter": 13, "Escape": 27, "Tab": 9}[name]; ok {
			params["windowsVirtualKeyCode"] = code
		}
		if name == "Enter" && kind == "keyDown" {
			params["text"] = "\r"
		}
		p.do("Input.dispatchKeyEvent", params, nil)
	}
}

// middle returns the middle of an element.
func (p *tab) middle(selector string) (x, y float64) {
	p.tb.Helper()
	at := p.eval(fmt.Sprintf(`(() => { const b = document.querySelector(%q).getBoundingClientRect(); return [b.left + b.width / 2, b.top + Math.min(b.height, innerHeight - b.top) / 2] })()`, selector)).([]any)
	return at[0].(float64), at[1].(float64)
}

// size makes the page as large as a screen.
func (p *tab) size(width, height int, phone bool) {
	p.tb.Helper()
	p.do("Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": height, "deviceScaleFactor": 1, "mobile": phone}, nil)
	if phone {
		p.do("Emulation.setTouchEmulationEnabled", map[string]any{"enabled": true}, nil)
	}
}

// media sets the medium and the colour scheme.
func (p *tab) media(medium, scheme string) {
	p.tb.Helper()
	p.do("Emulation.setEmulatedMedia", map[string]any{"media": medium,
		"features": []map[string]string{{"name": "prefers-color-scheme", "value": scheme}}}, nil)
}

// shoot writes a picture of the page.
func (p *tab) shoot(path string) {
	p.tb.Helper()
	var picture struct{ Data string }
	p.do("Page.captureScreenshot", map[string]any{"format": "png"}, &picture)
	p.write(path, picture.Data)
}

func (p *tab) write(path, data string) {
	p.tb.Helper()
	raw, err := base64.StdEncoding.DecodeString(data)
	if err == nil {
		err = os.WriteFile(path, raw, 0o644)
	}
	if err != nil {
		p.tb.Fatal(err)
	}
}
