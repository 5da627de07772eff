package lambda

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"github.com/occbench/occbench/internal/wait"
)

// operation is a method of the SDK's client.
type operation[In, Out any] func(context.Context, In, ...func(*sdk.Options)) (Out, error)

// callReadOnly makes a call that changes nothing.
func callReadOnly[In, Out any](ctx context.Context, p *Platform, name string, call operation[In, Out], in In) (Out, error) {
	p.trace(name, in, "")
	out, err := call(ctx, in)
	return out, p.explain(name, err)
}

// callChanging makes a call that changes something, and repeats it while another update is under
// way: the SDK takes that conflict for final. In a dry run the call is printed and answered with
// nothing.
func callChanging[In, Out any](ctx context.Context, p *Platform, name string, call operation[In, *Out], in In) (*Out, error) {
	if p.o.Dry {
		p.trace(name, in, "   (not made)")
		return new(Out), nil
	}
	p.trace(name, in, "")
	limit := time.Now().Add(p.o.Limit)
	for {
		out, err := call(ctx, in)
		var busy *types.ResourceConflictException
		if !errors.As(err, &busy) || time.Now().After(limit) || wait.For(ctx, p.o.Poll) != nil {
			return out, p.explain(name, err)
		}
	}
}

// trace tells a call with those of its parameters that are given.
func (p *Platform) trace(name string, in any, end string) {
	if p.o.Trace == nil {
		return
	}
	p.o.Trace("call    %s%s%s", name, writeGiven(in), end)
}

// writeGiven writes the parameters that are set.
func writeGiven(in any) string {
	text, err := json.Marshal(in)
	var all map[string]any
	if err == nil {
		err = json.Unmarshal(text, &all)
	}
	if err != nil {
		return " (its parameters cannot be written: " + err.Error() + ")"
	}
	for name, v := range all {
		switch v := v.(type) {
		case nil:
			delete(all, name)
		case bool:
			if !v {
				delete(all, name)
			}
		case string:
			if v == "" {
				delete(all, name)
			}
			if name == "ZipFile" {
				all[name] = fmt.Sprintf("%d bytes", len(v)/4*3)
			}
		}
	}
	var b strings.Builder
	b.WriteByte(' ')
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(all); err != nil {
		return " (its parameters cannot be written: " + err.Error() + ")"
	}
	return strings.TrimRight(b.String(), "\n")
}
