package lambdatest

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// call is a request that is being answered, under the plane's lock.
type call struct {
	p    *Plane
	f    *function
	r    *http.Request
	body map[string]any
}

// refusal is an answer that is no success.
type refusal struct {
	status        int
	code, message string
}

func (p *Plane) control() http.Handler {
	mux := http.NewServeMux()
	const f = "/2015-03-31/functions/{fn}"
	for pattern, op := range map[string]struct {
		name    string
		changes bool
		do      func(*call) (any, *refusal)
	}{
		"GET " + f:                    {"GetFunction", false, (*call).getFunction},
		"GET " + f + "/configuration": {"GetFunctionConfiguration", false, (*call).getConfiguration},
		"PUT " + f + "/code":          {"UpdateFunctionCode", true, (*call).updateCode},
		"POST " + f + "/versions":     {"PublishVersion", true, (*call).publish},
		"GET " + f + "/aliases/{name}": {
			"GetAlias", false, (*call).getAlias,
		},
		"PUT " + f + "/aliases/{name}":       {"UpdateAlias", true, (*call).updateAlias},
		"GET /2021-10-31/functions/{fn}/url": {"GetFunctionUrlConfig", false, (*call).getURL},
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { p.answer(w, r, op.name, op.changes, op.do) })
	}
	mux.HandleFunc("GET /zips/{sha}", p.serveZip)
	return mux
}

// answer takes a call in, spoils it where a test wants it, and answers it.
func (p *Plane) answer(w http.ResponseWriter, r *http.Request, name string, changes bool, do func(*call) (any, *refusal)) {
	body := map[string]any{}
	if r.Method != http.MethodGet {
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			writeRefusal(w, &refusal{400, "SerializationException", err.Error()})
			return
		}
	}
	if dry, _ := body["DryRun"].(bool); dry {
		name, changes = name+"?DryRun", false
	}
	if body["RevisionId"] == neverRevision {
		name, changes = name+"?Permission", false
	}
	if !strings.HasPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 ") ||
		!strings.Contains(r.Header.Get("Authorization"), "/lambda/aws4_request") {
		writeRefusal(w, &refusal{403, "MissingAuthenticationTokenException", "Missing Authentication Token"})
		return
	}
	p.mu.Lock()
	c := Call{N: len(p.calls) + 1, Op: name, Changes: changes, Alias: r.PathValue("name")}
	p.calls = append(p.calls, c)
	p.mu.Unlock()
	fault := p.askHook(c)
	if fault.Hang {
		<-r.Context().Done()
		panic(http.ErrAbortHandler)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if fault == (Fault{}) || fault.Applied {
		out, no := p.perform(r, body, do)
		if fault == (Fault{}) {
			writeReply(w, out, no)
			return
		}
	}
	if fault.Cut {
		panic(http.ErrAbortHandler)
	}
	writeRefusal(w, &refusal{fault.Status, fault.Code, fault.Message})
}

// askHook asks the hook, one call at a time: a call that gets no answer is still there when
// the next one comes.
func (p *Plane) askHook(c Call) Fault {
	p.hooking.Lock()
	defer p.hooking.Unlock()
	p.mu.Lock()
	hook := p.hook
	p.mu.Unlock()
	if hook == nil {
		return Fault{}
	}
	return hook(c)
}

func (p *Plane) perform(r *http.Request, body map[string]any, do func(*call) (any, *refusal)) (any, *refusal) {
	name := r.PathValue("fn")
	f := p.functions[name[strings.LastIndexByte(name, ':')+1:]]
	if f == nil || strings.HasPrefix(name, "arn:") && name != f.arn {
		return nil, &refusal{404, "ResourceNotFoundException", "Function not found: arn:aws:lambda:us-east-1:123456789012:function:" + name}
	}
	return do(&call{p, f, r, body})
}

func writeReply(w http.ResponseWriter, out any, no *refusal) {
	if no != nil {
		writeRefusal(w, no)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(out); err != nil {
		panic("lambdatest: " + err.Error())
	}
}

func writeRefusal(w http.ResponseWriter, no *refusal) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Amzn-ErrorType", no.code)
	w.WriteHeader(no.status)
	fmt.Fprintf(w, `{"Type":"User","Message":%q,"message":%q}`, no.message, no.message)
}

func (c *call) text(name string) string {
	s, _ := c.body[name].(string)
	return s
}

// precondition checks the revision that a call may name.
func (c *call) precondition(revision int) *refusal {
	if want := c.text("RevisionId"); want != "" && want != revisionID(revision) {
		return &refusal{412, "PreconditionFailedException",
			"The RevisionId provided does not match the latest RevisionId. Call the GetFunction/GetAlias API to retrieve the latest " +
				"RevisionId"}
	}
	return nil
}

