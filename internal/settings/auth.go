package settings

import "github.com/occbench/occbench/internal/auth"

// parseAuth reads how requests are authenticated. What it refuses it does not
// repeat: somebody may have put the secret itself there.
func parseAuth(s *Settings, v string) error {
	spec, err := auth.Parse(v)
	if err == nil {
		s.Auth = spec
	}
	return err
}
