package auth_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/apiserver/auth"
	"epkr/apiserver/httpapi/wire"
	"epkr/apiserver/parties"
	"epkr/apiserver/profiles"
	"epkr/dev/synthetic"
	"epkr/internal/acceptance"
	"epkr/internal/order"
	"epkr/internal/testenv"
)

func profileOf(b *apitest.Browser) (p profiles.OwnProfile) {
	b.Platform.T.Helper()
	b.Do(http.MethodGet, "/api/engineer/profile", nil).OK().Into(&p)
	return p
}

func missingIn(b *apitest.Browser) []wire.MissingCode {
	codes := []wire.MissingCode{}
	for _, m := range profileOf(b).Missing {
		codes = append(codes, m.Code)
	}
	return codes
}

// ЕСИА confirms an engineer's ИП, or it does not: then those who choose him see that. A sign-in judges
// it anew.
func TestSignInJudgesTheEngineersBusiness(t *testing.T) {
	acceptance.Covers(t, "R-KPROF-7", "R-KPROF-10", "R-KPROF-12", "R-CUST-8")
	p := apitest.Start(t)
	login, id := synthetic.LoginCustomerEntrepreneur, p.EngineerID(synthetic.LoginEngineerMoscow)
	number := firmOf(p, login).OGRN
	p.Exec(`update engineers set snils = $2 where id = $1`, id, p.Person(login).SNILS)
	engineer, customer, moderator := p.SignedIn(login, order.RoleEngineer, "engineer"), p.Customer(synthetic.LoginCustomer), p.Moderator()
	unconfirmed := func() bool {
		t.Helper()
		var listed struct {
			UnconfirmedBusiness bool
			Business            string
		}
		customer.Do(http.MethodGet, "/api/engineers/"+id, nil).OK().Into(&listed)
		require.NotEmpty(t, listed.Business)
		var card struct {
			OGRNIP              string `json:"ogrnip"`
			UnconfirmedBusiness bool
		}
		moderator.Do(http.MethodGet, "/api/moderation/engineers/"+id, nil).OK().Into(&card)
		require.Equal(t, listed.UnconfirmedBusiness, card.UnconfirmedBusiness)
		require.Equal(t, profileOf(engineer).OGRNIP, card.OGRNIP)
		return listed.UnconfirmedBusiness
	}
	notices := func() []string {
		t.Helper()
		var page struct{ Items []struct{ Kind, Text string } }
		engineer.Do(http.MethodGet, "/api/notifications", nil).OK().Into(&page)
		texts := []string{}
		for _, n := range page.Items {
			if n.Text == auth.NoticeText(n.Kind) {
				texts = append(texts, n.Text)
			}
		}
		return texts
	}

	require.Equal(t, number, profileOf(engineer).BusinessOGRNIP)
	require.Equal(t, []wire.MissingCode{"ogrnip-differs"}, missingIn(engineer), "he typed another number before ЕСИА named this one")
	require.False(t, apitest.Value[bool](p, `select profile_complete from engineers where id = $1`, id))
	saved := profileOf(engineer)
	documents := []profiles.NamedFile{{File: saved.Documents[0].ID}}
	engineer.Do(http.MethodPut, "/api/engineer/profile/form", profiles.WorkForm{
		Version: saved.FormVersion, Form: "entrepreneur", OGRNIP: number, DocumentName: saved.DocumentName, DocumentNumber: saved.DocumentNumber,
		DocumentDate: saved.DocumentDate, Documents: documents,
	}).OK()
	require.Empty(t, missingIn(engineer))
	require.False(t, unconfirmed())
	engineer.SignIn(login)
	engineer.ChooseRole(order.RoleEngineer, "engineer")
	require.Empty(t, notices())

	p.UpdateESIAPerson(`{"login":"` + login + `","removeOrganisation":"` + p.Person(login).Organisations[0].OrganisationOID + `"}`)
	engineer.SignIn(login)
	engineer.ChooseRole(order.RoleEngineer, "engineer")
	require.Empty(t, missingIn(engineer), "a sole proprietor whom ЕСИА does not know may work")
	require.True(t, unconfirmed())
	require.Len(t, notices(), 1)
	require.Contains(t, notices()[0], "не подтверждён Госуслугами")
	engineer.SignIn(login)
	engineer.ChooseRole(order.RoleEngineer, "engineer")
	require.Len(t, notices(), 1, "he is told once")

	p.UpdateESIAPerson(`{"login":"` + login + `","reset":true}`)
	engineer.SignIn(login)
	engineer.ChooseRole(order.RoleEngineer, "engineer")
	require.False(t, unconfirmed())
}

// What ЕСИА reports of an employer completes his engineers' profiles at once, and the page of the
// employer and theirs agree on what is missing.
func TestReadingOfAnOrganisationCompletesItsEmployees(t *testing.T) {
	acceptance.Covers(t, "R-KPROF-12", "R-EMP-8", "R-KPROF-5")
	p := apitest.Start(t)
	head, employee := p.Employer(synthetic.LoginEmployerHead), p.Engineer(synthetic.LoginEmployeeFirst)
	firm, id := firmOf(p, synthetic.LoginEmployerHead), p.EngineerID(synthetic.LoginEmployeeFirst)
	lacking := func() []wire.Missing {
		var r parties.Requisites
		head.Do(http.MethodGet, "/api/requisites", nil).OK().Into(&r)
		return r.Missing
	}
	complete := func() bool { return apitest.Value[bool](p, `select profile_complete from engineers where id = $1`, id) }
	p.Exec(`update requisites set address = '' where party_id = (select employer_id from engineers where id = $1)`, id)
	p.Exec(`update engineers set profile_complete = false where employer_id = (select employer_id from engineers where id = $1)`, id)
	require.Equal(t, []wire.Missing{"address"}, lacking())
	require.Equal(t, []wire.MissingCode{"employer-requisites"}, missingIn(employee))

	head.FinishSignIn(atESIA(head, beginPass(head, "/requisites")))
	require.Contains(t, stored(p, firm.OGRN), firm.Address)
	require.Empty(t, lacking())
	require.Empty(t, missingIn(employee))
	require.True(t, complete())
}

// A sign-in waits for a decision that has locked the engineer's employer, as decisions wait for it.
func TestSignInLocksAsDecisionsDo(t *testing.T) {
	acceptance.Covers(t, "R-KPROF-12")
	p := apitest.Start(t)
	employee, id := p.Engineer(synthetic.LoginEmployeeFirst), p.EngineerID(synthetic.LoginEmployeeFirst)
	release := testenv.HoldTransaction(t, p.DatabaseURL, `select 1 from parties where id = (select employer_id from engineers where id = $1) for no key update`, id)
	done := make(chan struct{})
	go func() {
		defer close(done)
		employee.SignIn(synthetic.LoginEmployeeFirst)
	}()
	testenv.Eventually(t, "the sign-in waits for the employer", func() bool { return testenv.Blocked(t, p.DatabaseURL) })
	p.Exec(`update engineers set phone = phone where id = $1`, id) // no engineer is locked before his employer
	release()
	<-done
}
