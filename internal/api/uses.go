package api

// Uses reports whether any call of a run sends a value, such as the date.
func (a *API) Uses(name string) bool {
	return a.List != nil && a.List.Uses(name) || a.Read != nil && a.Read.Uses(name) || a.Update.Uses(name)
}
