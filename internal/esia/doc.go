// Package esia is the client of ЕСИА, the state's sign-in system, by its own protocol (it is not plain OpenID Connect:
// every request is signed with the platform's certificate).
//
// It builds the address that the browser is sent to, exchanges the code that comes back for a token, verifies the token, and reads the
// person, his roles in organisations and one chosen organisation. Both generations of the protocol are here: v1 (/aas/oauth2/ac, /te) and
// v2 (/aas/oauth2/v2/ac, /aas/oauth2/v3/te).
//
// It never keeps sessions, never decides who gets which role of the platform, never judges a number that comes from ЕСИА by its checksum
// (ЕСИА's own test persons fail it), and never puts tokens, codes or personal data into an error.
//
// Its inputs are a Config (addresses, client mnemonic, certificates, scopes) and a Signer that holds the platform's private key.
//
// A sign-in goes: PersonRequest → AuthorizeURL → (browser) → ParseCallback → Exchange → Person and Roles. For a representative the same is
// repeated with OrganisationRequest for the organisation that he chose, and then Organisation is read.
package esia
