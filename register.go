// Package occbench registers the k6 extension k6/x/occ and holds nothing else.
// It lies at the root because that is where xk6 looks:
//
//	xk6 build v2.2.0 --with github.com/occbench/occbench=. -o build/k6
package occbench

import _ "github.com/occbench/occbench/xk6-occ"
