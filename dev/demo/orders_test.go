package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/dev/demo/play"
	"epkr/internal/order"
	"epkr/internal/requisites"
	"epkr/internal/territory"
)

func TestOrdersNameRealPlacesAndWellFormedNumbers(t *testing.T) {
	orders, err := play.ParseOrders(ordersFile)
	require.NoError(t, err)
	require.Contains(t, orders.Note, "CC BY-SA 4.0")
	for _, o := range orders.Orders {
		require.NotEmpty(t, o.WorkKind.Label(), o.Path)
		inRegion(t, o.Region, o.Form)
		if o.Other != nil {
			require.NotEqual(t, o.Region, o.Other.Region)
			inRegion(t, o.Other.Region, o.Other.Form)
		}
	}
	for _, path := range play.Paths() {
		require.True(t, slices.ContainsFunc(orders.Orders, func(o play.OrderSpec) bool { return o.Path == path.Name }), path.Name)
	}
}

func inRegion(t *testing.T, region string, form order.Form) {
	t.Helper()
	require.True(t, slices.ContainsFunc(territory.Cities(region), func(c territory.City) bool { return c.Name == form.City }), form.City)
	require.NotEmpty(t, form.CadastralNumbers)
	for _, number := range form.CadastralNumbers {
		normal := requisites.CadastralNumber
		if strings.Count(number, ":") == 2 {
			normal = requisites.CadastralBlock
		}
		same, err := normal(number)
		require.NoError(t, err)
		require.Equal(t, number, same)
		district, _, _ := strings.Cut(number, ":")
		subject, known := territory.SubjectOfDistrict(district)
		require.True(t, known)
		require.Equal(t, region, subject)
	}
}

func TestOnlyKnownPathsCanBeNamed(t *testing.T) {
	some, err := wanted([]string{"race", "plain"})
	require.NoError(t, err)
	require.Len(t, some, 2)
	require.Equal(t, []string{"plain", "race"}, []string{some[0].Name, some[1].Name})
	_, err = wanted([]string{"nowhere"})
	require.ErrorContains(t, err, "registration, plain, rework, race, amend, registry")
}
