package auth_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/apiserver/auth"
	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/problems"
	"epkr/dev/synthetic"
	"epkr/internal/acceptance"
	"epkr/internal/order"
)

// organisationHead acts for the organisation of a customer, which he heads.
func organisationHead(p *apitest.Platform) *apitest.Browser {
	return p.SignedIn(synthetic.LoginCustomerHead, order.RoleCustomer, "organisation")
}

// beginPass opens the login that reads the organisation and returns where it redirects.
func beginPass(b *apitest.Browser, returnTo string) string {
	b.Platform.T.Helper()
	a := b.Do(http.MethodGet, "/api/auth/login?"+url.Values{"organisation": {"true"}, "returnTo": {returnTo}}.Encode(), nil)
	require.Equal(b.Platform.T, http.StatusSeeOther, a.Status, a.Text())
	return a.Header.Get("Location")
}

// atESIA passes through ЕСИА, where the person has signed in already, and returns the callback.
func atESIA(b *apitest.Browser, address string) *url.URL {
	b.Platform.T.Helper()
	back, err := b.Visitor.Open(b.Platform.T.Context(), address)
	require.NoError(b.Platform.T, err)
	return back
}

func firmOf(p *apitest.Platform, login string) synthetic.Organisation {
	oid := p.Person(login).Organisations[0].OrganisationOID
	for _, o := range apitest.World().Organisations {
		if o.OID == oid {
			return o
		}
	}
	return synthetic.Organisation{}
}

// controlOrganisation changes how the simulator answers about an organisation.
func controlOrganisation(p *apitest.Platform, body string) {
	p.T.Helper()
	response, err := http.Post(p.ESIA+"/control/organisation", "application/json", strings.NewReader(body))
	require.NoError(p.T, err)
	defer response.Body.Close()
	require.Equal(p.T, http.StatusNoContent, response.StatusCode)
}

// stored returns what the platform has of an organisation: ИНН, КПП, address, head, e-mail and phone.
func stored(p *apitest.Platform, ogrn string) string {
	return apitest.Value[string](p, `select concat_ws('|', inn, kpp, address, head_name, email, phone) from parties where ogrn = $1`, ogrn)
}

// readings returns the codes of the readings in the security trail.
func readings(p *apitest.Platform, ogrn string) string {
	return apitest.Value[string](p, `select coalesce(string_agg(e.code, ',' order by e.id), 'none') from security_events e
		join parties p on p.id = e.subject_id where e.kind = $1 and p.ogrn = $2`, httpapi.EventOrganisationRead, ogrn)
}

func TestSecondPassReadsTheOrganisationOnceADay(t *testing.T) {
	acceptance.Covers(t, "R-EMP-8", "R-CUST-2")
	p := apitest.Start(t)
	head := organisationHead(p)
	firm := firmOf(p, synthetic.LoginCustomerHead)
	choose := func() (chosen auth.ChosenRole) {
		t.Helper()
		for _, one := range head.Roles() {
			if one.Kind == "organisation" && one.Role == order.RoleCustomer {
				head.TakeRole(one).OK().Into(&chosen)
			}
		}
		return chosen
	}
	require.True(t, choose().ReadOrganisation)
	require.Equal(t, "||||", stored(p, firm.OGRN)[:4], "the first pass reports the name only")

	before := head.Cookies()
	back := atESIA(head, beginPass(head, "/profile?tab=1"))
	require.Equal(t, "/profile?tab=1", head.FinishSignIn(back))
	require.Equal(t, strings.Join([]string{
		firm.INN, firm.KPP, firm.Address, p.Person(synthetic.LoginCustomerHead).FullName(), "info@" + firm.OGRN + ".example.com", "+7 900 000-00-99",
	}, "|"), stored(p, firm.OGRN))
	me := apitest.WhoAmI(head)
	require.Equal(t, order.RoleCustomer, me.Role, "the role stays")
	require.Equal(t, "organisation", me.PartyKind)
	require.Equal(t, problems.SessionExpired, apitest.Replay(p, before).Problem().Code, "the session is a new one")
	require.Empty(t, readings(p, firm.OGRN), "one reading, without a code")
	require.Equal(t, "/profile?tab=1", head.FinishSignIn(back), "a repeated callback leads to the page")
	require.Equal(t, 1, apitest.Value[int](p, `select count(*) from security_events where kind = $1`, httpapi.EventOrganisationRead))

	require.False(t, choose().ReadOrganisation, "at most once a day")
	p.AdvanceClock(25 * time.Hour)
	head.SignIn(synthetic.LoginCustomerHead)
	require.True(t, choose().ReadOrganisation)
	head.ChooseRole(order.RoleCustomer, "person")
	require.Equal(t, "/a", beginPass(head, "/a"), "a natural person has no organisation to read: he goes on")
}

