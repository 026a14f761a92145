package order

// DocumentKind is the part of a file in the order.
type DocumentKind string

// The documents of an order.
const (
	DocumentForm               DocumentKind = "form"
	DocumentContract           DocumentKind = "contract"
	DocumentContractSignature  DocumentKind = "contract-signature"
	DocumentPrepaymentInvoice  DocumentKind = "prepayment-invoice"
	DocumentPrepaymentReceipt  DocumentKind = "prepayment-receipt"
	DocumentResult             DocumentKind = "result"
	DocumentRemark             DocumentKind = "remark"
	DocumentAct                DocumentKind = "act"
	DocumentActSignature       DocumentKind = "act-signature"
	DocumentRegistrationResult DocumentKind = "registration-result"
	DocumentInvoice            DocumentKind = "invoice"
	DocumentReceipt            DocumentKind = "receipt"
	DocumentPower              DocumentKind = "power-of-attorney"
	DocumentPowerSignature     DocumentKind = "power-of-attorney-signature"
)

// Document is a file with its kind.
type Document struct {
	Kind DocumentKind
	File FileRef
}

// Documents returns the kinds of the files that an applied message names.
func Documents(m Message) []Document {
	switch m.Kind {
	case Publish, Amend:
		t, _ := decodeDetails[Terms](m)
		return as(DocumentForm, t.Files...)
	case SendContract:
		t, _ := decodeDetails[ContractTerms](m)
		return append(as(DocumentContract, t.File), as(DocumentContractSignature, t.Signature)...)
	case SignContract:
		t, _ := decodeDetails[ContractSignature](m)
		return append(as(DocumentContractSignature, t.Signature), powers(t.Powers)...)
	case SendPrepaymentInvoice:
		t, _ := decodeDetails[Invoice](m)
		return as(DocumentPrepaymentInvoice, t.named()...)
	case ReportPrepayment:
		t, _ := decodeDetails[PaymentReport](m)
		return as(DocumentPrepaymentReceipt, t.named()...)
	case SubmitResults:
		t, _ := decodeDetails[ResultsDelivery](m)
		return append(as(DocumentResult, t.Files...), actAndInvoice(t.Act, t.Invoice)...)
	case ReturnResults:
		t, _ := decodeDetails[Remarks](m)
		return as(DocumentRemark, t.Files...)
	case SubmitFinal:
		t, _ := decodeDetails[FinalDelivery](m)
		return append(as(DocumentRegistrationResult, t.Files...), actAndInvoice(t.Act, t.Invoice)...)
	case SendAct:
		t, _ := decodeDetails[ActDelivery](m)
		return actAndInvoice(&t.Act, nil)
	case AcceptResults, SignAct, SignActAlone:
		t, _ := decodeDetails[ActSignature](m)
		return append(as(DocumentActSignature, optional(t.Signature)...), powers(t.Powers)...)
	case SendInvoice:
		t, _ := decodeDetails[Invoice](m)
		return as(DocumentInvoice, t.named()...)
	case ReportPayment:
		t, _ := decodeDetails[PaymentReport](m)
		return as(DocumentReceipt, t.named()...)
	}
	return nil
}

func as(kind DocumentKind, files ...FileRef) []Document {
	docs := make([]Document, len(files))
	for i, f := range files {
		docs[i] = Document{Kind: kind, File: f}
	}
	return docs
}

func powers(given Powers) (docs []Document) {
	for _, p := range given {
		docs = append(docs, Document{DocumentPower, p.File}, Document{DocumentPowerSignature, p.Signature})
	}
	return docs
}

func actAndInvoice(act *SignedAct, invoice *Invoice) []Document {
	var docs []Document
	if act != nil {
		docs = append(as(DocumentAct, act.File), as(DocumentActSignature, act.Signature)...)
	}
	return append(docs, as(DocumentInvoice, nested(invoice)...)...)
}
