package conformance

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// Stage holds what a server needs while it runs: its files, its data, its ports
// and its processes.
type Stage struct {
	Folder string // of the installation
	Data   string // empty at the start, and gone afterwards
	Log    io.Writer
	ended  []func() error
	exited []<-chan error
}

// Address returns a free address of the loopback interface.
func (s *Stage) Address() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("looking for a free port: %w", err)
	}
	return l.Addr().String(), l.Close()
}

// Path returns a file of the installation, or the system's file of that name where
// the installation did not have to bring it.
func (s *Stage) Path(name string) string {
	own := filepath.Join(s.Folder, name)
	if _, err := os.Stat(own); err != nil {
		if system, of := cutRoot(name); of {
			return system
		}
	}
	return own
}

func cutRoot(name string) (string, bool) {
	rest, err := filepath.Rel("root", name)
	return "/" + rest, err == nil
}

// Run starts a process with the variables beside those of this one.
func (s *Stage) Run(env []string, name string, args ...string) error {
	c := exec.Command(name, args...)
	c.Dir, c.Env, c.Stdout, c.Stderr = s.Data, append(os.Environ(), env...), s.Log, s.Log
	if err := c.Start(); err != nil {
		return fmt.Errorf("starting %s: %w", name, err)
	}
	exited := make(chan error, 1)
	gone := make(chan struct{})
	go func() { exited <- c.Wait(); close(gone) }()
	s.exited = append(s.exited, exited)
	s.ended = append(s.ended, func() error { return endProcess(c, gone) })
	return nil
}

// endProcess sends SIGTERM to a process, and kills it where it has not ended after 10 seconds.
func endProcess(c *exec.Cmd, gone <-chan struct{}) error {
	if err := c.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	select {
	case <-gone:
		return nil
	case <-time.After(10 * time.Second):
	}
	err := c.Process.Kill()
	<-gone
	return err
}

// Await returns when a GET of url is answered with a status below 500, or with an
// error where a process ends or nothing answers within a minute.
func (s *Stage) Await(url string) error {
	ctx, cancel := context.WithTimeoutCause(context.Background(), time.Minute, errors.New("nothing answers within a minute"))
	defer cancel()
	for {
		if isAnswering(ctx, url) {
			return nil
		}
		for _, exited := range s.exited {
			select {
			case err := <-exited:
				return fmt.Errorf("waiting for %s: the server has ended: %w", url, err)
			default:
			}
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("waiting for %s: %w", url, context.Cause(ctx))
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// isAnswering reports whether a GET of url is answered with a status below 500 within 5 seconds.
func isAnswering(ctx context.Context, url string) bool {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return false
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return false
	}
	return answer.Body.Close() == nil && answer.StatusCode < 500
}

// Send makes what a run needs before it begins, such as a database. The user is
// sent with an empty password; empty: none is.
func (s *Stage) Send(method, url, user string) error {
	r, err := http.NewRequest(method, url, nil)
	if err != nil {
		return err
	}
	if user != "" {
		r.SetBasicAuth(user, "")
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	if answer.StatusCode > 299 {
		err = fmt.Errorf("sending %s %s: it answers %s", method, url, answer.Status)
	}
	return errors.Join(err, answer.Body.Close())
}

// libraries returns the variables with which a program finds the libraries that
// were unpacked with it.
func (s *Stage) libraries() []string {
	folders, _ := filepath.Glob(filepath.Join(s.Folder, "root/usr/lib/*-linux-gnu")) // the pattern is right
	return []string{"LD_LIBRARY_PATH=" + strings.Join(folders, ":")}
}

// cutPort returns the port of an address.
func cutPort(address string) string {
	_, port, _ := net.SplitHostPort(address) // it is one of Address
	return port
}

// Stop ends the processes, the last one first, and removes the data.
func (s *Stage) Stop() error {
	var errs []error
	for i := len(s.ended) - 1; i >= 0; i-- {
		errs = append(errs, s.ended[i]())
	}
	return errors.Join(append(errs, os.RemoveAll(s.Data))...)
}
