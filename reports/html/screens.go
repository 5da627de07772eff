package html

import (
	"bytes"
	"encoding/base64"
	"html/template"
	"image/jpeg"
	"image/png"
	"path"
	"strings"

	"github.com/occbench/occbench/reports/view"
)

// screenView is a screenshot as the page shows it.
type screenView struct {
	Caption       string
	Source        template.URL
	Width, Height int
}

// The limits of the screenshots inside the page, which must stand alone and
// stay small enough to be mailed.
const (
	maxSide     = 4096 // px; what is larger is left out
	screenBytes = 1 << 20
	quality     = 70 // of JPEG, 1–100
)

// screenViews puts the screenshots into the page, as JPEG, which takes half the
// room. What is no picture stays outside.
func screenViews(run view.Run) []screenView {
	var all []screenView
	room := screenBytes
	for _, s := range run.Screens {
		view, size := newScreenView(s)
		if room -= size; size > 0 && room >= 0 {
			all = append(all, view)
		}
	}
	return all
}

// newScreenView returns a screenshot with its size in the page; 0: it is none.
func newScreenView(s view.Screen) (screenView, int) {
	is, err := png.DecodeConfig(bytes.NewReader(s.PNG))
	if err != nil || is.Width > maxSide || is.Height > maxSide {
		return screenView{}, 0
	}
	picture, err := png.Decode(bytes.NewReader(s.PNG))
	var small bytes.Buffer
	if err == nil {
		err = jpeg.Encode(&small, picture, &jpeg.Options{Quality: quality})
	}
	if err != nil {
		return screenView{}, 0
	}
	text := base64.StdEncoding.EncodeToString(small.Bytes())
	return screenView{
		Caption: view.Captions[strings.TrimSuffix(path.Base(s.Path), ".png")],
		Source:  template.URL("data:image/jpeg;base64," + text),
		Width:   is.Width, Height: is.Height,
	}, len(text)
}
