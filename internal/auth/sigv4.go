package auth

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/config"
)

// credentialLimit bounds the search for credentials: on a machine that is not
// Amazon's, its metadata address answers nobody.
const credentialLimit = 10 * time.Second

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
	ctx, cancel := context.WithTimeout(ctx, credentialLimit)
	defer cancel()
	cfg, err := chain(ctx, s.Region, s.Profile,
		config.WithCredentialsCacheOptions(func(o *aws.CredentialsCacheOptions) { o.ExpiryWindow = renewal }))
	if err != nil {
		return nil, &Error{fmt.Sprintf("--auth %s: reading the AWS configuration: %s; check the profile and the files in ~/.aws", s, clip(err.Error()))}
	}
	if s.Region = cfg.Region; s.Region == "" {
		return nil, &Error{fmt.Sprintf("--auth %s: no region is known; say region=… in it, or set $AWS_REGION", s)}
	}
	if s.Service == "" {
		s.Service = defaultService
	}
	found, err := cfg.Credentials.Retrieve(ctx)
	if err != nil {
		return nil, fmt.Errorf("--auth %s: %w", s, noCredentials(err))
	}
	signer := &Signer{spec: s, who: fmt.Sprintf("access key %s of %s", found.AccessKeyID, found.Source)}
	v := &sigV4{spec: s, signer: v4.NewSigner(), credentials: cfg.Credentials, now: now, hidden: &signer.hidden}
	v.hide(found)
	signer.sign = v.sign
	return signer, nil
}

// sign signs one request. Credentials that are near their end are replaced
// first, which is a network call once an hour.
func (v *sigV4) sign(r *http.Request, body []byte) error {
	ctx, cancel := context.WithTimeout(r.Context(), credentialLimit)
	defer cancel()
	found, err := v.credentials.Retrieve(ctx)
	if err != nil {
		return noCredentials(err)
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
	return v.signer.SignHTTP(ctx, found, r, hex.EncodeToString(sum[:]), v.spec.Service, v.spec.Region, v.now())
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

func noCredentials(err error) error {
	words := clip(deepest(err).Error())
	if errors.Is(err, context.DeadlineExceeded) {
		words = "none came within " + credentialLimit.String()
	}
	return fmt.Errorf("finding AWS credentials: %s; log in (`aws sso login`), or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY", words)
}

// deepest returns the innermost error: the layers above it repeat the
// operation, the attempt and the request's id.
func deepest(err error) error {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err
		}
		err = inner
	}
}

// clip keeps what others wrote short and on one line.
func clip(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 300 {
		return string(r[:300]) + "…"
	}
	return s
}
