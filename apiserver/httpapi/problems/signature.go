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

// SignatureRefused returns the refusals of a signature, of which there is at least one, as a problem of
// the field that names the signature. The code is that of the first one.
func SignatureRefused(field string, refusals []signature.Finding) *Problem {
	code, detail := signaturePrefix+string(refusals[0].Code), signature.Explain(refusals)
	return &Problem{
		Type: Path + code, Title: signatureTitle, Status: http.StatusConflict, Detail: detail, Code: code,
		Errors: []FieldProblem{{Field: field, Message: detail}},
	}
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
