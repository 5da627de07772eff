// Package lambdatest produces a control plane of AWS Lambda for tests: functions,
// versions, aliases and a function URL behind the protocol that the SDK speaks.
//
// Its opinion: what a client must survive is part of the protocol. Updates take
// a while, may fail and may get stuck; conditions are checked; and a test can
// make any call fail before or after it took effect.
package lambdatest

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// Plane is a control plane and the function URLs of what it controls.
type Plane struct {
	Endpoint string // of the control plane
	URL      string // the function URL of the alias that a function was made with

	mu        sync.Mutex
	functions map[string]*function
	images    map[string]code // by REPOSITORY:TAG and by REPOSITORY@DIGEST
	objects   map[string]code // by bucket/key?version
	zips      map[string][]byte
	calls     []Call
	hook      func(Call) Fault
	hooking   sync.Mutex        // held while the hook is asked; taken before mu
	urls      map[string]string // function URLs of further aliases
	stuck     map[string]bool   // by SHA: its update goes on for ever
	failing   map[string]string // by SHA: the reason that its update fails for
	polls     int               // how often an update is still under way when asked
	closed    bool              // the alias has no function URL
	dice      *rand.Rand
}

// Call is a call that arrived.
type Call struct {
	N int // from 1
	// Op is named as in the SDK; UpdateFunctionCode?DryRun is its dry run, and ?Permission stands behind one that asks
	// whether it may be made.
	Op      string
	Changes bool
	Alias   string // that it names; empty: none
}

// Fault is a trouble that a call meets; the zero Fault is none.
type Fault struct {
	Status  int    // of the refusal
	Code    string // of the refusal
	Message string
	Applied bool // it takes effect all the same
	Cut     bool // there is no answer
	Hang    bool // there is none either, and the connection stays
}

type code struct {
	named, resolved     string // of an image
	bucket, key, object string // of a zip file that Lambda refers to
	sha                 string
	zip                 []byte
	serve               http.Handler
}

type function struct {
	name, arn string
	main      string // the alias that it was made with
	image     bool
	latest    code
	status    string // LastUpdateStatus
	reason    string
	polls     int
	revision  int
	published []published
	aliases   map[string]*alias
}

type published struct {
	id string
	code
	polls   int
	deleted bool
}

type alias struct {
	version  string
	canary   string
	share    float64
	revision int
}

// Start starts a control plane that ends with the test.
func Start(t testing.TB) *Plane {
	t.Helper()
	p := &Plane{
		functions: map[string]*function{}, images: map[string]code{}, objects: map[string]code{}, zips: map[string][]byte{},
		urls:  map[string]string{},
		stuck: map[string]bool{}, failing: map[string]string{}, polls: 2, dice: rand.New(rand.NewPCG(1, 2)),
	}
	control, data := httptest.NewServer(p.control()), httptest.NewServer(p.serve(""))
	t.Cleanup(control.Close)
	t.Cleanup(data.Close)
	p.Endpoint, p.URL = control.URL, data.URL
	return p
}

// Push puts an image into the registry and returns its SHA. The same content
// under two tags has one SHA.
func (p *Plane) Push(image, content string, serve http.Handler) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	sum := sha256.Sum256([]byte(content))
	digest := hex.EncodeToString(sum[:])
	repository := image[:strings.LastIndexByte(image, ':')]
	c := code{named: image, resolved: repository + "@sha256:" + digest, sha: digest, serve: serve}
	p.images[image], p.images[c.resolved] = c, c
	return digest
}

// Remove takes an image out of the registry, its digest included.
func (p *Plane) Remove(image string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.images, p.images[image].resolved)
	delete(p.images, image)
}

// Put puts a version of a zip file into S3 and returns its SHA. Lambda tells
// where it came from only when it refers to it instead of copying it.
func (p *Plane) Put(bucket, key, object, content string, refer bool, serve http.Handler) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	sum := sha256.Sum256([]byte(content))
	c := code{sha: base64.StdEncoding.EncodeToString(sum[:]), zip: []byte(content), serve: serve}
	if refer {
		c.bucket, c.key, c.object = bucket, key, object
	}
	p.objects[bucket+"/"+key+"?"+object] = c
	p.zips[hex.EncodeToString(sum[:])] = c.zip
	return c.sha
}

// Create makes a function whose alias points to version 1, which has an image,
// or, given BUCKET/KEY?VERSION, an object of S3.
func (p *Plane) Create(name, aliasName, image string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	c, isImage := p.images[image]
	if !isImage {
		c = p.objects[image]
	}
	if c.sha == "" {
		panic("lambdatest: no such image: " + image)
	}
	p.functions[name] = &function{
		name: name, arn: "arn:aws:lambda:us-east-1:123456789012:function:" + name, main: aliasName, image: isImage, latest: c,
		status:    "Successful",
		published: []published{{id: "1", code: c}}, aliases: map[string]*alias{aliasName: {version: "1"}},
	}
}

