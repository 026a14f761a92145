package api

import (
	"net/http"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/stretchr/testify/require"

	"epkr/dev/synthetic"
	"epkr/internal/order"
)

func TestEveryOperationStatesWhoMayCallItAndHoldsStrangersOff(t *testing.T) {
	p := startPlatform(t)
	require.NotEmpty(t, p.server.Operations())
	documented := 0
	for _, item := range p.server.OpenAPI().Paths {
		for _, op := range []*huma.Operation{item.Get, item.Put, item.Post, item.Delete, item.Patch} {
			if op != nil {
				documented++
			}
		}
	}
	require.Equal(t, documented, len(p.server.Operations()), "an operation was registered past register")
	stranger := p.browser()
	for _, op := range p.server.Operations() {
		if op.Access.IsPublic() {
			continue
		}
		a := stranger.do(op.Method, op.Path, nil)
		require.Equal(t, codeNotSignedIn, a.problem().Code, op.ID)
	}
}

func TestRolesOfAnOperation(t *testing.T) {
	p := startPlatform(t, withProbe(order.RoleEngineer, order.RoleModerator))
	p.engineer(synthetic.LoginEngineerMoscow).do(http.MethodGet, "/api/probe", nil).ok()
	p.moderator().do(http.MethodGet, "/api/probe", nil).ok()
	for _, b := range []*browser{p.customer(synthetic.LoginCustomer), p.employer(synthetic.LoginEmployerHead)} {
		require.Equal(t, codeWrongRole, b.do(http.MethodGet, "/api/probe", nil).problem().Code)
	}
}
