package draft

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"github.com/pb33f/libopenapi"
	"github.com/pb33f/libopenapi/datamodel"
	v3 "github.com/pb33f/libopenapi/datamodel/high/v3"
)

// FromOpenAPI returns an API file of the resource in an OpenAPI document that looks
// most like one with versioned updates. What the document does not tell is marked
// TODO. An error says why the document cannot be read, or that nothing in it can be
// read and written by an id.
func FromOpenAPI(file string, document []byte) ([]byte, error) {
	model, err := parseDocument(document)
	if err != nil {
		return nil, fmt.Errorf("reading the OpenAPI document %s: %w", file, err)
	}
	best, ok := chooseResource(model)
	if !ok {
		return nil, fmt.Errorf(
			"drafting an API file from %s: no path with a parameter, such as /items/{id}, has both a GET and a PUT, PATCH or POST; "+
				"`occbench api init` without --openapi writes a file to fill in by hand", file)
	}
	return best.write(model, file), nil
}

func parseDocument(document []byte) (*v3.Document, error) {
	quiet := &datamodel.DocumentConfiguration{Logger: slog.New(slog.DiscardHandler)} // nothing is fetched, neither files nor URLs
	doc, err := libopenapi.NewDocumentWithConfiguration(document, quiet)
	if err != nil {
		return nil, cutFirstLine(err)
	}
	if version := doc.GetVersion(); !strings.HasPrefix(version, "3.") {
		return nil, fmt.Errorf("it is of version %s; want OpenAPI 3", version)
	}
	built, err := doc.BuildV3Model()
	if err != nil {
		return nil, cutFirstLine(err)
	}
	if built.Model.Paths == nil || built.Model.Paths.PathItems == nil {
		return nil, errors.New("it has no paths")
	}
	return &built.Model, nil
}

// cutFirstLine returns an error without what its library adds in further lines.
func cutFirstLine(err error) error {
	text, _, _ := strings.Cut(err.Error(), "\n")
	return errors.New(text)
}

// resource is a record of the API, and the calls that the document has for it.
type resource struct {
	path       string // of one record, with {id} and TODO for what else it takes
	collection string
	read       *v3.Operation
	list       *v3.Operation // nil: none
	create     *v3.Operation // nil: none
	remove     *v3.Operation // nil: none
	method     string        // of the update
	updatePath string
	update     *v3.Operation
	score      int
}

// chooseResource returns the resource whose update has the most signs of a version check.
func chooseResource(model *v3.Document) (best resource, ok bool) {
	for path, item := range model.Paths.PathItems.FromOldest() {
		if item.Get == nil || !strings.Contains(path, "{") {
			continue
		}
		r := resource{path: path, read: item.Get, remove: item.Delete}
		r.collection = path[:strings.LastIndex(path, "/{")]
		if all := model.Paths.PathItems.GetOrZero(r.collection); all != nil {
			r.list, r.create = all.Get, all.Post
		}
		for _, o := range item.GetOperations().FromOldest() {
			o.Parameters = append(o.Parameters, item.Parameters...)
		}
		for _, u := range listUpdates(model, path, item) {
			tried := r
			tried.method, tried.updatePath, tried.update = u.method, u.path, u.operation
			if tried.score = tried.computeScore(); !ok || tried.score > best.score {
				best, ok = tried, true
			}
		}
	}
	return best, ok
}

// candidate is a call that may be the update.
type candidate struct {
	method, path string
	operation    *v3.Operation
}

func listUpdates(model *v3.Document, path string, item *v3.PathItem) []candidate {
	var all []candidate
	add := func(method, path string, o *v3.Operation) {
		if o != nil {
			all = append(all, candidate{method, path, o})
		}
	}
	add("put", path, item.Put)
	add("patch", path, item.Patch)
	add("post", path, item.Post)
	for below, other := range model.Paths.PathItems.FromOldest() { // such as /items/{id}/move
		if rest, ok := strings.CutPrefix(below, path+"/"); ok && !strings.Contains(rest, "/") && !strings.Contains(rest, "{") {
			add("post", below, other.Post)
			add("put", below, other.Put)
		}
	}
	return all
}

// computeScore returns how many signs of a version check the update of a resource has.
func (r *resource) computeScore() int {
	score := 0
	if hasHeader(r.update, "If-Match") {
		score += 5
	}
	if r.findBodyToken() != nil {
		score += 5
	}
	for _, status := range []string{"412", "409"} {
		if findResponse(r.update, status) != nil {
			score += 3
		}
	}
	if r.method == "put" || r.method == "patch" {
		score++
	}
	if _, ok := r.findShownToken(); ok {
		score += 2
	}
	return score
}

// findBodyToken returns the member of the body that names the token, or nil.
func (r *resource) findBodyToken() *member {
	body := findRequestSchema(r.update)
	for _, prefix := range []string{"expected_", "expected", "if_", ""} {
		for _, name := range tokenNames {
			if prefix == "expected" { // expectedVersion
				name = strings.ToUpper(name[:1]) + name[1:]
			}
			if m := body.findMember(prefix + name); m != nil && m.isWord() {
				return m
			}
		}
	}
	return nil
}

// findShownToken returns the place of the token in the answer to a read.
func (r *resource) findShownToken() (place string, ok bool) {
	return findTokenPlace(findSuccess(r.read))
}

func hasHeader(o *v3.Operation, name string) bool {
	for _, p := range o.Parameters {
		if p.In == "header" && strings.EqualFold(p.Name, name) {
			return true
		}
	}
	return false
}
