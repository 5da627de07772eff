package items

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"encoding/binary"
	"net/http"
	"strings"

	"github.com/occbench/occbench/reference-server/store"
)

// Tags are the versions of items as clients see them.
type Tags interface {
	// Tag returns the ETag of an item in its version, for the answer to a request.
	Tag(r *http.Request, is store.Item) string
	// Version returns the version of an item that a tag of a request stands for, or
	// Unknown.
	Version(r *http.Request, tag string, is store.Item) int64
}

// Unknown is a version that no item has.
const Unknown = -1

// Opaque tells nothing: a tag is the item's id and version, encrypted. It needs no
// place in the store, and the tag of another item or of a deleted one stands for
// no version. The key is no secret: what is hidden is only that versions count.
type Opaque struct{}

var opaque = func() cipher.Block {
	block, err := aes.NewCipher([]byte("occbench items 1"))
	if err != nil {
		panic(err) // the key has 16 bytes
	}
	return block
}()

// Tag implements Tags.
func (Opaque) Tag(_ *http.Request, is store.Item) string { return QuoteTag(is.ID, is.Version) }

// QuoteTag returns the strong tag that stands for two numbers.
func QuoteTag(id, version int64) string {
	var block [aes.BlockSize]byte
	binary.BigEndian.PutUint64(block[:8], uint64(id))
	binary.BigEndian.PutUint64(block[8:], uint64(version))
	opaque.Encrypt(block[:], block[:])
	return `"` + base64.RawURLEncoding.EncodeToString(block[:]) + `"`
}

// Version implements Tags.
func (Opaque) Version(_ *http.Request, tag string, is store.Item) int64 {
	text, strong := strings.CutPrefix(tag, `"`)
	block, err := base64.RawURLEncoding.Strict().DecodeString(strings.TrimSuffix(text, `"`))
	if !strong || err != nil || len(block) != aes.BlockSize {
		return Unknown
	}
	opaque.Decrypt(block, block)
	version := int64(binary.BigEndian.Uint64(block[8:]))
	if int64(binary.BigEndian.Uint64(block[:8])) != is.ID || version < 1 {
		return Unknown
	}
	return version
}
