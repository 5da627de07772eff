package k6run

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"

	"github.com/occbench/occbench/internal/blobs"
	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/generator"
	"github.com/occbench/occbench/internal/run"
)

// IsCarried reports whether k6 is to play a generator whose directory is uploaded when
// it has ended. The command line is one of K6Args.
func IsCarried(args []string) bool {
	return os.Getenv(run.EnvUpload) != "" && len(args) > 1 && args[1] == "run"
}

// RunAndUpload runs k6 as a child with the given command line, uploads the run
// directory, and returns the exit code: that of k6, unless the upload failed.
// The k6 extension cannot do this: k6 gives a summary two minutes, does not
// let it change the exit code, and may be killed.
func RunAndUpload(args []string, log io.Writer) int {
	code, err := runAndUpload(args, log)
	if err != nil {
		fmt.Fprintf(log, "occbench: %v\n", err)
		return exit.CodeOf(err)
	}
	return code
}

func runAndUpload(args []string, log io.Writer) (int, error) {
	to, err := blobs.ParsePlace(os.Getenv(run.EnvUpload))
	if err != nil {
		return 0, fmt.Errorf("reading %s: %w", run.EnvUpload, err)
	}
	folder, err := os.MkdirTemp("", "occbench-")
	if err != nil {
		return 0, err
	}
	place := filepath.Join(folder, "place")
	code, err := playCarried(args, folder, place)
	if err != nil {
		return 0, err
	}
	dir, err := os.ReadFile(place)
	switch {
	case err != nil && code != 0:
		return code, nil // k6 has said why it did not begin
	case err != nil:
		return 0, fmt.Errorf("uploading to %s: k6 left no directory of a generator", to)
	}
	if err := uploadGenerator(string(dir), to, log); err != nil {
		return 0, err // the folder may hold the only copy
	}
	return code, os.RemoveAll(folder)
}

// uploadGenerator uploads a generator's directory. One that did not arrive has failed.
func uploadGenerator(dir string, to blobs.Place, log io.Writer) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	to = to.Join(filepath.Base(dir))
	if err := blobs.Upload(ctx, dir, to); err != nil {
		m, broken := generator.Read(dir)
		if broken == nil {
			m.State, m.Reason = run.Failed, err.Error()
			broken = generator.Write(dir, m)
		}
		return errors.Join(err, broken)
	}
	fmt.Fprintf(log, "occbench: uploaded %s\n", to)
	return nil
}

// playCarried runs k6 to its end, in a process group of its own and with every signal
// passed on, and returns its exit code.
func playCarried(args []string, folder, place string) (int, error) {
	program, err := os.Executable()
	if err != nil {
		return 0, fmt.Errorf("finding this program to run it as k6: %w", err)
	}
	cmd := exec.Command(program)
	cmd.Args, cmd.Stdin, cmd.Stdout, cmd.Stderr = args, os.Stdin, os.Stdout, os.Stderr
	cmd.Env = append(slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, run.EnvUpload+"=") }),
		run.EnvPlace+"="+place)
	if os.Getenv(run.EnvDir) == "" {
		cmd.Env = append(cmd.Env, run.EnvDir+"="+folder)
	}
	detachChild(cmd)
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)
	runtime.LockOSThread() // as startAndWait says
	defer runtime.UnlockOSThread()
	if err := cmd.Start(); err != nil {
		return 0, fmt.Errorf("starting k6 (%s): %w", program, err)
	}
	done := make(chan struct{})
	go passSignals(cmd.Process, signals, done)
	err = cmd.Wait()
	close(done)
	if ended := new(exec.ExitError); err != nil && !errors.As(err, &ended) {
		return 0, fmt.Errorf("waiting for k6: %w", err)
	}
	if code := cmd.ProcessState.ExitCode(); code >= 0 {
		return code, nil
	}
	return exit.Broken, nil // it was killed
}

func passSignals(to *os.Process, signals <-chan os.Signal, done <-chan struct{}) {
	for {
		select {
		case <-done:
			return
		case <-signals:
			_ = interruptProcess(to) // it may have ended meanwhile
		}
	}
}
