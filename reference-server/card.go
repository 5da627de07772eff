package refserver

import "net/http"

// card answers with one card, its version included.
func (a *api) card(w http.ResponseWriter, r *http.Request) {
	id, ok := parseID(r.PathValue("id"))
	if !ok {
		refuse(w, http.StatusNotFound, notFound("there is no such appointment"))
		return
	}
	ctx, cancel := storeContext(r)
	defer cancel()
	card, err := a.store.Card(ctx, id)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	answer(w, http.StatusOK, card)
}
