package gost

import "fmt"

// JWSAlgorithm is the "alg" of tokens that ЕСИА signs with 256-bit GOST R 34.10-2012 over
// Streebog-256.
const JWSAlgorithm = "GOST3410_2012_256"

// VerifyJWS checks the signature of a JWS with alg GOST3410_2012_256 and returns nil if it is
// valid. The signing input is the first two parts of the token with the dot between them, as
// received. The signature is the third part, decoded from base64url, 64 bytes.
//
// Only s || r, both big-endian, is accepted: ЕСИА sends it, and `openssl dgst -md_gost12_256` of
// the GOST engine verifies it unchanged. The raw output of КриптоПро CSP is the same bytes reversed
// as a whole; a sender that signs with it reverses them first, as ЕСИА requires for client_secret.
// ES256 of RFC 7518 puts r first; that order is refused here.
//
// A key of another algorithm gives ErrUnsupported: the key determines the algorithm of a token,
// never the token's header.
func VerifyJWS(key *PublicKey, signingInput string, signature []byte) error {
	if key.algorithm != GOST2012_256 {
		return fmt.Errorf("%w: %s by a key of %v", ErrUnsupported, JWSAlgorithm, key.algorithm)
	}
	digest := Sum256([]byte(signingInput))
	if err := key.Verify(digest[:], signature); err != nil {
		return fmt.Errorf("verifying the JWS: %w", err)
	}
	return nil
}
