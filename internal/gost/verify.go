package gost

import (
	"fmt"
	"math/big"
)

// Verify checks a signature over a digest by the procedure of RFC 7091 section 6.2 and returns nil
// if it is valid.
//
// The digest is the output of the key's Hash in stream order (32 or 64 bytes), as CMS carries it in
// messageDigest; the caller must not reverse it. The signature is s || r, both big-endian and each
// as long as the digest: the order of X.509, CMS and OpenSSL, see the package comment. Bytes of
// another length or order, and r or s outside 1…q-1, give ErrSignature. A digest of another length
// is an error of the caller and gives a plain error.
func (k *PublicKey) Verify(digest, signature []byte) error {
	size := k.set.size
	if len(digest) != size {
		return fmt.Errorf("gost: digest of %d bytes for %v", len(digest), k.algorithm)
	}
	if len(signature) != 2*size {
		return fmt.Errorf("%w: %d bytes instead of %d", ErrSignature, len(signature), 2*size)
	}
	s := new(big.Int).SetBytes(signature[:size])
	r := new(big.Int).SetBytes(signature[size:])
	if !verify(k.set.curve, k.point, littleEndian(digest), r, s) {
		return ErrSignature
	}
	return nil
}

// verify is RFC 7091 section 6.2; digest is the hash as a number.
func verify(c *curve, key *point, digest, r, s *big.Int) bool {
	for _, half := range []*big.Int{r, s} {
		if half.Sign() <= 0 || half.Cmp(c.q) >= 0 {
			return false
		}
	}
	e := new(big.Int).Mod(digest, c.q)
	if e.Sign() == 0 {
		e.SetInt64(1)
	}
	inverse := new(big.Int).ModInverse(e, c.q)
	forBase := new(big.Int).Mul(s, inverse)
	forBase.Mod(forBase, c.q)
	forKey := new(big.Int).Mul(r, inverse)
	forKey.Neg(forKey).Mod(forKey, c.q)

	sum := c.combination(forBase, c.base(), forKey, key)
	if sum.isNeutral() {
		return false
	}
	x := c.affineX(sum)
	return x.Mod(x, c.q).Cmp(r) == 0
}
