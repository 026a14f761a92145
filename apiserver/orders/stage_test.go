package orders_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/apiserver/httpapi"
	"epkr/apiserver/orders"
	"epkr/internal/acceptance"
	"epkr/internal/order"
)

func TestSignatureIsTheStepOfTheHead(t *testing.T) {
	acceptance.Covers(t, "S-37")
	by := httpapi.Session{Role: order.RoleCustomer, PartyKind: string(order.OrganisationKind)}
	forHead := func(by httpapi.Session, step order.WaitCode, registration bool) bool {
		w := &orders.Waits{For: step, From: order.RoleCustomer}
		w.MarkForHead(by, registration)
		return w.ForHead
	}
	require.True(t, forHead(by, order.WaitContractSignature, false))
	require.True(t, forHead(by, order.WaitActSignature, true))
	require.True(t, forHead(by, order.WaitAcceptance, false))
	require.False(t, forHead(by, order.WaitAcceptance, true), "the act is signed later")
	require.False(t, forHead(by, order.WaitPrepayment, false))
	by.Head = true
	require.False(t, forHead(by, order.WaitContractSignature, false))
	by.Head, by.PartyKind = false, string(order.NaturalPerson)
	require.False(t, forHead(by, order.WaitContractSignature, false))
}
