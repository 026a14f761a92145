package synthetic

import (
	"bytes"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/order"
	"epkr/internal/registry"
	"epkr/internal/requisites"
	"epkr/internal/territory"
)

// world is generated once for all tests; TestSameSeedSameWorld tests the generation.
var world = New(1)

func TestSameSeedSameWorld(t *testing.T) {
	again := New(1)
	require.Equal(t, world.Engineers[:2000], again.Engineers[:2000])
	require.Equal(t, world.Engineers[EngineerCount-1], again.Engineers[EngineerCount-1])
	require.Equal(t, world.Organisations, again.Organisations)
	require.Equal(t, world.People, again.People)
	other := New(2)
	require.NotEqual(t, world.Engineers[500].Person, other.Engineers[500].Person)
	require.Equal(t, world.TestUsers, other.TestUsers, "the test users do not depend on the seed")
	for _, c := range world.TestUsers {
		mine, _ := world.PersonByLogin(c.SNILS)
		theirs, _ := other.PersonByLogin(c.SNILS)
		require.Equal(t, mine, theirs)
	}
}

func TestEveryNumberIsValidAndUnique(t *testing.T) {
	require.Len(t, world.Engineers, EngineerCount)
	snils, oids, inns, numbers, ogrnips := map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}
	once := func(set map[string]bool, value string) {
		require.False(t, set[value], "%s is not unique", value)
		set[value] = true
	}
	person := func(p Person) {
		normal, err := requisites.SNILS(p.SNILS)
		require.NoError(t, err)
		require.Equal(t, normal, p.SNILS)
		once(snils, p.SNILS)
		_, err = requisites.INNPerson(p.INN)
		require.NoError(t, err)
		once(inns, p.INN)
		once(oids, p.OID)
	}
	for _, e := range world.Engineers {
		person(e.Person)
		once(numbers, e.Row.RegistryNumber)
		if e.Form == Entrepreneur {
			_, err := requisites.OGRNIP(e.OGRNIP)
			require.NoError(t, err)
			require.Empty(t, e.EmployerOGRN)
			once(ogrnips, e.OGRNIP)
		}
	}
	for _, p := range world.People {
		if _, isEngineer := world.EngineerBySNILS(p.SNILS); !isEngineer {
			person(p)
		}
	}
	for _, o := range world.Organisations {
		once(oids, o.OID)
		if o.Type == TypeBusiness {
			_, err := requisites.OGRNIP(o.OGRN)
			require.NoError(t, err)
			once(ogrnips, o.OGRN)
			continue
		}
		require.Equal(t, TypeLegal, o.Type)
		_, err := requisites.OGRN(o.OGRN)
		require.NoError(t, err)
		_, err = requisites.INNOrganisation(o.INN)
		require.NoError(t, err)
		once(inns, o.INN)
		_, err = requisites.KPP(o.KPP)
		require.NoError(t, err)
	}
}

func TestContactsAreFictitious(t *testing.T) {
	phone := regexp.MustCompile(`^\+7 900 000-\d\d-\d\d$`)
	check := func(p Person) {
		require.True(t, strings.HasSuffix(p.Email, "@example.com"), p.Email)
		require.Regexp(t, phone, p.Phone)
	}
	for _, e := range world.Engineers {
		check(e.Person)
	}
	for _, p := range world.People {
		check(p)
	}
}

func TestEngineersAreInAll89Regions(t *testing.T) {
	lives, works := map[string]int{}, map[string]int{}
	for _, e := range world.Engineers {
		require.GreaterOrEqual(t, len(e.Regions), 1)
		require.LessOrEqual(t, len(e.Regions), 5)
		lives[e.Regions[0]]++
		seen := map[string]bool{}
		for _, code := range e.Regions {
			require.False(t, seen[code], "a region is repeated")
			seen[code] = true
			works[code]++
		}
	}
	for _, r := range territory.Subjects() {
		require.Positive(t, lives[r.Code], r.Name)
	}
	require.Len(t, works, 89)
}

// near requires that a share of the engineers, in percent, is within a tolerance.
func near(t *testing.T, what string, want, tolerance float64, has func(Engineer) bool) {
	t.Helper()
	n := 0
	for _, e := range world.Engineers {
		if has(e) {
			n++
		}
	}
	require.InDelta(t, want, 100*float64(n)/EngineerCount, tolerance, what)
}