// Hook sets what becomes of each call. It may use the plane, as another caller that
// is faster.
func (p *Plane) Hook(h func(Call) Fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.hook = h
}

// Stick lets the update to a SHA go on for ever, until Unstick ends it.
func (p *Plane) Stick(sha string) { p.withLock(func() { p.stuck[sha] = true }) }

// Unstick ends all updates that go on for ever.
func (p *Plane) Unstick() { p.withLock(func() { clear(p.stuck) }) }

// OpenURL gives an alias a function URL of its own.
func (p *Plane) OpenURL(t testing.TB, aliasName string) string {
	t.Helper()
	data := httptest.NewServer(p.serve(aliasName))
	t.Cleanup(data.Close)
	p.withLock(func() { p.urls[aliasName] = data.URL })
	return data.URL
}

// CloseURL takes the function URL away.
func (p *Plane) CloseURL() { p.withLock(func() { p.closed = true }) }

// Break lets the update to a SHA fail for a reason.
func (p *Plane) Break(sha, reason string) { p.withLock(func() { p.failing[sha] = reason }) }

// DeleteVersion deletes a published version.
func (p *Plane) DeleteVersion(name, id string) {
	p.withLock(func() { p.functions[name].version(id).deleted = true })
}

// Point lets an alias point to a version, as another caller would.
func (p *Plane) Point(name, aliasName, id string) {
	p.withLock(func() {
		f := p.functions[name]
		if f.aliases[aliasName] == nil {
			f.aliases[aliasName] = &alias{}
		}
		a := f.aliases[aliasName]
		a.version, a.canary, a.share = id, "", 0
		a.revision++
	})
}

// Publish publishes a version of an image, as another caller would.
func (p *Plane) Publish(name, image string) {
	p.withLock(func() {
		f := p.functions[name]
		f.latest, f.status = p.images[image], "Successful"
		f.revision++
		f.published = append(f.published, published{id: strconv.Itoa(len(f.published) + 1), code: f.latest})
	})
}

// Divide lets an alias give a share to a second version.
func (p *Plane) Divide(name, aliasName, id string, share float64) {
	p.withLock(func() { a := p.functions[name].aliases[aliasName]; a.canary, a.share = id, share })
}

func (p *Plane) withLock(do func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	do()
}

// State is the state of a function at one moment.
type State struct {
	Version string // that the alias points to
	Live    string // its SHA
	Canary  string // SHA of the second version; empty: there is none
	Next    string // SHA of $LATEST
}

// State returns what a function is now.
func (p *Plane) State(name, aliasName string) State {
	p.mu.Lock()
	defer p.mu.Unlock()
	f := p.functions[name]
	a := f.aliases[aliasName]
	s := State{Version: a.version, Live: f.code(a.version).sha, Next: f.latest.sha}
	if a.canary != "" {
		s.Canary = f.code(a.canary).sha
	}
	return s
}

// Calls returns the calls so far and forgets them.
func (p *Plane) Calls() []Call {
	p.mu.Lock()
	defer p.mu.Unlock()
	calls := p.calls
	p.calls = nil
	return calls
}

// ListChanges returns the operations of those calls that change something.
func ListChanges(calls []Call) []string {
	var ops []string
	for _, c := range calls {
		if c.Changes {
			ops = append(ops, c.Op)
		}
	}
	return ops
}

func (f *function) version(id string) *published {
	for i := range f.published {
		if f.published[i].id == id && !f.published[i].deleted {
			return &f.published[i]
		}
	}
	return nil
}

func (f *function) code(id string) code {
	if id == "$LATEST" {
		return f.latest
	}
	if v := f.version(id); v != nil {
		return v.code
	}
	return code{}
}

// serve is the function URL of an alias, "" that of the main one: it divides calls
// by the alias's weights. A plane has one function whose URL is called.
func (p *Plane) serve(aliasName string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := p.pick(aliasName)
		if h == nil {
			http.Error(w, `{"Message":null}`, http.StatusForbidden)
			return
		}
		h.ServeHTTP(w, r)
	})
}

func (p *Plane) pick(aliasName string) http.Handler {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, f := range p.functions {
		a := f.aliases[aliasName]
		if aliasName == "" {
			a = f.aliases[f.main]
		}
		if a == nil {
			continue
		}
		if a.canary != "" && p.dice.Float64() < a.share {
			return f.code(a.canary).serve
		}
		return f.code(a.version).serve
	}
	return nil
}

// NewBuild returns a build of the function: a handler that answers with the name of the build,
// with status 200 where well is true, else 503.
func NewBuild(name string, well bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-App-Version", name)
		w.Header().Set("Content-Type", "application/json")
		if !well {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		fmt.Fprintf(w, `{"ok":%t,"data":{"status":"ok","service":"shop","version":%q,"store":"none"}}`, well, name)
	})
}
