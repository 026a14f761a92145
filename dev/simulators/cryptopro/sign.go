package cryptopro

import (
	"fmt"
	"sync"

	"epkr/dev/synthetic"
	"epkr/internal/testenv/pki"
)

// world has the test users of every local platform.
var world = sync.OnceValue(func() *synthetic.World { return synthetic.New(synthetic.LocalSeed) })

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
