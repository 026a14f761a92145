package httpapi_test

import (
	"net/http"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/apiserver/httpapi/problems"
	"epkr/dev/synthetic"
	"epkr/internal/order"
)

func TestEveryOperationEnforcesItsAccess(t *testing.T) {
	p := apitest.Start(t)
	require.NotEmpty(t, p.Server.Operations())
	documented := 0
	for _, item := range p.Server.OpenAPI().Paths {
		for _, op := range []*huma.Operation{item.Get, item.Put, item.Post, item.Delete, item.Patch} {
			if op != nil {
				documented++
			}
		}
	}
	require.Equal(t, documented, len(p.Server.Operations()), "an operation was registered past register")
	stranger := p.Browser()
	for _, op := range p.Server.Operations() {
		if op.Access.IsPublic() {
			continue
		}
		a := stranger.Do(op.Method, op.Path, nil)
		require.Equal(t, problems.NotSignedIn, a.Problem().Code, op.ID)
	}
}

func TestRolesOfAnOperation(t *testing.T) {
	p := apitest.Start(t, apitest.WithProbe(order.RoleEngineer, order.RoleModerator))
	p.Engineer(synthetic.LoginEngineerMoscow).Do(http.MethodGet, "/api/probe", nil).OK()
	p.Moderator().Do(http.MethodGet, "/api/probe", nil).OK()
	for _, b := range []*apitest.Browser{p.Customer(synthetic.LoginCustomer), p.Employer(synthetic.LoginEmployerHead)} {
		require.Equal(t, problems.WrongRole, b.Do(http.MethodGet, "/api/probe", nil).Problem().Code)
	}
}
