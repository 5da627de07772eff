package main

import (
	"fmt"

	"github.com/occbench/occbench/internal/need"
)

// condition is what a script may ask: browser is whether there is one. Where
// OCCBENCH_REQUIRE asks for chromium, its absence is an error and no condition.
func condition(name string) (bool, error) {
	if name != "browser" {
		return false, fmt.Errorf("there is no condition %s; there is browser", name)
	}
	_, err := need.FindChromium()
	if err != nil && need.IsRequired("chromium") {
		return false, fmt.Errorf("OCCBENCH_REQUIRE asks for chromium: %w", err)
	}
	return err == nil, nil
}