// neverRevision is one that nothing has: the call asks whether it may be made.
const neverRevision = "00000000-0000-0000-0000-000000000000"

func revisionID(n int) string { return "00000000-0000-4000-8000-" + fmt.Sprintf("%012d", n) }

// refuseBusy refuses while an update is under way.
func (c *call) refuseBusy() *refusal {
	if c.f.status == "InProgress" {
		return &refusal{409, "ResourceConflictException",
			"The operation cannot be performed at this time. An update is in progress for resource: " + c.f.arn}
	}
	return nil
}

// advanceUpdate lets time pass for an update: one look.
func (c *call) advanceUpdate() {
	f := c.f
	if f.status != "InProgress" || c.p.stuck[f.latest.sha] {
		return
	}
	if f.polls--; f.polls > 0 {
		return
	}
	f.revision++
	f.status, f.reason = "Successful", ""
	if reason, broken := c.p.failing[f.latest.sha]; broken {
		f.status, f.reason = "Failed", reason
	}
}

func (c *call) getFunction() (any, *refusal) {
	config, no := c.configuration()
	if no != nil {
		return nil, no
	}
	from := c.f.code(config["Version"].(string))
	where := map[string]any{"RepositoryType": "S3"}
	switch {
	case c.f.image:
		where = map[string]any{"RepositoryType": "ECR", "ImageUri": from.named, "ResolvedImageUri": from.resolved}
	case from.bucket != "":
		where["ResolvedS3Object"] = map[string]any{"S3Bucket": from.bucket, "S3Key": from.key, "S3ObjectVersion": from.object}
	}
	if !c.f.image {
		sum, err := base64.StdEncoding.DecodeString(from.sha)
		if err != nil {
			panic("lambdatest: " + err.Error())
		}
		where["Location"] = c.p.Endpoint + "/zips/" + hex.EncodeToString(sum)
	}
	return map[string]any{"Configuration": config, "Code": where, "Tags": map[string]string{}}, nil
}

func (p *Plane) serveZip(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	content, ok := p.zips[r.PathValue("sha")]
	p.mu.Unlock()
	if !ok {
		http.NotFound(w, r)
		return
	}
	if _, err := w.Write(content); err != nil {
		panic(http.ErrAbortHandler)
	}
}

func (c *call) getConfiguration() (any, *refusal) {
	c.advanceUpdate()
	if v := c.f.version(c.r.URL.Query().Get("Qualifier")); v != nil && v.polls > 0 {
		v.polls--
	}
	config, no := c.configuration()
	return config, no
}

func (c *call) configuration() (map[string]any, *refusal) {
	id := c.r.URL.Query().Get("Qualifier")
	kind := "Zip"
	if c.f.image {
		kind = "Image"
	}
	config := map[string]any{
		"FunctionName": c.f.name, "FunctionArn": c.f.arn, "PackageType": kind, "State": "Active", "Version": "$LATEST",
		"LastUpdateStatus": c.f.status, "LastUpdateStatusReason": c.f.reason, "CodeSha256": c.f.latest.sha,
		"RevisionId": revisionID(c.f.revision),
	}
	if c.f.status == "Failed" {
		config["LastUpdateStatusReasonCode"] = "InvalidImage"
	}
	if id == "" || id == "$LATEST" {
		return config, nil
	}
	v := c.f.version(id)
	if v == nil {
		return nil, &refusal{404, "ResourceNotFoundException", "Function not found: " + c.f.arn + ":" + id}
	}
	config["FunctionArn"], config["Version"], config["CodeSha256"] = c.f.arn+":"+id, id, v.sha
	config["LastUpdateStatus"], config["LastUpdateStatusReason"] = "Successful", ""
	if v.polls > 0 {
		config["State"] = "Pending"
	}
	return config, nil
}

// findCode finds the code that an update names.
func (c *call) findCode() (code, *refusal) {
	if c.f.image {
		image, ok := c.p.images[c.text("ImageUri")]
		switch {
		case c.text("ImageUri") == "":
			return code{}, &refusal{400, "InvalidParameterValueException",
				"Please provide ImageUri when updating a function with packageType Image."}
		case !ok:
			return code{}, &refusal{400, "InvalidParameterValueException",
				"Source image " + c.text("ImageUri") + " does not exist. Provide a valid source image."}
		}
		return image, nil
	}
	if sent := c.text("ZipFile"); sent != "" {
		raw, err := base64.StdEncoding.DecodeString(sent)
		if err != nil {
			return code{}, &refusal{400, "InvalidParameterValueException", "Could not unzip uploaded file"}
		}
		for _, o := range c.p.objects {
			if string(o.zip) == string(raw) {
				o.bucket, o.key, o.object = "", "", ""
				return o, nil
			}
		}
		return code{}, &refusal{400, "InvalidParameterValueException", "Could not unzip uploaded file"}
	}
	o, ok := c.p.objects[c.text("S3Bucket")+"/"+c.text("S3Key")+"?"+c.text("S3ObjectVersion")]
	if !ok {
		return code{}, &refusal{400, "InvalidParameterValueException", "Error occurred while GetObject. S3 Error Code: NoSuchKey."}
	}
	return o, nil
}

