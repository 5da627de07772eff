package draft

import (
	"cmp"
	"strconv"
	"strings"
)

// writeList writes the list where the document has one that shows tokens.
func (d *draft) writeList() {
	if d.list == nil {
		return
	}
	answer := d.list.findSuccess().readJSON()
	items, record := "$[*]", answer.items
	for _, m := range answer.inside {
		if record == nil && m.items != nil {
			items, record = "$."+m.name+"[*]", m.items
		}
	}
	id, _ := findMember(record, idNames, "$", (*member).isWord)
	token, _ := findMember(record, tokenNames, "$", (*member).isWord)
	if d.token == "header:ETag" || id == "" || token == "" {
		return // a token that is in the header of a read is in no list
	}
	path, todo := fillAll(d.collection)
	d.writeLine("", "list:")
	d.writeLine(todo, "  get: %s", strconv.Quote(path))
	d.writeLine("", "  items: %s", strconv.Quote(items))
	fields := "id: " + quoteYAML(id) + ", token: " + quoteYAML(token)
	if d.states != nil {
		if at, m := findMember(record, []string{d.state[strings.LastIndex(d.state, ".")+1:]}, "$", (*member).isWord); m != nil {
			fields += ", state: " + quoteYAML(at)
		}
	}
	if d.marker != nil {
		if at, m := findMember(record, []string{d.marker.name}, "$", (*member).isWord); m != nil {
			fields += ", marker: " + quoteYAML(at)
		}
	}
	d.writeLine("", "  record: {%s}", fields)
}

func (d *draft) writeUpdate() {
	d.writeLine("", "update:")
	d.writePath("  ", d.method, d.updatePath)
	body, todo := d.body(d.update.readBody(), true)
	switch {
	case d.byHeader:
		d.writeLine("", `  headers: {If-Match: "{token}"}`)
	case d.sent == nil:
		d.writeLine("how is the token sent back? the document names neither If-Match nor a version in the body",
			`  headers: {If-Match: "{token}"}`)
	}
	d.writeLine(todo, "  body: '%s'", body)
	ok := cmp.Or(strings.Join(d.update.listSuccesses(), ", "), "200, 204")
	if place := d.update.findSuccess().findToken(); place != "" {
		d.writeLine("", "  applied: {status: [%s], token: %s}", ok, quoteYAML(place))
	} else {
		d.writeLine("the document shows no new token in the answer", "  applied: {status: [%s], token: none}", ok)
	}
	d.writeConflicts()
}

func (d *draft) writeConflicts() {
	has412, has409 := d.update.hasStatus("412"), d.update.hasStatus("409")
	switch {
	case has412:
		d.writeLine("", "  conflict: [{status: 412}]")
		if has409 {
			d.writeLine("", "  # TODO the document names 409 as well: {status: 409} beside 412 if it says that the token was stale")
		}
	case has409:
		d.writeLine("if 409 has other reasons too: {status: 409, when: {$.code: …}}", "  conflict: [{status: 409}]")
	case d.sent == nil:
		d.writeLine("the document does not say how a stale token is answered", "  conflict: [{status: 412}]")
	default:
		d.writeLine("the document does not say how a stale token is answered", "  conflict: [{status: 409}]")
	}
}

func (d *draft) writeSeed() {
	switch {
	case d.create != nil:
		d.writeCreate()
	case d.hasClientIDs():
		body, todo := d.body(d.update.readBody(), false)
		d.writeLine("", "seed:")
		d.writeLine("", "  each:")
		d.writePath("    - ", "put", d.path)
		d.writeLine("is a record made so?", `      headers: {If-None-Match: "*"}`)
		d.writeLine(todo, "      body: '%s'", body)
		d.writeLine("", "      ok: [200, 201, 204]")
		d.writeLine("how does the API say that the record is there already?", "      exists: 412")
	default:
		d.writeLine("", "# TODO seed: the document has no call that makes a record")
		return
	}
	if d.remove == nil {
		d.writeLine("", "  delete: none")
		return
	}
	path, todo := fillPath(d.path)
	if d.remove.hasHeader("If-Match") {
		d.writeLine(todo, `  delete: {delete: %s, headers: {If-Match: "{token}"}}`, strconv.Quote(path))
		return
	}
	d.writeLine(todo, "  delete: %s", strconv.Quote(path))
}

func (d *draft) writeCreate() {
	path, todo := fillAll(d.collection)
	d.writeLine("", "seed:")
	d.writeLine("", "  each:")
	d.writeLine(todo, "    - post: %s", strconv.Quote(path))
	body, todo := d.body(d.create.readBody(), false)
	d.writeLine(todo, "      body: '%s'", body)
	d.writeLine("", "      ok: [%s]", cmp.Or(strings.Join(d.create.listSuccesses(), ", "), "200, 201"))
	answer := d.create.findSuccess()
	at, m := findMember(answer.readJSON().inside, idNames, "$", (*member).isWord)
	switch {
	case m != nil:
		d.writeLine("", "      id: %s", quoteYAML(at))
	case answer.get("headers", "Location").at != nil:
		d.writeLine("", `      id: 'header:Location|re:/([^\/]+)$/'`)
	default:
		d.writeLine("where does the answer show the id of the new record?", "      id: $.id")
	}
}
