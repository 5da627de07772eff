package occ

import (
	"errors"
	"fmt"
	"runtime"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/js/common"
)

// function is an exported function: its error is thrown.
type function func(call sobek.FunctionCall) (sobek.Value, error)

// guard makes a function safe to export: a fault of ours ends the iteration
// with a message, where a panic would end the process without final audit and
// summary.
func (i *instance) guard(name string, f function) func(sobek.FunctionCall) sobek.Value {
	return func(call sobek.FunctionCall) sobek.Value {
		value, err := i.try(name, func() (sobek.Value, error) { return f(call) })
		switch {
		case errors.Is(err, errAborted):
			return sobek.Undefined() // and the interrupt is the next thing the script sees
		case err != nil:
			common.Throw(i.vu.Runtime(), err)
		}
		return value
	}
}

func (i *instance) try(name string, f func() (sobek.Value, error)) (value sobek.Value, err error) {
	defer func() {
		if p := recover(); p != nil {
			value, err = nil, panicError(name, p)
		}
	}()
	return f()
}

// panicError returns a panic of Go code as an error. A panic of the JavaScript runtime is a throw
// on its way to the script and goes on.
func panicError(name string, p any) error {
	switch p := p.(type) {
	case runtime.Error:
		var stack [4 << 10]byte
		return fmt.Errorf("%s of k6/x/occ: internal error: %w\n%s", name, p, stack[:runtime.Stack(stack[:], false)])
	case string:
		return fmt.Errorf("%s of k6/x/occ: internal error: %s", name, p)
	}
	panic(p)
}
