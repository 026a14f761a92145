// Package pki is the certification authority of tests and of the local platform: an accredited and an
// unqualified authority, a time stamp authority, lists of revoked certificates, and certificates of
// people, entrepreneurs and organisations as the real authorities issue them, with keys of every
// parameter set. It signs by OpenSSL with the GOST engine. Nobody in it exists.
package pki
