// Package gost verifies Russian electronic signatures. It computes Streebog hashes (GOST R
// 34.11-2012, RFC 6986), verifies GOST R 34.10-2001 and 34.10-2012 signatures (RFC 5832, RFC 7091)
// and reads the public keys of GOST certificates (RFC 4491, RFC 9215).
//
// It never signs, never holds a private key and never decides whom to trust: the caller checks the
// validity period, the names, the key usage and the chain of a certificate. None of the data is
// secret, so nothing runs in constant time.
//
// Its inputs are bytes from outside, which are hostile until verified: certificates and detached
// signatures that people upload, tokens of ЕСИА.
//
// # Byte orders
//
// Three encodings of one signature (r, s) are in use. Each of r and s is as long as the order q of
// the curve (32 or 64 bytes):
//
//   - X.509, CMS, OpenSSL, ЕСИА: s || r, both big-endian (RFC 4491 section 2.2.2,
//     RFC 9215 section 2). This is the only order that this package accepts.
//   - The raw output of КриптоПро CSP (CryptSignHash, CPRawSignature, csptest):
//     the X.509 bytes reversed as a whole, which is r || s, both little-endian.
//     The sender has to reverse it before putting it into a message.
//   - r || s, both big-endian, as the text of GOST R 34.10 writes the vector.
//
// If several orders were accepted, one signature could appear in several forms. Therefore no
// function guesses the order.
//
// A digest is the output of the hash in stream order. GOST R 34.10 reads it as a little-endian
// number; Verify does that conversion.
package gost
