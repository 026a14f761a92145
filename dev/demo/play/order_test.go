package play

import (
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/internal/order"
)

func TestCardIsComparedInEveryAction(t *testing.T) {
	sign := order.Action{Kind: order.SignContract, Title: "Подписать и отправить", Open: true}
	cancel := order.Action{Kind: order.Cancel, Title: "Отменить заказ", Code: order.CodeContractSigned, Reason: order.ReasonOf(order.CodeContractSigned)}
	expected := []order.Action{sign, cancel}
	require.NoError(t, compareActions([]order.Action{cancel, sign}, expected))

	open, otherReason := cancel, cancel
	open.Open = true
	otherReason.Code = order.CodeClosed
	for name, shown := range map[string][]order.Action{
		"нет действия":   {sign},
		"лишнее":         {sign, cancel, {Kind: order.Rate}},
		"открыто зря":    {sign, open},
		"другая причина": {sign, otherReason},
	} {
		require.ErrorIs(t, compareActions(shown, expected), errDiffers, name)
	}
}
