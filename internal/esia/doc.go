// Package esia is the client of ЕСИА, the state's sign-in system. Its protocol is not plain OpenID
// Connect: every request is signed with the platform's certificate.
//
// The package builds the URL for the browser, exchanges the returned code for a token, verifies the
// token, and reads the person, his roles in organisations and one chosen organisation. It supports
// both generations of the protocol: v1 (/aas/oauth2/ac, /te) and v2 (/aas/oauth2/v2/ac,
// /aas/oauth2/v3/te).
//
// It stores no sessions and does not decide who gets which role of the platform. It does not check
// the checksums of numbers from ЕСИА (ЕСИА's own test persons fail them). Its errors never contain
// tokens, codes or personal data.
//
// Its inputs are a Config (addresses, client mnemonic, certificates, scopes) and a Signer that
// holds the platform's private key.
//
// The steps of a sign-in are: PersonRequest → AuthorizeURL → (browser) → ParseCallback → Exchange →
// Person and Roles. For a representative the same steps are repeated with OrganisationRequest for
// the chosen organisation, followed by Organisation.
package esia
