package parties_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/parties"
	"epkr/dev/synthetic"
	"epkr/internal/acceptance"
)

func profileOf(b *apitest.Browser) (p parties.PartyProfile) {
	b.Platform.T.Helper()
	b.Do(http.MethodGet, "/api/party", nil).OK().Into(&p)
	return p
}

func saveProfile(b *apitest.Browser, version int32, v parties.PartyProfileValues) apitest.Answer {
	return b.Do(http.MethodPut, "/api/party", apitest.Object{
		"version": version, "email": v.Email, "phone": v.Phone, "website": v.Website, "region": v.Region, "about": v.About,
	})
}

func TestProfileOfACustomer(t *testing.T) {
	acceptance.Covers(t, "R-CUST-1")
	p := apitest.Start(t)
	customer := p.Customer(synthetic.LoginCustomer)
	first := profileOf(customer)
	person := p.Person(synthetic.LoginCustomer)
	require.Equal(t, person.FullName(), first.Name)
	require.Equal(t, person.Email, first.Email, "from ЕСИА until something is saved")
	require.Regexp(t, `^\+7\d{10}$`, first.Phone)
	require.Zero(t, first.Version)

	a := saveProfile(customer, 0, parties.PartyProfileValues{Email: "Orders@EXAMPLE.ru", Phone: "8 (900) 111-22-33", Website: "example.ru/", Region: "50", About: " Участок\r\nу леса "})
	var got parties.PartyProfile
	a.OK().Into(&got)
	require.Equal(t, parties.PartyProfileValues{Email: "Orders@example.ru", Phone: "+79001112233", Website: "https://example.ru", Region: "50", About: "Участок\nу леса"}, got.PartyProfileValues)
	require.EqualValues(t, 1, got.Version)
	require.Equal(t, "Московская область", got.RegionName)
	require.Equal(t, got, profileOf(customer))
	require.Equal(t, problems.DataChanged, saveProfile(customer, 0, parties.PartyProfileValues{About: "другое"}).Problem().Code)
	saveProfile(customer, 0, got.PartyProfileValues).OK() // a repetition changes nothing
	require.EqualValues(t, 1, profileOf(customer).Version)
	require.Empty(t, profileOf(p.Customer(synthetic.LoginSecondCustomer)).About)
}

func TestWrongContactsAreRefusedAtTheirFields(t *testing.T) {
	acceptance.Covers(t, "R-CUST-1", "R-EMP-2")
	p := apitest.Start(t)
	employer := p.Employer(synthetic.LoginEmployerHead)
	said := saveProfile(employer, 0, parties.PartyProfileValues{Email: "a@b", Phone: "12", Website: "javascript://example.ru", Region: "00"}).Problem()
	require.Equal(t, []string{"email", "phone", "website", "region"}, apitest.Fields(said))
	saveProfile(employer, 0, parties.PartyProfileValues{About: "Геодезия"}).OK()
	require.Equal(t, "Геодезия", profileOf(employer).About)
}
