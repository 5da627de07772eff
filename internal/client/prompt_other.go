//go:build !unix || aix

package client

// prompter is not written for this system: requests are written and answers read by
// the connection.
type prompter struct{}

func newPrompter(any) *prompter { return nil }

func (*prompter) prompt([]byte, []byte, *room) (int, int, error) { return 0, 0, nil }