func TestSharesOfEngineers(t *testing.T) {
	near(t, "entrepreneurs", 60, 3, func(e Engineer) bool { return e.Form == Entrepreneur })
	near(t, "receive orders", 90, 1, func(e Engineer) bool { return e.ReceivesOrders })
	near(t, "profile complete", 85, 1, func(e Engineer) bool { return e.ProfileComplete })
	near(t, "not active", 3, 0.5, func(e Engineer) bool { return !e.Row.Active() })
	near(t, "blocked", 0.5, 0.2, func(e Engineer) bool { return e.Blocked })
}

func TestEmployersHaveOneToThirtyEngineers(t *testing.T) {
	staff := map[string]int{}
	for _, e := range world.Engineers {
		if e.Form == Employee {
			require.Empty(t, e.OGRNIP)
			staff[e.EmployerOGRN]++
		}
	}
	employers, single := 0, 0
	for _, o := range world.Organisations {
		if !o.IsEmployer {
			require.Zero(t, staff[o.OGRN])
			continue
		}
		employers++
		require.GreaterOrEqual(t, staff[o.OGRN], 1, o.ShortName)
		require.LessOrEqual(t, staff[o.OGRN], 30, o.ShortName)
		if staff[o.OGRN] == 1 {
			single++
		}
		delete(staff, o.OGRN)
	}
	require.Equal(t, EmployerCount, employers)
	require.Greater(t, single, 100)
	require.Empty(t, staff, "an employer is not an organisation")
}

func TestNamesAgreeWithGender(t *testing.T) {
	for _, e := range world.Engineers {
		p := e.Person
		if p.MiddleName != "" {
			require.Equal(t, p.Gender == Female, strings.HasSuffix(p.MiddleName, "на"), p.FullName())
		}
		for _, ending := range []string{"ова", "ева", "ёва", "ина", "ая"} {
			if strings.HasSuffix(p.LastName, ending) {
				require.Equal(t, Female, p.Gender, p.FullName())
			}
		}
		for _, ending := range []string{"ов", "ев", "ёв", "ин", "ий", "ый"} {
			if strings.HasSuffix(p.LastName, ending) {
				require.Equal(t, Male, p.Gender, p.FullName())
			}
		}
		require.Equal(t, p.LastName, e.Row.LastName)
		require.Equal(t, p.FirstName, e.Row.FirstName)
		require.Equal(t, p.MiddleName, e.Row.MiddleName)
		require.Equal(t, p.SNILS, e.Row.SNILS)
	}
}

func TestFeminine(t *testing.T) {
	for man, woman := range map[string]string{
		"Иванов": "Иванова", "Соловьёв": "Соловьёва", "Ильин": "Ильина", "Белый": "Белая",
		"Вишневский": "Вишневская", "Сухих": "Сухих", "Шевченко": "Шевченко", "Ивашкевич": "Ивашкевич",
	} {
		require.Equal(t, woman, feminine(man))
	}
}

func TestPassportsAreIssuedToAdultsInThePast(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, p := range world.People {
		require.True(t, p.Passport.IssueDate.After(p.BirthDate.AddDate(14, 0, 0)), p.FullName())
		require.True(t, p.Passport.IssueDate.Before(now), p.FullName())
		require.Regexp(t, `^\d{4}$`, p.Passport.Series)
		require.Regexp(t, `^\d{6}$`, p.Passport.Number)
	}
}

func TestPeopleWhoCanSignIn(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range world.People {
		require.False(t, seen[p.SNILS], "a person is repeated")
		seen[p.SNILS] = true
		for _, m := range p.Organisations {
			organisation(t, m.OrganisationOID)
		}
		byLogin, ok := world.PersonByLogin(p.SNILS)
		require.True(t, ok)
		require.Equal(t, p, byLogin)
	}
	for _, e := range world.Engineers[:signInCount] {
		require.True(t, seen[e.Person.SNILS])
	}
	later := world.Engineers[signInCount].Person
	_, ok := world.PersonByLogin(later.SNILS)
	require.False(t, ok, "only the first engineers sign in")
	found, ok := world.EngineerBySNILS(later.SNILS)
	require.True(t, ok, "every engineer is found by his СНИЛС")
	require.Equal(t, later, found.Person)
	_, ok = world.EngineerBySNILS("112-233-445 95")
	require.False(t, ok)
}

// organisation finds an organisation of the world by its ЕСИА identifier.
func organisation(t *testing.T, oid string) Organisation {
	t.Helper()
	i := slices.IndexFunc(world.Organisations, func(o Organisation) bool { return o.OID == oid })
	require.GreaterOrEqual(t, i, 0, oid)
	return world.Organisations[i]
}

