package occ

import (
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"

	"go.k6.io/k6/v2/lib"

	"github.com/occbench/occbench/internal/generator"
	"github.com/occbench/occbench/internal/run"
)

// open opens the recording, the first time, and makes the spec that of this part of
// the run.
func (i *instance) open(p *run.Spec) error {
	if err := i.run.recording.open(func() (string, string, error) { return i.begin(*p) }); err != nil {
		return i.abort(err)
	}
	i.run.part.adapt(p)
	return nil
}

// begin finds out which part of the run this process is, begins its directory where
// there is to be one, and returns the paths of the history and of the stalls.
func (i *instance) begin(p run.Spec) (history, stalls string, err error) {
	r, env := i.run, i.readEnv()
	if _, wanted := env(run.EnvUpload); wanted { // occbench as k6 takes it out
		return "", "", fmt.Errorf("%s takes effect in the environment of occbench as k6, and neither as -e of k6 nor in another k6",
			run.EnvUpload)
	}
	history, _ = env(run.EnvHistory)
	stalls, _ = env(run.EnvStalls)
	options := i.vu.State().Options
	if err = r.part.place(&options, &p); err != nil || r.part.folder == "" {
		return history, stalls, err
	}
	if history != "" || stalls != "" {
		return "", "", fmt.Errorf("%s names the folder in which a generator leaves its history: %s and %s do not go with it",
			run.EnvDir, run.EnvHistory, run.EnvStalls)
	}
	if err = i.identify(&options, &p); err == nil {
		err = i.leaveBeginning(p)
	}
	dir := r.part.dir
	return filepath.Join(dir, run.HistoryFile), filepath.Join(dir, run.StallsFile), err
}

// identify finds the name of this generator and that of its run.
func (i *instance) identify(options *lib.Options, p *run.Spec) error {
	m, env, tags := &i.run.part.manifest, i.readEnv(), options.RunTags
	var ok bool
	if m.Name, ok = env(run.EnvGenerator); !ok {
		if m.Name, ok = tags[instanceTag]; !ok {
			host, err := os.Hostname()
			if err != nil {
				return fmt.Errorf("naming this generator: %w; give %s", err, run.EnvGenerator)
			}
			m.Name = host
		}
	}
	if !names.MatchString(m.Name) {
		return fmt.Errorf("naming this generator: %.80q is no name of letters, digits, dots, hyphens and underscores; give another as %s",
			m.Name, run.EnvGenerator)
	}
	if m.Run, ok = env(run.EnvRun); !ok {
		m.Run, ok = tags[runTag]
	}
	switch {
	case ok:
	case i.run.part.count > 1:
		return fmt.Errorf("naming the run: its generators find each other by its name; give the same %s, or k6's --tag %s=NAME, to all",
			run.EnvRun, runTag)
	default:
		m.Run = i.run.word
	}
	if p.RandSeed == processSeed { // none was named, and all generators need the same
		hash := fnv.New64a()
		_, _ = hash.Write([]byte(m.Run)) // a hash takes everything
		i.run.part.seed = hash.Sum64()
	}
	return nil
}

// leaveBeginning makes the directory of this generator, with a manifest that says that
// it is running.
func (i *instance) leaveBeginning(p run.Spec) error {
	r := i.run
	r.part.adapt(&p)
	p.Store, p.Scenario = "", run.UpdateScenario // of what is played by a script, nothing else is known
	dir := filepath.Join(r.part.folder, r.part.manifest.Name)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("making the directory of generator %s: %w", r.part.manifest.Name, err)
	}
	if _, err := os.Stat(filepath.Join(dir, generator.ManifestFile)); err == nil {
		return fmt.Errorf("%s already holds the %s of another run; give each run a folder of its own as %s", dir, generator.ManifestFile,
			run.EnvDir)
	}
	p, err := p.WithoutCredentials().HashAPI()
	if err == nil {
		p, err = generator.KeepInputs(dir, p, i.records())
	}
	if err != nil {
		return err
	}
	if err := i.sayPlace(dir); err != nil {
		return err
	}
	r.part.dir = dir
	m := &r.part.manifest
	m.Spec, m.ToolVersion, m.K6Version = p, toolVersion(), k6Version()
	m.Start, m.Base, m.State = r.clock.started, r.clock.wallTime(0), run.Running
	m.Monotonic, m.Boot = r.clock.machine, bootID()
	return generator.Write(dir, *m)
}

// sayPlace tells the process that uploads this generator's directory where that is.
func (i *instance) sayPlace(dir string) error {
	place, carried := i.readEnv()(run.EnvPlace)
	if !carried {
		return nil
	}
	if err := os.WriteFile(place, []byte(dir), 0o600); err != nil {
		return fmt.Errorf("saying where this generator's directory is: %w", err)
	}
	return nil
}

// records returns the path of the ids that this process was given; empty: none.
func (i *instance) records() string {
	path, _ := i.readEnv()(run.EnvRecords)
	return path
}

// bootID names the boot of this machine; empty where it is not known.
func bootID() string {
	text, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil || len(text) < 36 {
		return ""
	}
	return string(text[:36])
}
