package cryptopro

import (
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"

	"epkr/dev/synthetic"
	"epkr/internal/testenv/pki"
)

// world has the test users of every local platform.
var world = sync.OnceValue(func() *synthetic.World { return synthetic.New(synthetic.LocalSeed) })

// Power returns a power of attorney (МЧД) by which a test user, for his organisation, lets another one
// sign until the day, which has the form yyyy-mm-dd. It has no signature yet.
func Power(principal, representative, until string) ([]byte, error) {
	day, err := time.Parse(time.DateOnly, until)
	if err != nil {
		return nil, fmt.Errorf("the last day of a power of attorney: %w", err)
	}
	var subjects [2]pki.Subject
	for i, one := range []struct{ login, kind string }{{principal, "organisation"}, {representative, "person"}} {
		user, found := world().PersonByLogin(one.login)
		if !found {
			return nil, fmt.Errorf("there is no test user %q", one.login)
		}
		subjects[i] = SubjectFor(world(), user, one.kind)
	}
	return pki.PowerOfAttorney{
		Number: uuid.NewString(), IssuedOn: day.AddDate(-1, 0, 0).Format(time.DateOnly), ExpiresOn: until,
		Principal: subjects[0], Representatives: subjects[1:], Text: "Подписывать договоры и акты",
	}.XML(), nil
}

// Sign returns the detached signature of a document by a test user for his account of the kind, see
// [SubjectFor], as every local platform of this machine accepts it.
func Sign(login, kind string, document []byte) ([]byte, error) {
	user, found := world().PersonByLogin(login)
	if !found {
		return nil, fmt.Errorf("there is no test user %q", login)
	}
	authorities, err := pki.OfMachine()
	if err != nil {
		return nil, err
	}
	return authorities.SignAs(SubjectFor(world(), user, kind), document)
}