func TestRefusedSecondPassKeepsThePersonWorking(t *testing.T) {
	acceptance.Covers(t, "R-EMP-8")
	p := apitest.Start(t, apitest.WithProbe())
	head := organisationHead(p)
	firm := firmOf(p, synthetic.LoginCustomerHead)
	works := func() {
		t.Helper()
		head.Do(http.MethodGet, "/api/probe", nil).OK()
		require.Equal(t, "organisation", apitest.WhoAmI(head).PartyKind)
	}

	controlOrganisation(p, `{"oid":"`+firm.OID+`","refused":true}`)
	before := head.Cookies()
	back := atESIA(head, beginPass(head, "/orders"))
	require.NotEmpty(t, back.Query().Get("error"))
	require.Equal(t, "/orders", head.FinishSignIn(back))
	works()
	require.Equal(t, http.StatusOK, apitest.Replay(p, before).Status, "the session is the same")
	require.Equal(t, "/orders", head.FinishSignIn(back), "repeated")
	require.Equal(t, "esia_scope", readings(p, firm.OGRN))
	require.NotNil(t, apitest.Value[*time.Time](p, `select requisites_tried_at from parties where ogrn = $1`, firm.OGRN), "no second attempt today")

	// ЕСИА lets him pass and refuses the data: the renewal counts, the data stay missing.
	controlOrganisation(p, `{"oid":"`+firm.OID+`","unreadable":true}`)
	require.Equal(t, "/orders", head.FinishSignIn(atESIA(head, beginPass(head, "/orders"))))
	works()
	controlOrganisation(p, `{"oid":"`+firm.OID+`","ogrn":"1027700132195"}`)
	require.Equal(t, "/orders", head.FinishSignIn(atESIA(head, beginPass(head, "/orders"))))
	works()
	require.Equal(t, "esia_scope,esia_not_permitted,organisation_differs", readings(p, firm.OGRN))
	require.Equal(t, "|||||", stored(p, firm.OGRN))
}

func TestRefusalByThePersonHimselfLeadsBack(t *testing.T) {
	acceptance.Covers(t, "R-EMP-8")
	p := apitest.Start(t)
	head := organisationHead(p)
	other := p.Browser() // at ЕСИА he has signed out
	back, err := other.Visitor.Refuse(t.Context(), beginPass(head, "/orders"))
	require.NoError(t, err)
	require.Equal(t, "/orders", head.FinishSignIn(back))
	require.Equal(t, "organisation", apitest.WhoAmI(head).PartyKind)
	require.Equal(t, "esia_refused_by_user", readings(p, firmOf(p, synthetic.LoginCustomerHead).OGRN))
}

func TestSecondPassOfAFormerMemberEndsHisRole(t *testing.T) {
	acceptance.Covers(t, "R-EMP-8", "S-37")
	p := apitest.Start(t)
	head := organisationHead(p)
	firm := firmOf(p, synthetic.LoginCustomerHead)
	p.UpdateESIAPerson(`{"login":"customer-org","removeOrganisation":"` + firm.OID + `"}`)
	onward := head.FinishSignIn(atESIA(head, beginPass(head, "/orders")))
	require.Equal(t, "/api/auth/login?renew=true&returnTo=%2Forders", onward, "whom he represents is read again")
	renewal := head.Do(http.MethodGet, onward, nil)
	require.Equal(t, "/orders", head.FinishSignIn(atESIA(head, renewal.Header.Get("Location"))))
	require.NotEqual(t, "organisation", apitest.WhoAmI(head).PartyKind)
	require.Equal(t, "|||||", stored(p, firm.OGRN))
}

