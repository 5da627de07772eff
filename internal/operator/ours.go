package operator

import (
	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/client"
)

// listOurs returns the ids of a list that are the run's: those of the records that
// carry the tag; where the API has no place for one, those that the client gave its
// records; and where it says neither, all, if the list is asked for by the tag.
func listOurs(by *api.API, list *client.List, tag string) (ids []string) {
	for _, r := range list.Records {
		if isOurs(by, r, tag) {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

func isOurs(by *api.API, r *client.Record, tag string) bool {
	switch {
	case by.List.HasTag():
		return client.HasTag(r.Tag, tag)
	case by.IDs != nil:
		_, is := by.RecordNumber(tag, r.ID)
		return is
	}
	return by.List.Uses("tag")
}
