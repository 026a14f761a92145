// Package signature checks the electronic signature of a document: that it fits the document, that its
// certificate is qualified and was valid, and that the signer is the party who had to sign, or acts
// for it by a power of attorney (63-ФЗ, article 11). The answer is a [Result], which is recorded once
// and never made anew, with the certificates and lists that it rests on.
//
// It makes no network calls, so nothing that a certificate names is ever fetched. Documents and
// signatures are hostile: any bytes give a result within bounded memory.
package signature
