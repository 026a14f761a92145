package gost

import "errors"

var (
	// ErrSignature means that a signature does not match the data and the key, or has r or s out of
	// range.
	ErrSignature = errors.New("gost: signature does not match")

	// ErrUnsupported means that a key, a parameter set or a signature is of an algorithm that this
	// package does not verify, such as RSA and ECDSA.
	ErrUnsupported = errors.New("gost: unsupported algorithm")

	// ErrMalformedKey means that a public key names a known algorithm but is not a point of its
	// curve, or is not encoded as RFC 4491 and RFC 9215 require.
	ErrMalformedKey = errors.New("gost: malformed public key")
)
