package apitest

import (
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"time"

	"github.com/stretchr/testify/require"

	goskeyactivities "epkr/activities/goskey"
	"epkr/db/signing"
	goskeysim "epkr/dev/simulators/goskey"
	"epkr/internal/esia"
	"epkr/internal/goskey"
	"epkr/internal/testenv"
	"epkr/internal/testenv/pki"
)

// WithGoskey configures «Госключ» in the API. Platform.StartGoskey then starts it.
func WithGoskey(s *Setup) { s.Config.Goskey = true }

const goskeyAPIKey = "11111111-2222-3333-4444-555555555555"

// Goskey is a simulator of «Госключ» with the platform's client of it.
type Goskey struct {
	*goskeysim.Server
	platform *Platform
	client   *goskey.Client
	// Calls counts the calls that the platform made, Down makes them fail.
	Calls atomic.Int64
	Down  atomic.Bool
}

// StartGoskey starts the simulator, whose check takes hardly any time, for the workers that are started
// later.
func (p *Platform) StartGoskey() *Goskey {
	p.T.Helper()
	authorities := pki.Shared(p.T)
	name, err := authorities.Ensure(pki.Certificate{Name: "platform", Subject: pki.Organisation("Оператор платформы", "770706938")})
	require.NoError(p.T, err)
	certificate, err := authorities.Certificate(name)
	require.NoError(p.T, err)
	g := &Goskey{platform: p, Server: goskeysim.New(goskeysim.Config{
		APIKey: goskeyAPIKey, Certificate: certificate, World: World(), PKI: authorities, Step: 20 * time.Millisecond, Now: p.Deps.Now,
	})}
	listening := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		g.Calls.Add(1)
		if g.Down.Load() {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		g.ServeHTTP(w, r)
	}))
	p.T.Cleanup(listening.Close)
	g.client, err = goskey.New(goskey.Config{
		EPGU: listening.URL, ESIA: listening.URL, APIKey: goskeyAPIKey, Region: "45", SenderName: "Электронная платформа кадастровых работ",
		SenderINN: "7708410783", Timeout: time.Minute,
	}, esia.OpenSSL{
		Form: esia.CAdES, Kind: esia.GOST, KeyFile: authorities.Path(name + ".key"), CertificateFile: authorities.Path(name + ".crt"), Timeout: time.Minute,
	})
	require.NoError(p.T, err)
	p.Goskey = g
	return g
}

// Activities returns the activities of a worker that uses the simulator.
func (g *Goskey) Activities() *goskeyactivities.Activities {
	p := g.platform
	return goskeyactivities.New(goskeyactivities.Settings{
		Store: p.Deps.Store, Files: p.Deps.Files, Goskey: g.client, Signatures: signing.New(p.Deps.Store, p.Deps.Files, p.Deps.Config.Trust),
		Workflows: testenv.Temporal(p.T), Now: p.Deps.Now, PublicURL: p.URL, TaskQueue: p.TaskQueue, PollPause: 100 * time.Millisecond,
	})
}
