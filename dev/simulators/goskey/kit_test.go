package goskey_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	goskeysim "epkr/dev/simulators/goskey"
	"epkr/dev/synthetic"
	"epkr/internal/esia"
	"epkr/internal/goskey"
	"epkr/internal/mchd"
	"epkr/internal/signature"
	"epkr/internal/testenv/pki"
	"epkr/internal/trust"
)

const (
	apiKey = "11111111-2222-3333-4444-555555555555"
	step   = time.Minute
)

var contract = []byte("%PDF-1.4 договор")

var kitDir string

// authority is the certification authority of all tests, whose making takes seconds, with the
// platform's own certificate.
var authority = sync.OnceValues(func() (*pki.PKI, error) {
	dir, err := os.MkdirTemp("", "goskey")
	if err != nil {
		return nil, err
	}
	kitDir = dir
	p, err := pki.New(dir)
	if err != nil {
		return nil, err
	}
	return p, p.Issue(pki.Certificate{Name: "platform", Subject: pki.Organisation("Оператор платформы", "770706938")})
})

func TestMain(m *testing.M) {
	code := m.Run()
	if kitDir != "" {
		os.RemoveAll(kitDir)
	}
	os.Exit(code)
}

// clock moves only when it is told to.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// kit is a simulator with a client of it.
type kit struct {
	*clock
	t      *testing.T
	pki    *pki.PKI
	world  *synthetic.World
	server *goskeysim.Server
	url    string
	client *goskey.Client
}

func start(t *testing.T) *kit {
	t.Helper()
	p, err := authority()
	require.NoError(t, err)
	certificate, err := p.Certificate("platform")
	require.NoError(t, err)
	k := &kit{t: t, clock: &clock{now: time.Now().Truncate(time.Second)}, pki: p, world: world()}
	k.server = goskeysim.New(goskeysim.Config{APIKey: apiKey, Certificate: certificate, World: k.world, PKI: p, Step: step, Now: k.Now})
	listening := httptest.NewServer(k.server)
	t.Cleanup(listening.Close)
	k.url = listening.URL
	k.client = k.newClient(esia.OpenSSL{
		Form: esia.CAdES, Kind: esia.GOST, KeyFile: p.Path("platform.key"), CertificateFile: p.Path("platform.crt"), Timeout: time.Minute,
	})
	return k
}

// world has the test users only: the whole one takes seconds.
var world = sync.OnceValue(func() *synthetic.World { return synthetic.New(1) })

func (k *kit) newClient(signer goskey.Signer) *goskey.Client {
	k.t.Helper()
	client, err := goskey.New(goskey.Config{
		EPGU: k.url, ESIA: k.url, APIKey: apiKey, Region: "45", SenderName: "Электронная платформа кадастровых работ",
		SenderINN: "7708410783", Timeout: time.Minute,
	}, signer)
	require.NoError(k.t, err)
	return client
}

// person returns the person with a login.
func (k *kit) person(login string) synthetic.Person {
	k.t.Helper()
	for _, user := range k.world.TestUsers {
		if user.Login != login {
			continue
		}
		i := slices.IndexFunc(k.world.People, func(p synthetic.Person) bool { return p.SNILS == user.SNILS })
		require.GreaterOrEqual(k.t, i, 0)
		return k.world.People[i]
	}
	k.t.Fatalf("no test user %s", login)
	return synthetic.Person{}
}

func (k *kit) request(s goskey.Signatory) goskey.Request {
	return goskey.Request{
		Signatory: s, Description: "Договор по заказу № 7", Expires: k.Now().Add(time.Hour), FileName: "doc.pdf", Document: contract,
	}
}

// submit reserves and sends an order.
func (k *kit) submit(s goskey.Signatory) goskey.OrderID {
	k.t.Helper()
	id, err := k.client.Reserve(k.t.Context(), s)
	require.NoError(k.t, err)
	require.NoError(k.t, k.client.Submit(k.t.Context(), id, k.request(s)))
	return id
}

func (k *kit) requireState(want goskey.State, id goskey.OrderID) goskey.Answer {
	k.t.Helper()
	answer, err := k.client.State(k.t.Context(), id)
	require.NoError(k.t, err)
	require.Equal(k.t, want, answer.State, answer.Detail)
	return answer
}

// check judges a person's signature of the contract.
func (k *kit) check(signed []byte, party signature.Party) signature.Result {
	k.t.Helper()
	authorities, err := k.pki.Authorities()
	require.NoError(k.t, err)
	store, err := trust.New(authorities)
	require.NoError(k.t, err)
	checker := &signature.Checker{Trust: store, Registry: mchd.NoRegistry{}}
	result, _, err := checker.Check(k.t.Context(), signature.Request{
		Document: signature.Bytes(contract), Signature: signed, AcceptedAt: time.Now().Add(time.Minute), Signer: party,
	})
	require.NoError(k.t, err)
	return result
}

// organisation returns what the person is the head of.
func (k *kit) organisation(p synthetic.Person) synthetic.Organisation {
	k.t.Helper()
	for _, o := range k.world.Organisations {
		if slices.ContainsFunc(p.Organisations, func(m synthetic.Membership) bool { return m.OrganisationOID == o.OID }) {
			return o
		}
	}
	k.t.Fatalf("%s has no organisation", p.FullName())
	return synthetic.Organisation{}
}

func (k *kit) get(path string) string {
	k.t.Helper()
	response, err := http.Get(k.url + path)
	require.NoError(k.t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(k.t, err)
	return string(body)
}

// run runs a test in a test, with the same simulator.
func (k *kit) run(name string, test func(*kit)) {
	k.t.Helper()
	k.t.Run(name, func(t *testing.T) {
		in := *k
		in.t = t
		test(&in)
	})
}
