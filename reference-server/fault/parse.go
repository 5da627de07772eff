package fault

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"github.com/occbench/occbench/internal/nearest"
	"github.com/occbench/occbench/reference-server/appointment"
)

// Options are shared by the faults of a server.
type Options struct {
	API  string           // that the server speaks; empty: appointments
	Seed uint64           // decides which requests are struck
	Now  func() time.Time // nil: time.Now
}

// Parse reads NAME[=ARGUMENT][:RATE][,…], such as "lost-update" or
// "drop-reply:0.05,latency=300ms". Nothing at all is a set without faults.
func Parse(spec string, opts Options) (*Set, error) {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	opts.API = cmp.Or(opts.API, appointment.Name)
	set := &Set{}
	if spec == "" {
		return set, nil
	}
	for i, entry := range strings.Split(spec, ",") {
		in, err := parseEntry(entry, opts)
		if err != nil {
			return nil, fmt.Errorf("reading the fault %q: %w", entry, err)
		}
		if set.hasFault(in.Name) {
			return nil, fmt.Errorf("reading the faults %q: %s is named twice", spec, in.Name)
		}
		in.dice = rand.New(rand.NewPCG(opts.Seed, uint64(i)))
		set.scenes = append(set.scenes, in)
	}
	return set, nil
}

func parseEntry(entry string, opts Options) (*scene, error) {
	head, rate, hasRate := strings.Cut(strings.TrimSpace(entry), ":")
	name, argument, hasArgument := strings.Cut(head, "=")
	f, err := findFault(name, opts.API)
	if err != nil {
		return nil, err
	}
	if hasRate {
		if f.Rate, err = parseRate(rate); err != nil {
			return nil, err
		}
	}
	in := &scene{Fault: f, now: opts.Now, start: opts.Now()}
	if hasArgument && (f.parse == nil || argument == "") {
		return nil, fmt.Errorf("%s is written %s", name, f.writeUsage())
	}
	if f.parse != nil {
		if err := f.parse(in, argument); err != nil {
			return nil, fmt.Errorf("%w; %s is written %s", err, name, f.writeUsage())
		}
	}
	return in, nil
}

func findFault(name, api string) (Fault, error) {
	for _, f := range faults {
		if f.Name == name {
			return f.adaptTo(api)
		}
	}
	var names []string
	for _, f := range List(api) {
		names = append(names, f.Name)
	}
	return Fault{}, fmt.Errorf("there is none of that name%s; there are %s", nearest.Question(name, names), strings.Join(names, ", "))
}

// parseRate reads a share. 0 is refused: a fault that never strikes passes
// every test it is meant to fail.
func parseRate(s string) (float64, error) {
	rate, err := strconv.ParseFloat(s, 64)
	if err != nil || !(rate > 0 && rate <= 1) {
		return 0, fmt.Errorf("the rate %q is not a number over 0 and up to 1", s)
	}
	return rate, nil
}

func (f *Fault) writeUsage() string {
	if f.Argument == "" {
		return f.Name + "[:RATE]"
	}
	return f.Name + "[=" + f.Argument + "][:RATE]"
}
