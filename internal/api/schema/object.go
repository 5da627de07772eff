// Package schema says which keys an API file may have: as a JSON Schema for editors,
// and as a table for people.
//
// The loader of package api decides what a file means; a test holds that both know
// the same keys.
package schema

// Object is a kind of object in an API file.
type Object struct {
	Name string
	At   string // where it stands; empty: the file itself
	Keys []Key
	Need []string // keys that may not be left out
	Call bool     // it is a request, and has exactly one method
	Only string   // what may stand instead of the object; empty: nothing
}

// Key is a key of an object.
type Key struct{ Name, Is, Text string }

// Objects are the objects of a file, from the outside in.
var Objects = []Object{
	{Name: "file", Need: []string{"api", "name", "token", "update"}, Keys: []Key{
		{"api", "version", "1, the version of the format"},
		{"name", "text", "what the API is called in reports"},
		{"words", "words", "what people call a record, an update and a list of this API"},
		{"headers", "headers", "sent with every request; Accept and Accept-Encoding are always the same, as an ETag is of a " +
			"representation"},
		{"auth", "auth", "none, basic, bearer, bearer:env=NAME, sigv4, sigv4:service=NAME,region=NAME; the secret is never in the file"},
		{"metrics", "metrics", "cloudwatch: servers publish their attempts and conflicts there, so a report tells where these were not " +
			"looked at"},
		{"trace", "place", "the header that comes back as it was sent"},
		{"build", "place", "the header in which every answer names its build"},
		{"health", "health", "the call that says how a server is"},
		{"states", "states", "the values of the field that an update changes; without it an update writes its marker only"},
		{"token", "kind", "counting: an integer that rises by one with every update; opaque: any text, only compared"},
		{"ids", "template", "how the client names its records, with {tag} and {n}; without it the server names them"},
		{"list", "list", "the call that shows many records; it or read is needed"},
		{"read", "read", "the call that shows one record; it or list is needed"},
		{"update", "update", "the write that sends a token back"},
		{"seed", "seed", "the calls that make records for a load, and remove them"},
		{"extra", "extras", "further calls that the probe makes, by their names"},
	}},
	{Name: "words", At: "words", Keys: []Key{
		{"record", "text", "one record"}, {"update", "text", "an update of one"}, {"list", "text", "the list of many"},
	}},
	{Name: "health", At: "health", Call: true, Keys: []Key{
		{"ok", "condition", "what the answer of a healthy server is"},
		{"build", "places", "where it names its build"},
		{"tells", "named places", "what it says besides, by any names"},
	}},
	{Name: "states", At: "states", Only: "a list of names, of which each may follow each other", Need: []string{"names"}, Keys: []Key{
		{"names", "texts", "the states"},
		{"legal", "named texts", "from a state to those that an update may take it to; without it every state may follow every other"},
		{"walks", "walks", "by name the routes of an operator, from a state to those it asks for next; else `cycle`, which comes back"},
	}},
	{Name: "list", At: "list", Call: true, Need: []string{"items", "record"}, Keys: []Key{
		{"ok", "condition", "what an answer is that shows the records"},
		{"items", "text", "the path of the records; here alone `.*` and `[*]` stand for every member and every element"},
		{"group", "text", "state: the name that `.*` stands for is the state of its records"},
		{"record", "record", "where a record shows what"},
	}},
	{Name: "record", At: "list.record", Need: []string{"id", "token"}, Keys: []Key{
		{"id", "places", "the id of the record"},
		{"token", "places", "its token"},
		{"state", "places", "its state"},
		{"marker", "places", "the marker of the update that wrote it last"},
		{"tag", "places", "the text that holds occbench:TAG in records of ours"},
		{"changed", "places", "when it was written last"},
	}},
	{Name: "read", At: "read", Call: true, Need: []string{"token"}, Keys: []Key{
		{"ok", "condition", "what an answer is that shows the record"},
		{"missing", "condition", "what an answer is that says there is none; 404 or 410 where the file does not say"},
		{"token", "places", "the token of the record"},
		{"state", "places", "its state"},
		{"marker", "places", "the marker of the update that wrote it last"},
		{"changed", "places", "when it was written last"},
	}},
	{Name: "update", At: "update", Call: true, Need: []string{"conflict"}, Keys: []Key{
		{"applied", "applied", "what the answer to an update is that was done; any 2xx where the file does not say"},
		{"conflict", "conflicts", "what an answer is that says the token was stale; the first entry that holds counts"},
		{"refused", "refused", "what other refusals look like"},
		{"unconditional", "template", "the body of an update without a token, or none; where it is left out: the update less its token"},
	}},
	{Name: "applied", At: "update.applied", Keys: addKeys(conditionKeys,
		Key{"token", "places or none", "the new token; none where the answer carries none, which needs a marker"},
		Key{"state", "places", "the new state"})},
	{Name: "conflict", At: "update.conflict", Keys: addKeys(conditionKeys,
		Key{"token", "places", "the token that the record has"},
		Key{"state", "places", "the state that it has"},
		Key{"as", "class", "conflict; or what looks like one and is not: busy (nothing was done, try again) or rejected"})},
	{Name: "refused", At: "update.refused", Keys: []Key{
		{"code", "places", "the code of a refusal"},
		{"token", "places", "the token that it shows"},
		{"state", "places", "the state that it shows"},
		{"form", "condition", "what all refusals have in common"},
		{"busy", "condition", "nothing was done, and the same request may be answered otherwise a moment later"},
		{"illegal", "condition", "the token is fresh, and no update leads to that state"},
		{"invalid", "condition", "the request is no update"},
		{"unknown", "condition", "there is no such record"},
		{"judged", "statuses", "the statuses that judge the request itself, which are wrong for a request that is legal"},
	}},
	{Name: "condition", At: "ok, missing, exists and others", Only: "a status, or a list of them", Keys: conditionKeys},
	{Name: "seed", At: "seed", Need: []string{"each"}, Keys: []Key{
		{"once", "seed calls", "calls before the first record: they make what records refer to"},
		{"each", "seed calls", "calls that make one record"},
		{"delete", "removal", "the call that deletes a record"},
		{"done", "seed calls", "calls after all records are deleted: they remove what once made"},
	}},
	{Name: "seed call", At: "seed.once, seed.each, seed.done", Call: true, Keys: []Key{
		{"ok", "condition", "what the answer is when it was made"},
		{"exists", "condition", "what the answer is when it was there already"},
		{"id", "places", "the id of the record that was made"},
		{"token", "places", "its token"},
		{"save", "named places", "values for later calls, which have them by these names"},
		{"wait", "duration", "how long the call is repeated until it is answered as ok says, such as 10s"},
	}},
	{Name: "removal", At: "seed.delete", Only: "the path of a DELETE, or none", Call: true, Keys: []Key{
		{"ok", "condition", "what the answer is when the record is gone; any 2xx, 404 and 410 where the file does not say"},
	}},
	{Name: "extra", At: "extra.NAME", Call: true, Keys: []Key{{"ok", "condition", "what the answer has to be"}}},
}

