package auth

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/config"

	"github.com/occbench/occbench/internal/awsapi"
)

// renewal is how long before their end credentials are replaced: a request is
// signed before it is sent, and judged after it came.
const renewal = 30 * time.Second

// sigV4 signs with AWS's own signer, which keeps the derived key of a day.
type sigV4 struct {
	spec        Spec
	signer      *v4.Signer
	credentials aws.CredentialsProvider
	now         func() time.Time
	hidden      *hidden
	seen        atomic.Pointer[string] // the session token that was hidden last
}

func (s Spec) openSigV4(ctx context.Context, now func() time.Time) (*Signer, error) {
	ctx, cancel := context.WithTimeout(ctx, awsapi.CredentialLimit)
	defer cancel()
	cfg, err := awsapi.LoadConfig(ctx, s.Region, s.Profile,
		config.WithCredentialsCacheOptions(func(o *aws.CredentialsCacheOptions) { o.ExpiryWindow = renewal }))
	if err != nil {
		return nil, fmt.Errorf("--auth %s: %w", s, err)
	}
	if s.Region = cfg.Region; s.Region == "" {
		return nil, &Error{fmt.Sprintf("--auth %s: no region is known; say region=… in it, or set $AWS_REGION", s)}
	}
	if s.Service == "" {
		s.Service = defaultService
	}
	found, err := awsapi.RetrieveCredentials(ctx, "--auth "+s.String(), cfg.Credentials)
	if err != nil {
		return nil, err
	}
	signer := &Signer{spec: s, who: fmt.Sprintf("access key %s of %s", found.AccessKeyID, found.Source)}
	v := &sigV4{spec: s, signer: v4.NewSigner(s.setEscaping), credentials: cfg.Credentials, now: now, hidden: &signer.hidden}
	v.hide(found)
	signer.sign = v.sign
	return signer, nil
}

// objectStore is the service whose signatures are a little different: paths are
// escaped once, and the hash of the body is a header too.
const objectStore = "s3"

func (s Spec) setEscaping(o *v4.SignerOptions) { o.DisableURIPathEscaping = s.Service == objectStore }

// sign signs one request. Credentials that are near their end are replaced
// first, which is a network call once an hour.
func (v *sigV4) sign(r *http.Request, body []byte) error {
	found, err := awsapi.RetrieveCredentials(r.Context(), "signing", v.credentials)
	if err != nil {
		return err
	}
	if seen := v.seen.Load(); seen == nil || *seen != found.SessionToken {
		v.hide(found)
	}
	// Proxies and CDNs rewrite it on the way, which would void the signature.
	coding := r.Header["Accept-Encoding"]
	delete(r.Header, "Accept-Encoding")
	defer func() {
		if coding != nil {
			r.Header["Accept-Encoding"] = coding
		}
	}()
	sum := sha256.Sum256(body)
	hash := hex.EncodeToString(sum[:])
	if v.spec.Service == objectStore {
		r.Header["X-Amz-Content-Sha256"] = []string{hash}
	}
	return v.signer.SignHTTP(r.Context(), found, r, hash, v.spec.Service, v.spec.Region, v.now())
}

// hide hides the secrets in use, and the token before: a late answer may still
// quote that.
func (v *sigV4) hide(found aws.Credentials) {
	before := ""
	if seen := v.seen.Swap(&found.SessionToken); seen != nil {
		before = *seen
	}
	v.hidden.set(found.SecretAccessKey, found.SessionToken, before)
}
