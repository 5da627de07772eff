package doctor

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/occbench/occbench/internal/settings"
)

// checkSettings returns the line about the settings file in use.
func (o *Options) checkSettings(context.Context) Line {
	if o.Problem != nil {
		return failLine("mend it; what is below is checked without settings", "%v", o.Problem)
	}
	target := fmt.Sprintf("target from %s", o.sourceOf("target"))
	if o.Config == "" {
		return okLine("no %s here: flags, environment and defaults hold; %s", settings.DefaultFile, target)
	}
	path, err := filepath.Abs(o.Config)
	if err != nil {
		path = o.Config
	}
	return okLine("%s is read; %s", path, target)
}

// sourceOf returns where a setting comes from.
func (o *Options) sourceOf(name string) string {
	src := o.Settings.Source(name)
	if src.Where == "" {
		return "the default"
	}
	return src.Where
}
