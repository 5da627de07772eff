package fault

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"

	"github.com/occbench/occbench/reference-server/appointment"
	"github.com/occbench/occbench/reference-server/items"
	"github.com/occbench/occbench/reference-server/store"
)

var unversionedEdit = Fault{
	Name:     "unversioned-edit",
	Sentence: "a PATCH of an appointment takes a status without a version and leaves the version as it is",
	Question: "unversioned_edit",
	Rate:     1,
	lacks:    map[string]string{items.Name: "has no other write than PUT; there is unconditional-write"},
	edit: func(w http.ResponseWriter, r *http.Request, in *scene) {
		var body struct{ Status appointment.Status }
		id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
		if err == nil {
			err = json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<10)).Decode(&body)
		}
		if err != nil || !body.Status.IsValid() {
			refuseEdit(w, http.StatusBadRequest, appointment.ValidationError, "want an appointment and a status")
			return
		}
		if _, ok, err := in.back.Write(r.Context(), store.Write{ID: id, From: appointment.Sources(body.Status),
			Status: body.Status}); err != nil || !ok {
			refuseEdit(w, http.StatusUnprocessableEntity, appointment.InvalidTransition, "nothing was changed")
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"ok":true,"data":{}}`)) // a client that left hears nothing
	},
}

func refuseEdit(w http.ResponseWriter, status int, code appointment.Code, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	// A client that left hears nothing.
	_, _ = fmt.Fprintf(w, `{"ok":false,"error":{"code":%q,"message":%q}}`, code, message)
}
