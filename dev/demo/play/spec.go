package play

import (
	"bytes"
	"encoding/json"
	"fmt"

	"epkr/internal/order"
)

// Orders is a file of orders to be played.
type Orders struct {
	// Note states that the places are real, where they come from, and that the rest is invented.
	Note   string      `json:"note"`
	Orders []OrderSpec `json:"orders"`
}

// OrderSpec is what a customer enters, and who plays the order.
type OrderSpec struct {
	// Path is the Name of the path that plays the order.
	Path string `json:"path"`
	// Customer and Engineers are logins of test users; the engineers are in the order in which the
	// path needs them.
	Customer string `json:"customer"`
	// CustomerKind is the kind of account of the customer: person, entrepreneur or organisation.
	CustomerKind string          `json:"customerKind"`
	Engineers    []string        `json:"engineers"`
	Region       string          `json:"region"`
	WorkKind     order.WorkKind  `json:"workKind"`
	Price        order.Kopecks   `json:"price"`
	TermDays     int             `json:"termDays"`
	Form         order.Form      `json:"form"`
	Contract     ContractSpec    `json:"contract"`
	Other        *SubstituteSpec `json:"other,omitempty"`
}

// ContractSpec is what the parties agree on.
type ContractSpec struct {
	Price order.Kopecks `json:"price"`
	// AdvanceBasisPoints is the advance in hundredths of a per cent of the price.
	AdvanceBasisPoints int  `json:"advanceBasisPoints"`
	Registration       bool `json:"registration"`
	// TermDays is the contract's term in days from today.
	TermDays int `json:"termDays"`
}

// SubstituteSpec is another place, to which the customer moves the order.
type SubstituteSpec struct {
	Region string     `json:"region"`
	Form   order.Form `json:"form"`
}

// ParseOrders reads the JSON of a file of orders. Unknown fields are errors.
func ParseOrders(text []byte) (Orders, error) {
	var o Orders
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&o); err != nil {
		return Orders{}, fmt.Errorf("reading the orders: %w", err)
	}
	return o, nil
}

func (o Orders) of(path string) (OrderSpec, error) {
	for _, spec := range o.Orders {
		if spec.Path == path {
			return spec, nil
		}
	}
	return OrderSpec{}, fmt.Errorf("нет заказа для пути %q", path)
}

// terms returns the order's terms for a message.
func (s OrderSpec) terms(files ...order.FileRef) order.Terms {
	price := s.Price
	return order.Terms{
		Region: s.Region, WorkKind: s.WorkKind, Price: &price, TermDays: s.TermDays,
		Prepayment: s.Contract.AdvanceBasisPoints > 0, Registration: s.Contract.Registration, Files: files,
	}
}

// bid returns the engineer's bid for the order.
func (s OrderSpec) bid() order.Bid {
	return order.Bid{Price: s.Contract.Price, TermDays: s.Contract.TermDays}
}
