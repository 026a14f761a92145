// Package esia simulates the HTTP interface of ЕСИА, for the local platform and for tests.
//
// It checks what ЕСИА checks: the client's mnemonic and certificate, the exact return address, the
// time of the request, the scopes, and client_secret, which is verified against the registered
// certificate. It shows a login page in place of ЕСИА's, keeps a login session as ЕСИА does, signs
// tokens, and returns only the data that the scopes of a token allow.
//
// It asks for no passwords, contains no real persons, and is not part of the product. Its people
// come from the caller (package synthetic); it creates its keys in a directory of its own.
package esia
