package orders

import (
	"encoding/json"
	"fmt"

	"epkr/internal/signature"
)

// signatureOf returns what a recorded check of a signature found; nil without a check.
func signatureOf(recorded []byte) (*CheckedSignature, error) {
	if recorded == nil {
		return nil, nil
	}
	var r signature.Result
	if err := json.Unmarshal(recorded, &r); err != nil {
		return nil, fmt.Errorf("reading the check of a signature: %w", err)
	}
	checked := &CheckedSignature{ByPower: r.PowerOfAttorney != nil, At: r.AcceptedAt}
	if s := r.Signer; s != nil {
		checked.Signer, checked.Position, checked.Organisation = s.Name, s.Position, s.Organisation
	}
	if c := r.Certificate; c != nil {
		checked.Issuer, checked.ValidUntil = c.Issuer, c.NotAfter
	}
	if m := r.Moment; m != nil {
		checked.At, checked.Stamped = m.At, m.Source == signature.ByTimeStamp
	}
	for _, w := range r.Warnings {
		checked.Warnings = append(checked.Warnings, w.Text)
	}
	return checked, nil
}
