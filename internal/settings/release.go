package settings

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/occbench/occbench/internal/run"
)

// Release says how a build is brought live.
type Release struct {
	Alias              string  // of the Lambda function
	Endpoint           string  // base URL of Lambda; empty: the region's own
	Preview            string  // alias at which a version is validated before Alias gets it; empty: none
	Canary             float64 // share of the traffic for a first validation, 0–1; 0: all at once
	ExpectBuild        string  // what the new build calls itself; empty: the tag
	AcceptInconclusive bool
	Dir                string        // of the release files
	UpdateTimeout      time.Duration // for the platform to take the code
}

// newCanaryCodec returns the codec of a share of the traffic in per cent. A
// bare number is refused: 10 could be 10 % or ten times.
func newCanaryCodec() run.Codec[float64] {
	return run.Codec[float64]{Shape: run.Shape{Kind: run.Text}, Parse: func(text string) (float64, error) {
		number, percent := strings.CutSuffix(text, "%")
		share, err := strconv.ParseFloat(number, 64)
		if !percent || err != nil || !(share > 0 && share < 100) {
			return 0, fmt.Errorf("%q is not a share above 0%% and below 100%% such as 10%%", text)
		}
		return share / 100, nil
	}}
}

func releaseRows() []setting {
	const section = "Releases"
	notEmpty := run.NewCheckedCodec(run.CheckNotEmpty)
	return []setting{
		newSetting(func(s *Settings) *string { return &s.Release.Alias }, notEmpty, run.Field{Name: "alias", Section: section,
			Default: "live", Usage: "`ALIAS` of the Lambda function that its callers call"}),
		newSetting(func(s *Settings) *string { return &s.Release.Endpoint }, newEndpointCodec(), run.Field{
			Name: "lambda-endpoint", Section: section, Env: "AWS_ENDPOINT_URL_LAMBDA", Example: "http://127.0.0.1:4566",
			Usage: "`URL` of Lambda instead of the region's"}),
		newSetting(func(s *Settings) *string { return &s.Release.Preview }, notEmpty, run.Field{Name: "preview", Section: section,
			Example: "preview", Usage: "a second `ALIAS`, with a function URL of its own, at which a new version is validated before " +
				"callers " +
				"get it"}),
		newSetting(func(s *Settings) *float64 { return &s.Release.Canary }, newCanaryCodec(), run.Field{Name: "canary", Section: section,
			Example: "10%", Usage: "`SHARE` of the traffic that a new version gets for a first validation; without it all at once"}),
		newSetting(func(s *Settings) *string { return &s.Release.ExpectBuild }, notEmpty, run.Field{Name: "expect-build", Section: section,
			Example: "1.5.0", Usage: "`VERSION` that the new build's health call answers; without it the image's tag"}),
		newSetting(func(s *Settings) *bool { return &s.Release.AcceptInconclusive }, run.NewSwitchCodec(),
			run.Field{Name: "accept-inconclusive", Section: section,
				Default: "false", Toggle: true, Usage: "keep a release whose validation could not decide; one that was broken off is " +
					"rolled back " +
					"all the same"}),
		newSetting(func(s *Settings) *string { return &s.Release.Dir }, notEmpty, run.Field{Name: "releases", Section: section,
			Default: "releases", Usage: "`FOLDER` of the release files, the way back of `occbench rollback`"}),
		newSetting(func(s *Settings) *time.Duration { return &s.Release.UpdateTimeout }, run.NewDurationCodec(time.Second, "5m"),
			run.Field{Name: "update-timeout", Section: section,
				Default: "5m", Usage: "`TIME` for the platform to take new code"}),
	}
}
