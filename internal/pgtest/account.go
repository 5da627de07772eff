package pgtest

import (
	"fmt"
	"os"
	"os/user"
	"strconv"
)

// account is the user that runs the server; nil is the one that runs the tests.
type account struct{ uid, gid uint32 }

// findAccount returns the account to run PostgreSQL under, which refuses to be
// run by root.
func findAccount() (*account, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		if u, err := user.Lookup(name); err == nil {
			return parseAccount(u)
		}
	}
	return nil, fmt.Errorf("looking for an account to run PostgreSQL under: root may not, and there is neither postgres nor nobody")
}

func parseAccount(u *user.User) (*account, error) {
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("reading the uid of %s: %w", u.Username, err)
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("reading the gid of %s: %w", u.Username, err)
	}
	return &account{uint32(uid), uint32(gid)}, nil
}

// giveFolder gives a folder to the account.
func (a *account) giveFolder(dir string) error {
	if a == nil {
		return nil
	}
	return os.Chown(dir, int(a.uid), int(a.gid))
}
