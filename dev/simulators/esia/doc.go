// Package esia answers at the paths of ЕСИА, for the local platform and for tests.
//
// It holds the platform to what ЕСИА holds it to: the client's mnemonic and certificate, the exact return address, the time of the request, the
// scopes, and client_secret, which is verified against the registered certificate. It shows a login page in place of ЕСИА's,
// keeps a login session as ЕСИА does, signs tokens, and gives out only the data that the scopes of a token name.
//
// It never asks for a password, never knows a real person, and never runs as part of the product. Its people come from the caller (package
// synthetic); its keys lie in a directory that it fills itself.
package esia
