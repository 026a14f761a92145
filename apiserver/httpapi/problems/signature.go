package problems

import (
	"net/http"
	"slices"

	"epkr/internal/signature"
)

const (
	// signaturePrefix stands before the code of a refused signature.
	signaturePrefix = "signature_"
	signatureTitle  = "Подпись не принята"
)

// SignatureRefused returns the refusals of a signature, of which there is at least one, as a problem
// whose code is that of the first one. Each is said at the field that names what is wrong: the
// signature, or in powers the signer's power of attorney or its signature.
func SignatureRefused(field, powers string, refusals []signature.Finding) *Problem {
	code := signaturePrefix + string(refusals[0].Code)
	p := &Problem{Type: Path + code, Title: signatureTitle, Status: http.StatusConflict, Detail: signature.Explain(refusals), Code: code}
	for _, at := range []struct {
		field string
		of    func(signature.Code) bool
	}{
		{field, func(c signature.Code) bool { return !c.OfPower() }},
		{powers + "[0].file", func(c signature.Code) bool { return c.OfPower() && c != signature.PowerSignature }},
		{powers + "[0].signature", func(c signature.Code) bool { return c == signature.PowerSignature }},
	} {
		said := slices.DeleteFunc(slices.Clone(refusals), func(f signature.Finding) bool { return !at.of(f.Code) })
		if len(said) > 0 {
			p.Errors = append(p.Errors, FieldProblem{Field: at.field, Message: signature.Explain(said)})
		}
	}
	return p
}

// signatureText returns the text of a refused signature by the code of its problem; empty if there is
// none.
func signatureText(code string) string {
	refusals := signature.Refusals()
	i := slices.IndexFunc(refusals, func(f signature.Finding) bool { return signaturePrefix+string(f.Code) == code })
	if i < 0 {
		return ""
	}
	return refusals[i].Text
}
