package inwork

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"epkr/internal/order"
)

// ordered is the customer of all these orders and the text of the order.
type ordered struct {
	customer order.Actor
	form     order.BodyRef
}

// template returns an order in «Выполнение работ» as the rules make it, with the given engineer,
// who has no restrictions.
func template(by ordered, engineer uuid.UUID, now time.Time) (order.State, error) {
	performer := order.Actor{Role: order.RoleEngineer, Party: engineer.String()}
	price := order.Kopecks(5_000_000)
	contract, signature := file("contract"), file("signature")
	steps := []order.Message{
		{Kind: order.Create, Actor: by.customer},
		message(order.Publish, by.customer, order.Terms{Region: region, WorkKind: "parcel-formation", TermDays: 60, Price: &price}),
		message(order.Respond, performer, order.Bid{Price: price, TermDays: 60}),
		message(order.Choose, by.customer, order.EngineerChoice{Engineer: performer.Party}),
		message(order.SendContract, performer, order.ContractTerms{
			File: contract, Signature: signature, Price: price, TermDate: now.AddDate(0, 0, 60).Format(time.DateOnly),
		}),
		message(order.SignContract, by.customer, order.ContractSignature{Contract: contract.SHA256, Signature: signature}),
	}
	steps[1].Body = &by.form
	state := order.State{ID: uuid.NewString()}
	for _, m := range steps {
		m.ID, m.ReceivedAt = uuid.NewString(), now
		decision, err := order.Decide(state, m, factsOf(m, engineer, now))
		if err != nil {
			return state, fmt.Errorf("playing an order through: %w", err)
		}
		if decision.Verdict != order.Applied {
			return state, fmt.Errorf("playing an order through: %s was refused: %s", m.Kind, decision.Reason)
		}
		state = decision.After
	}
	return state, nil
}

const region = "77"

// factsOf returns facts in which every referenced file is stored and the engineer has no
// restrictions.
func factsOf(m order.Message, engineer uuid.UUID, now time.Time) order.Facts {
	f := order.Facts{Now: now, Number: "template", BodyFound: true, Files: map[string]order.FileFacts{}}
	f.Engineer = &order.EngineerFacts{
		ID: engineer.String(), InRegistry: true, Receives: true, Complete: true, SoleProprietor: true, Regions: []string{region},
	}
	for _, named := range order.NamedFiles(m) {
		f.Files[named.ID] = order.FileFacts{SHA256: named.SHA256, ContentType: "application/pdf"}
	}
	return f
}

func message(kind order.Kind, by order.Actor, details any) order.Message {
	encoded, err := json.Marshal(details)
	if err != nil { // cannot fail: the details of a message always marshal
		panic(err)
	}
	return order.Message{Kind: kind, Actor: by, Details: encoded}
}

// file returns a reference to a file that does not exist.
func file(name string) order.FileRef {
	return order.FileRef{ID: uuid.NewSHA1(uuid.NameSpaceOID, []byte(name)).String(), SHA256: strings.Repeat("0", 64)}
}