var conditionKeys = []Key{
	{"status", "statuses", "409, 2xx or a list of them; 2xx where it is left out"},
	{"when", "equalities", "all of them hold; `~` in front of a value: the text ends so; `\"A | B\"`: the first place that is there"},
	{"unless", "equalities", "none of them holds"},
	{"require", "texts", "something stands there"},
	{"absent", "texts", "nothing stands there"},
	{"same", "named templates", "what stands there is a value of the request"},
	{"echo", "named templates", "likewise; only the probe asks for it"},
}

// callKeys are those of every request.
var callKeys = []Key{
	{"headers", "headers", "sent with this request"},
	{"body", "template", "JSON where it begins with { or [, else a text"},
	{"vars", "named templates", "texts with names, for a document within a value: {doc|base64}"},
}

// Methods are the keys of which a call has exactly one, with path and query.
var Methods = []string{"get", "head", "post", "put", "patch", "delete", "mkcol", "propfind"}

func addKeys(keys []Key, more ...Key) []Key { return append(keys[:len(keys):len(keys)], more...) }

// All returns all keys of an object, those of a request included.
func (o *Object) All() []Key {
	if !o.Call {
		return o.Keys
	}
	all := addKeys(o.Keys, callKeys...)
	for _, method := range Methods {
		all = append(all, Key{method, "path", "path and query of the request, beginning with a slash"})
	}
	return all
}
