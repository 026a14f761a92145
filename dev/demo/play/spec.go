package play

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"epkr/internal/order"
)

// Orders is a file of orders to be played.
type Orders struct {
	// Note states that the places are real, where they come from, and that the rest is invented.
	Note   string
	Orders []OrderSpec
}

// OrderSpec is what a customer enters, and who plays the order.
type OrderSpec struct {
	// Path is the Name of the path that plays the order.
	Path string
	// Customer and Engineers are logins of test users; the engineers are in the order in which the
	// path needs them.
	Customer  string
	Engineers []string
	// CustomerKind is the kind of account of the customer: person, entrepreneur or organisation.
	CustomerKind string
	Region       string
	WorkKind     order.WorkKind
	Price        order.Kopecks
	TermDays     int
	Form         order.Form
	// Contract is what the parties agree on: the advance in hundredths of a per cent of the price, the
	// term in days from today.
	Contract struct {
		Price              order.Kopecks
		AdvanceBasisPoints int
		Registration       bool
		TermDays           int
	}
	// Other is another place, to which the customer moves the order.
	Other *struct {
		Region string
		Form   order.Form
	}
}

// ParseOrders reads the JSON of a file of orders. Unknown fields are errors.
func ParseOrders(text []byte) (o Orders, err error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&o); err != nil {
		return Orders{}, fmt.Errorf("reading the orders: %w", err)
	}
	return o, nil
}

func (o Orders) of(path string) (OrderSpec, error) {
	i := slices.IndexFunc(o.Orders, func(s OrderSpec) bool { return s.Path == path })
	if i < 0 {
		return OrderSpec{}, fmt.Errorf("нет заказа для пути %q", path)
	}
	return o.Orders[i], nil
}

// terms returns the order's terms for a message.
func (s OrderSpec) terms(files ...order.FileRef) order.Terms {
	return order.Terms{
		Region: s.Region, WorkKind: s.WorkKind, Price: &s.Price, TermDays: s.TermDays,
		Prepayment: s.Contract.AdvanceBasisPoints > 0, Registration: s.Contract.Registration, Files: files,
	}
}

// bid returns the engineer's bid for the order.
func (s OrderSpec) bid() order.Bid {
	return order.Bid{Price: s.Contract.Price, TermDays: s.Contract.TermDays}
}
