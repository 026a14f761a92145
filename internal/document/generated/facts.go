package generated

import (
	"encoding/json"
	"fmt"
	"time"

	"epkr/internal/document/forms"
	"epkr/internal/order"
)

// Read decodes the stored values of a document.
func Read(stored json.RawMessage) (in Input, err error) {
	if err := json.Unmarshal(stored, &in); err != nil {
		return in, fmt.Errorf("reading the values of a document: %w", err)
	}
	return in, nil
}

// Facts returns what the rules of an order read of a document of a kind.
func (in Input) Facts(kind Kind) *order.GeneratedFacts {
	f := &order.GeneratedFacts{Kind: order.DocumentKind(kind)}
	switch {
	case in.Contract != nil:
		f.Contract = Conditions(*in.Contract)
	case in.Act != nil:
		f.Sum = in.Act.Price
	case in.Invoice != nil:
		f.Sum = in.Invoice.Sum
	}
	return f
}

// Conditions returns the conditions of a contract as the message that sends it states them.
func Conditions(c forms.Contract) *order.ContractConditions {
	conditions := &order.ContractConditions{
		Price: c.Price, AdvanceBasisPoints: c.AdvanceBasisPoints, Advance: c.Advance, TermDate: c.Term.In(order.Moscow).Format(time.DateOnly),
		Registration: c.Registration, AcceptanceDays: c.AcceptanceDays,
	}
	if c.SilentAcceptance {
		conditions.SilenceAcceptsAfter = c.AcceptanceDays
	}
	return conditions
}
