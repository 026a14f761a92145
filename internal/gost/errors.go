package gost

import "errors"

var (
	// ErrSignature tells that a signature is well placed but does not match the
	// data and the key, or has r or s out of range.
	ErrSignature = errors.New("gost: signature does not match")

	// ErrUnsupported tells that a key, a parameter set or a signature is of an
	// algorithm this package does not verify, RSA and ECDSA among them.
	ErrUnsupported = errors.New("gost: unsupported algorithm")

	// ErrMalformedKey tells that a public key names a known algorithm but is not
	// a point of its curve, or is not encoded as RFC 4491 and RFC 9215 demand.
	ErrMalformedKey = errors.New("gost: malformed public key")
)