func (c *call) updateCode() (any, *refusal) {
	if no := c.precondition(c.f.revision); no != nil {
		return nil, no
	}
	wanted, no := c.findCode()
	if no != nil {
		return nil, no
	}
	if dry, _ := c.body["DryRun"].(bool); dry {
		config, no := c.configuration()
		if no == nil {
			config["CodeSha256"] = wanted.sha
		}
		return config, no
	}
	if no := c.refuseBusy(); no != nil {
		return nil, no
	}
	f := c.f
	f.latest, f.status, f.reason, f.polls = wanted, "InProgress", "", c.p.polls
	f.revision++
	config, no := c.configuration()
	return config, no
}

func (c *call) publish() (any, *refusal) {
	f := c.f
	if no := c.refuseBusy(); no != nil {
		return nil, no
	}
	if no := c.precondition(f.revision); no != nil {
		return nil, no
	}
	if want := c.text("CodeSha256"); want != "" && want != f.latest.sha {
		return nil, &refusal{400, "InvalidParameterValueException",
			"CodeSHA256 (" + want + ") is different from current CodeSHA256 in $LATEST (" + f.latest.sha + "). Please try again with the " +
				"CodeSHA256 in $LATEST."}
	}
	// What has not changed since the last version is not published again.
	last := &f.published[len(f.published)-1]
	if last.deleted || last.sha != f.latest.sha {
		f.published = append(f.published, published{id: strconv.Itoa(len(f.published) + 1), code: f.latest, polls: c.p.polls})
		last = &f.published[len(f.published)-1]
		f.revision++
	}
	q := c.r.URL.Query()
	q.Set("Qualifier", last.id)
	c.r.URL.RawQuery = q.Encode()
	config, no := c.configuration()
	return config, no
}

func (c *call) alias() (*alias, *refusal) {
	name := c.r.PathValue("name")
	a := c.f.aliases[name]
	if a == nil {
		return nil, &refusal{404, "ResourceNotFoundException", "Cannot find alias arn: " + c.f.arn + ":" + name}
	}
	return a, nil
}

func (c *call) describe(a *alias) map[string]any {
	name := c.r.PathValue("name")
	out := map[string]any{"AliasArn": c.f.arn + ":" + name, "Name": name, "FunctionVersion": a.version,
		"RevisionId": revisionID(a.revision)}
	if a.canary != "" {
		out["RoutingConfig"] = map[string]any{"AdditionalVersionWeights": map[string]float64{a.canary: a.share}}
	}
	return out
}

func (c *call) getAlias() (any, *refusal) {
	a, no := c.alias()
	if no != nil {
		return nil, no
	}
	return c.describe(a), nil
}

func (c *call) updateAlias() (any, *refusal) {
	a, no := c.alias()
	if no != nil {
		return nil, no
	}
	if no := c.precondition(a.revision); no != nil {
		return nil, no
	}
	next := *a
	if v := c.text("FunctionVersion"); v != "" {
		next.version = v
	}
	if routing, given := c.body["RoutingConfig"].(map[string]any); given {
		next.canary, next.share = "", 0
		weights, _ := routing["AdditionalVersionWeights"].(map[string]any)
		for id, share := range weights {
			next.canary = id
			next.share, _ = share.(float64)
		}
	}
	for _, id := range []string{next.version, next.canary} {
		if id != "" && c.f.code(id).sha == "" {
			return nil, &refusal{404, "ResourceNotFoundException", "Function not found: " + c.f.arn + ":" + id}
		}
	}
	next.revision++
	*a = next
	return c.describe(a), nil
}

func (c *call) getURL() (any, *refusal) {
	name := c.r.URL.Query().Get("Qualifier")
	url := c.p.urls[name]
	if url == "" && name == c.f.main {
		url = c.p.URL
	}
	if c.p.closed || c.f.aliases[name] == nil || url == "" {
		return nil, &refusal{404, "ResourceNotFoundException", "The resource you requested does not exist."}
	}
	return map[string]any{"FunctionUrl": url + "/", "AuthType": "NONE", "FunctionArn": c.f.arn + ":" + name}, nil
}
