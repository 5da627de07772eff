package auth

import "cmp"

// Choose returns how requests are authenticated where the user said one thing, and
// the API file has a preset: the user's word holds, none too, and a SigV4 of the
// user's takes the service and the region of the preset where it has none. A preset
// that leaves open where the secret is, such as bearer, authenticates nothing.
func Choose(given, preset string) (Spec, error) {
	s, err := Parse(given)
	if err != nil || given != "" && s.Scheme != SigV4 {
		return s, err
	}
	if preset == "" || preset == "basic" || preset == "bearer" { // basic: the credentials stand in the target
		return s, nil
	}
	by, err := Parse(preset)
	switch {
	case err != nil:
		return s, err
	case s.Scheme == None:
		return by, nil
	case by.Scheme == SigV4:
		s.Service, s.Region = cmp.Or(s.Service, by.Service), cmp.Or(s.Region, by.Region)
	}
	return s, nil
}