// A member whom nobody admitted, a stranger and another browser get nothing from a second pass.
func TestSecondPassIsForPeopleWhoActForTheOrganisation(t *testing.T) {
	acceptance.Covers(t, "R-EMP-8", "S-37")
	p := apitest.Start(t)
	head := organisationHead(p)
	firm := firmOf(p, synthetic.LoginCustomerHead)

	// Another member of the organisation signs in at ЕСИА in the head's browser.
	colleague, err := p.Browser().Visitor.SignIn(t.Context(), beginPass(head, "/"), synthetic.LoginCustomerEmployee)
	require.NoError(t, err)
	require.Equal(t, "/signin?error="+problems.OtherPerson, head.FinishSignIn(colleague))
	require.Equal(t, "organisation", apitest.WhoAmI(head).PartyKind, "the head's session is as before")
	require.Equal(t, "|||||", stored(p, firm.OGRN))

	// Another browser cannot finish it.
	thief, back := p.Browser(), atESIA(head, beginPass(head, "/"))
	require.Contains(t, thief.FinishSignIn(back), problems.LoginExpired)
	require.Equal(t, "|||||", stored(p, firm.OGRN))

	// Without a session, and in roles without an organisation, there is nothing to begin.
	require.Equal(t, "/signin?error="+problems.NotSignedIn, beginPass(p.Browser(), "/"))
	for _, b := range []*apitest.Browser{
		p.Customer(synthetic.LoginCustomerEmployee), p.Engineer(synthetic.LoginEngineerMoscow), p.Moderator(),
		p.SignedIn(synthetic.LoginCustomerEntrepreneur, order.RoleCustomer, "entrepreneur"),
	} {
		require.Equal(t, "/x", beginPass(b, "/x"))
	}

	// Who loses his admission on the way gets nothing stored.
	id := apitest.Value[uuid.UUID](p, `select id from people where snils = $1`, p.Person(synthetic.LoginCustomerEmployee).SNILS)
	admission := "/api/organisation/people/" + id.String() + "/admission"
	head.Do(http.MethodPut, admission, apitest.Object{"customer": true, "employer": false}).OK()
	admitted := p.SignedIn(synthetic.LoginCustomerEmployee, order.RoleCustomer, "organisation")
	returning := atESIA(admitted, beginPass(admitted, "/"))
	head.Do(http.MethodPut, admission, apitest.Object{"customer": false, "employer": false}).OK()
	admitted.FinishSignIn(returning)
	require.Equal(t, "|||||", stored(p, firm.OGRN))
	require.NotEqual(t, "organisation", apitest.WhoAmI(admitted).PartyKind)

	// An admitted member reads it, and names no head.
	head.Do(http.MethodPut, admission, apitest.Object{"customer": true, "employer": false}).OK()
	admitted.ChooseRole(order.RoleCustomer, "organisation")
	admitted.FinishSignIn(atESIA(admitted, beginPass(admitted, "/")))
	require.Equal(t, firm.INN+"|"+firm.KPP+"|"+firm.Address+"||info@"+firm.OGRN+".example.com|+7 900 000-00-99", stored(p, firm.OGRN))
}

func TestSecondPassKeepsItsParametersAtAnotherHostName(t *testing.T) {
	acceptance.Covers(t, "R-EMP-8")
	p := apitest.Start(t)
	head := organisationHead(p)
	request := head.Request(http.MethodGet, "/api/auth/login?organisation=true&returnTo=/a", nil)
	request.Host = "other.example.com"
	require.Contains(t, head.Exchange(request).Header.Get("Location"), "organisation=true")
}
