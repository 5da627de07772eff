package refserver

import "net/http"

// answerCard answers with one card, its version included.
func (a *api) answerCard(w http.ResponseWriter, r *http.Request) {
	id, ok := parseID(r.PathValue("id"))
	if !ok {
		sendRefusal(w, http.StatusNotFound, newNotFound("there is no such appointment"))
		return
	}
	ctx, cancel := storeContext(r)
	defer cancel()
	card, err := a.store.Card(ctx, id)
	if err != nil {
		a.answerFailure(w, r, err)
		return
	}
	sendData(w, http.StatusOK, card)
}
