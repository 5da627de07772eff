package reports

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/occbench/occbench/internal/sanitize"
	"github.com/occbench/occbench/internal/ux"
	"github.com/occbench/occbench/reports/html"
	"github.com/occbench/occbench/reports/view"
)

// drawPicture returns a PNG; noise makes it compress badly.
func drawPicture(t *testing.T, side int, noise bool) []byte {
	t.Helper()
	p := image.NewRGBA(image.Rect(0, 0, side, side))
	r := rand.New(rand.NewPCG(1, 2))
	for y := range side {
		for x := range side {
			if noise {
				p.Set(x, y, color.RGBA{uint8(r.Uint32()), uint8(r.Uint32()), uint8(r.Uint32()), 255})
			} else {
				p.Set(x, y, color.White)
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, p); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestScreens(t *testing.T) {
	plain, noisy := drawPicture(t, 64, false), drawPicture(t, 900, true)
	cases := []struct {
		name    string
		screens []view.Screen
		shown   int
	}{
		{"three pictures", []view.Screen{{Path: "screens/before.png", PNG: plain}, {Path: "screens/toast.png", PNG: plain}, {Path: "screens/after.png", PNG: plain}}, 3},
		{"no picture", []view.Screen{{Path: "screens/before.png", PNG: []byte("<svg onload=alert(1)>")}, {Path: "screens/toast.png", PNG: plain}}, 1},
		{"a picture that was cut off", []view.Screen{{Path: "screens/before.png", PNG: plain[:len(plain)/2]}}, 0},
		{"more than a page may hold", []view.Screen{{Path: "screens/before.png", PNG: noisy}, {Path: "screens/toast.png", PNG: noisy}, {Path: "screens/after.png", PNG: noisy}}, 1},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			run := view.Run{UX: &ux.Numbers{Outcomes: map[string]int{}, Toasts: map[string]int{}}, Screens: c.screens}
			var page bytes.Buffer
			if err := html.Report(&page, run); err != nil {
				t.Fatal(err)
			}
			if got := strings.Count(page.String(), `<img src="data:image/jpeg;base64,`); got != c.shown {
				t.Errorf("%d pictures in the page, want %d", got, c.shown)
			}
			if page.Len() > 1_500_000 {
				t.Errorf("the page has %d bytes", page.Len())
			}
		})
	}
}

// What a page calls its messages is shown as text, in every format.
func TestBrowsersAreHostile(t *testing.T) {
	n := &ux.Numbers{
		People: 1, Gestures: 3, Outcomes: map[string]int{"applied": 2}, Toasts: map[string]int{"<b>\x1b[31m": 2},
		Conflicts: ux.Conflicts{Count: 1, Judged: 1, First: "record <i>\x1b[2J"}, Failures: []string{"<script>alert(1)</script>\x07"},
	}
	run := view.Run{UX: n, Screens: []view.Screen{{Path: "screens/before.png"}}}
	sanitize.Texts(&run) // as the reader of a run does
	for _, f := range Formats() {
		var out bytes.Buffer
		if err := f.Write(&out, run); err != nil {
			t.Fatal(err)
		}
		if strings.ContainsAny(out.String(), "\x1b\x07") {
			t.Errorf("%s passes control characters on", f.Name)
		}
		if f.Name == "html" && (strings.Contains(out.String(), "<script>alert") || strings.Contains(out.String(), "<b>")) {
			t.Errorf("the page runs what a toast says")
		}
		if f.Name == "text" && !strings.Contains(out.String(), "In the browser") {
			t.Errorf("the text does not tell of the browser:\n%s", out.String())
		}
	}
}