func TestTestUsersMatchTheirDescriptions(t *testing.T) {
	person := func(login string) Person {
		p, ok := world.PersonByLogin(login)
		require.True(t, ok, login)
		return p
	}
	engineer := func(login string) Engineer {
		e, ok := world.EngineerBySNILS(person(login).SNILS)
		require.True(t, ok, login)
		return e
	}
	works := func(e Engineer) bool { return e.Row.Active() && !e.Blocked }
	activeAt := func(ogrn string) (n int) {
		for _, e := range world.Engineers {
			if e.EmployerOGRN == ogrn && works(e) {
				n++
			}
		}
		return n
	}

	require.Equal(t, "Иванова Мария Петровна", person(LoginCustomer).FullName())
	require.Empty(t, person(LoginCustomer).Organisations)
	require.Empty(t, person(LoginSecondCustomer).Organisations)

	ip := organisation(t, person(LoginCustomerEntrepreneur).Organisations[0].OrganisationOID)
	require.Equal(t, TypeBusiness, ip.Type)
	require.Equal(t, person(LoginCustomerEntrepreneur).INN, ip.INN)

	head := person(LoginCustomerHead).Organisations[0]
	firm := organisation(t, head.OrganisationOID)
	require.True(t, head.Chief)
	require.Equal(t, TypeLegal, firm.Type)
	require.False(t, firm.IsEmployer)

	for login, regions := range map[string][]string{LoginEngineerMoscow: {"77", "50"}, LoginEngineerTatarstan: {"16"}} {
		e := engineer(login)
		require.Equal(t, Entrepreneur, e.Form)
		require.Equal(t, regions, e.Regions)
		require.True(t, works(e) && e.ReceivesOrders && e.ProfileComplete, login)
	}

	first, second := engineer(LoginEmployeeFirst), engineer(LoginEmployeeSecond)
	require.Equal(t, Employee, first.Form)
	require.Equal(t, first.EmployerOGRN, second.EmployerOGRN)
	require.Equal(t, 2, activeAt(first.EmployerOGRN))

	only := engineer(LoginEmployeeOnly)
	require.True(t, works(only))
	require.Equal(t, 1, activeAt(only.EmployerOGRN))

	require.False(t, engineer(LoginEngineerOff).ReceivesOrders)
	require.False(t, engineer(LoginEngineerIncomplete).ProfileComplete)
	require.True(t, engineer(LoginEngineerBlocked).Blocked)
	require.Equal(t, registry.StatusExcluded, engineer(LoginEngineerExcluded).Row.Status)

	for login, employee := range map[string]Engineer{LoginEmployerHead: first, LoginOnlyEmployerHead: only} {
		chief := person(login).Organisations[0]
		employer := organisation(t, chief.OrganisationOID)
		require.True(t, chief.Chief)
		require.True(t, employer.IsEmployer)
		require.Equal(t, employee.EmployerOGRN, employer.OGRN)
	}

	newcomer := engineer(LoginEngineerNew)
	require.True(t, newcomer.Newcomer && works(newcomer))

	require.Len(t, world.TestUsers, 20)
	for _, c := range world.TestUsers {
		p := person(c.Login)
		require.Equal(t, c.SNILS, p.SNILS)
		require.Equal(t, c.Name, p.FullName())
		require.NotEmpty(t, c.What)
		require.Equal(t, c.Login != LoginUnconfirmed, p.Trusted)
		_, isEngineer := world.EngineerBySNILS(c.SNILS)
		require.Equal(t, c.Role == order.RoleEngineer, isEngineer, c.Login)
	}
}

func TestWorldIsAValidSnapshot(t *testing.T) {
	var b bytes.Buffer
	asOf := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	_, err := registry.Write(&b, "engineers.jsonl.gz", registry.JSONL, asOf, world.Rows())
	require.NoError(t, err)
	reader, err := registry.NewReader(&b, registry.JSONL, registry.DefaultLimits())
	require.NoError(t, err)
	n, sros := 0, map[string]bool{}
	for row, err := range reader.Rows() {
		require.NoError(t, err)
		if n == 0 {
			require.Equal(t, world.Engineers[0].Row, row)
		}
		sros[row.SRONumber] = true
		n++
	}
	require.Equal(t, EngineerCount, n)
	require.Len(t, sros, sroCount)
	_, err = b.ReadByte()
	require.ErrorIs(t, err, io.EOF)
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		New(1)
	}
}
