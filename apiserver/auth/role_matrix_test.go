package auth_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/apiserver/auth"
	"epkr/apiserver/httpapi/problems"
	"epkr/dev/synthetic"
	"epkr/internal/acceptance"
	"epkr/internal/order"
)

// The matrix of roles, cell by cell: which of the three roles a natural person, an organisation and
// a sole proprietor may take. A role that a person is not offered cannot be taken, and its
// operations refuse him.
func TestMatrixOfRoles(t *testing.T) {
	acceptance.Covers(t, "R-ROLE-1", "R-ROLE-2", "R-ROLE-3", "R-ROLE-5")
	p := apitest.Start(t)
	const person, organisation, entrepreneur, engineer = "person", "organisation", "entrepreneur", "engineer"
	operations := map[order.Role][2]string{
		order.RoleCustomer: {http.MethodPost, "/api/orders"},
		order.RoleEngineer: {http.MethodGet, "/api/open-orders"},
		order.RoleEmployer: {http.MethodPost, "/api/orders/" + uuid.NewString() + "/employer-status"},
	}
	type cell struct {
		role order.Role
		kind string
	}
	// The ИП of an engineer is his form of work: his cabinet is the engineer's own. An employee is a
	// natural person who performs for an organisation, which itself performs nothing.
	for _, one := range []struct {
		what, login string
		offered     []cell
	}{
		{"ФЛ, not an engineer", synthetic.LoginCustomer, []cell{{order.RoleCustomer, person}}},
		{"ФЛ, an engineer employed by a ЮЛ", synthetic.LoginEmployeeFirst, []cell{{order.RoleCustomer, person}, {order.RoleEngineer, engineer}}},
		{"ИП, an engineer", synthetic.LoginEngineerMoscow, []cell{{order.RoleCustomer, person}, {order.RoleEngineer, engineer}}},
		{"ИП, not an engineer", synthetic.LoginCustomerEntrepreneur, []cell{{order.RoleCustomer, person}, {order.RoleCustomer, entrepreneur}}},
		{"ЮЛ that employs no engineers", synthetic.LoginCustomerHead, []cell{{order.RoleCustomer, person}, {order.RoleCustomer, organisation}}},
		{
			"ЮЛ that employs engineers", synthetic.LoginEmployerHead,
			[]cell{{order.RoleCustomer, person}, {order.RoleCustomer, organisation}, {order.RoleEmployer, organisation}},
		},
	} {
		b := p.Browser()
		b.SignIn(one.login)
		var offered []cell
		for _, choice := range b.Roles() {
			offered = append(offered, cell{choice.Role, choice.Kind})
		}
		require.Equal(t, one.offered, offered, one.what)
		for _, choice := range b.Roles() {
			b.TakeRole(choice).OK()
			b.Consent()
			for role, call := range operations {
				a := b.Do(call[0], call[1], nil, "Idempotency-Key", uuid.NewString())
				if role == choice.Role {
					require.NotEqual(t, http.StatusForbidden, a.Status, "%s as %s: %s", one.what, choice.Role, a.Text())
				} else {
					require.Equal(t, problems.WrongRole, a.Problem().Code, "%s as %s: %s", one.what, choice.Role, role)
				}
			}
			for _, role := range []order.Role{order.RoleCustomer, order.RoleEngineer, order.RoleEmployer, order.RoleModerator} {
				wanted := auth.Choice{Role: role, Party: choice.Party}
				if slices.ContainsFunc(b.Roles(), func(c auth.Choice) bool { return c.Role == role && *c.Party == *choice.Party }) {
					continue
				}
				require.Equal(t, problems.RoleUnavailable, b.TakeRole(wanted).Problem().Code, "%s may not become %s for %s", one.what, role, choice.Name)
			}
		}
	}
}
