package pgtest

import "testing"

func TestNewestRelease(t *testing.T) {
	if parseMajorVersion("/usr/lib/postgresql/9/bin/initdb") >= parseMajorVersion("/usr/lib/postgresql/15/bin/initdb") {
		t.Error("release 9 is newer than 15")
	}
}
