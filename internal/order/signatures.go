package order

// SignedDocument is a signature of a document as a message brings it.
type SignedDocument struct {
	// Document is the SHA-256 of the document as the signer names it.
	Document  string
	Signature FileRef
	Powers    Powers
	// Field is the path of the signature in the details, for example "act.signature".
	Field string
}

// Files returns the signature and the files of the powers of attorney.
func (s SignedDocument) Files() []FileRef { return append([]FileRef{s.Signature}, s.Powers.named()...) }

// IDs returns the ids of the powers of attorney, without those of their signatures.
func (p Powers) IDs() []string {
	ids := make([]string, len(p))
	for i, one := range p {
		ids[i] = one.File.ID
	}
	return ids
}

// signatureBearer is implemented by details with signatures.
type signatureBearer interface{ signatures() []SignedDocument }

// SignaturesIn returns the signatures in the details of a message.
func SignaturesIn(details any) []SignedDocument {
	if d, ok := details.(signatureBearer); ok {
		return d.signatures()
	}
	return nil
}

func (t ContractTerms) signatures() []SignedDocument {
	return []SignedDocument{{Document: t.File.SHA256, Signature: t.Signature, Field: "signature"}}
}

func (t ContractSignature) signatures() []SignedDocument {
	return []SignedDocument{{Document: t.Contract, Signature: t.Signature, Powers: t.Powers, Field: "signature"}}
}

func (t ActSignature) signatures() []SignedDocument {
	if t.Signature == nil {
		return nil
	}
	return []SignedDocument{{Document: t.Act, Signature: *t.Signature, Powers: t.Powers, Field: "signature"}}
}

func (t ResultsDelivery) signatures() []SignedDocument { return t.Act.signatures() }
func (t FinalDelivery) signatures() []SignedDocument   { return t.Act.signatures() }
func (t ActDelivery) signatures() []SignedDocument     { return t.Act.signatures() }

// signatures returns the signature of an act inside other details; none of a missing act.
func (t *SignedAct) signatures() []SignedDocument {
	if t == nil {
		return nil
	}
	return []SignedDocument{{Document: t.File.SHA256, Signature: t.Signature, Field: "act.signature"}}
}

// requireSigned refuses unless the signature was found valid for the document and the sender's party
// when it came in. It is not judged anew.
func (c *decision) requireSigned(document, signature FileRef) *Refusal {
	if found, ok := c.facts.Signatures[signature.ID]; !ok || found.Document != document.SHA256 {
		return refuse(CodeNotSigned)
	}
	return nil
}

// signedByPower reports whether a signature in the message was made by a checked power of attorney.
func (c *decision) signedByPower() bool {
	for _, s := range c.facts.Signatures {
		if s.ByPower {
			return true
		}
	}
	return false
}
