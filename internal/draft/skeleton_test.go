package draft

import (
	"testing"

	"github.com/occbench/occbench/internal/api"
)

func TestSkeletonCompiles(t *testing.T) {
	if _, err := api.Compile("skeleton.yaml", Skeleton()); err != nil {
		t.Error(err)
	}
}
