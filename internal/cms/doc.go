// Package cms reads detached electronic signatures: CMS SignedData (RFC 5652) with one signer, as
// КриптоПро (CAdES-BES), «Госключ» (plain CMS) and OpenSSL make them. It decides whether a signature
// fits a document and the certificate inside it. Whom to trust, and whether the certificate is of the
// right person, is decided by the caller.
//
// Its inputs are hostile: any bytes give an error, never a panic, and need memory of a small multiple
// of their size, which is limited. Libraries were tried for this: of those that can be had, one dies
// of a stack overflow on nested BER and another panics, and none of them verifies GOST.
package cms
