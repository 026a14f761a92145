package trust

import (
	"crypto/sha256"
	"crypto/x509"
	"sync"
)

// maxVerified limits the certificates that are remembered: about 1 MB.
const maxVerified = 10_000

// verified remembers which certificates the authorities of the store signed, because verifying a
// signature of 512 bits takes longer than all the rest of a check. What a hostile certificate signed
// is not remembered. It is safe for concurrent use.
type verified struct {
	lock sync.Mutex
	pair map[[2 * sha256.Size]byte]struct{} // the hashes of an issuer and of what it signed
}

// by reports whether the key of an authority signed a certificate.
func (v *verified) by(a *authority, c *x509.Certificate) bool {
	if a.carried {
		return verifyCertificate(c, a.certificate) == nil
	}
	issuer, issued := sha256.Sum256(a.certificate.Raw), sha256.Sum256(c.Raw)
	pair := [2 * sha256.Size]byte(append(issuer[:], issued[:]...))
	if v.has(pair) {
		return true
	}
	if verifyCertificate(c, a.certificate) != nil {
		return false
	}
	v.keep(pair)
	return true
}

func (v *verified) has(pair [2 * sha256.Size]byte) bool {
	v.lock.Lock()
	defer v.lock.Unlock()
	_, known := v.pair[pair]
	return known
}

// keep remembers a pair in the place of any other one if there are too many.
func (v *verified) keep(pair [2 * sha256.Size]byte) {
	v.lock.Lock()
	defer v.lock.Unlock()
	for other := range v.pair {
		if len(v.pair) < maxVerified {
			break
		}
		delete(v.pair, other)
	}
	if v.pair == nil {
		v.pair = map[[2 * sha256.Size]byte]struct{}{}
	}
	v.pair[pair] = struct{}{}
}
