package doctor

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/occbench/occbench/internal/settings"
)

// settings says which settings file is in force.
func (o *Options) settings(context.Context) Line {
	if o.Problem != nil {
		return failLine("mend it; what is below is checked without settings", "%v", o.Problem)
	}
	target := fmt.Sprintf("target from %s", o.where("target"))
	if o.Config == "" {
		return okLine("no %s here: flags, environment and defaults hold; %s", settings.DefaultFile, target)
	}
	path, err := filepath.Abs(o.Config)
	if err != nil {
		path = o.Config
	}
	return okLine("%s is read; %s", path, target)
}

// where says where a setting comes from.
func (o *Options) where(name string) string {
	src := o.Settings.Source(name)
	if src.Where == "" {
		return "the default"
	}
	return src.Where
}
