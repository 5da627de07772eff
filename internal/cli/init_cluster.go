package cli

import (
	"slices"

	"github.com/spf13/cobra"

	"github.com/occbench/occbench/ci"
	"github.com/occbench/occbench/deploy"
	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/exit"
)

// listKinds returns the values of --ci.
func listKinds() []string { return append(ci.Kinds(), deploy.Kind) }

// clusterFlags are those of `init` that only a cluster takes.
type clusterFlags struct{ api, target, image string }

var clusterNames = []string{"api", "target", "image"}

func (c *clusterFlags) bind(cmd *cobra.Command) {
	cmd.Flags().StringVar(&c.api, "api", "", "with --ci "+deploy.Kind+": `NAME` of the API, or its file")
	cmd.Flags().StringVar(&c.target, "target", "", "with --ci "+deploy.Kind+": base `URL` of the API under test, as pods reach it")
	cmd.Flags().StringVar(&c.image, "image", "", "with --ci "+deploy.Kind+": `IMAGE` of occbench that the cluster pulls")
}

// check refuses a flag that would have no effect.
func (c *clusterFlags) check(cmd *cobra.Command, kind string) error {
	for _, name := range clusterNames {
		if kind != deploy.Kind && cmd.Flags().Changed(name) {
			return exit.Usagef("--%s has no effect without --ci %s", name, deploy.Kind)
		}
	}
	return nil
}

// files returns the files of a cluster. An API file that does not come with the binary
// is written into them.
func (c *clusterFlags) files() ([]ci.File, error) {
	o := deploy.Options{API: c.api, Target: c.target, Image: c.image}
	if c.api != "" {
		if _, err := api.Load(c.api); err != nil {
			return nil, exit.Usage(err)
		}
		if !slices.Contains(api.Names(), c.api) {
			text, err := api.Source(c.api)
			if err != nil {
				return nil, exit.Usage(err)
			}
			o.APIFile = text
		}
	}
	made, err := deploy.Files(o)
	var all []ci.File
	for _, f := range made {
		all = append(all, ci.File(f))
	}
	return all, err
}
