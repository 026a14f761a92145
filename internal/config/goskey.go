package config

import (
	"cmp"
	"strings"
	"time"

	"epkr/internal/esia"
	"epkr/internal/goskey"
)

const (
	// goskeyTimeout bounds one call of ЕПГУ, with the upload of one part.
	goskeyTimeout = time.Minute
	// defaultGoskeyPoll is the pause between two questions for changes.
	defaultGoskeyPoll = 30 * time.Second
)

// Goskey holds the settings of «Госключ». Without an address people do not sign there.
type Goskey struct {
	URL, ESIA             string // origins of ЕПГУ and of its ЕСИА
	APIKey                Secret
	Region                string // ОКАТО
	SenderName, SenderINN string
	CertificateFile       string
	Signature             esia.SignatureConfig
	PollPause             time.Duration
}

// IsEnabled reports whether people can sign in «Госключ».
func (g Goskey) IsEnabled() bool { return g.URL != "" }

// Client returns a client of ЕПГУ.
func (g Goskey) Client() (*goskey.Client, error) {
	return goskey.New(goskey.Config{
		EPGU: g.URL, ESIA: g.ESIA, APIKey: g.APIKey.Reveal(), Region: g.Region, SenderName: g.SenderName, SenderINN: g.SenderINN, Timeout: goskeyTimeout,
	}, g.Signature.Signer(g.CertificateFile))
}

// goskeyURL reads whether «Госключ» is used, and where.
func goskeyURL(v *variables) string {
	return strings.TrimSuffix(v.optionalURL("EPKR_GOSKEY_URL", ""), "/")
}

// loadGoskey reads the settings of «Госключ». Without an address the others do not matter.
func loadGoskey(v *variables) Goskey {
	g := Goskey{
		URL: goskeyURL(v), ESIA: strings.TrimSuffix(v.optionalURL("EPKR_GOSKEY_ESIA_URL", ""), "/"), APIKey: Secret(v.text("EPKR_GOSKEY_API_KEY", "")),
		Region: v.text("EPKR_GOSKEY_REGION", ""), SenderName: v.text("EPKR_GOSKEY_SENDER_NAME", ""), SenderINN: v.text("EPKR_GOSKEY_SENDER_INN", ""),
		CertificateFile: v.text("EPKR_GOSKEY_CERTIFICATE", ""), PollPause: v.duration("EPKR_GOSKEY_POLL", defaultGoskeyPoll),
		Signature: esia.SignatureConfig{
			Form: esia.CAdES, KeyKind: esia.GOST, KeyFile: v.text("EPKR_GOSKEY_KEY", ""),
			Command: strings.Fields(v.text("EPKR_GOSKEY_SIGNER_COMMAND", "")), Timeout: esiaSignatureTimeout,
		},
	}
	if !g.IsEnabled() {
		return Goskey{}
	}
	command := strings.Join(g.Signature.Command, " ")
	for _, needed := range []struct{ name, value string }{
		{"EPKR_GOSKEY_ESIA_URL", g.ESIA},
		{"EPKR_GOSKEY_API_KEY", g.APIKey.Reveal()},
		{"EPKR_GOSKEY_REGION", g.Region},
		{"EPKR_GOSKEY_SENDER_NAME", g.SenderName},
		{"EPKR_GOSKEY_SENDER_INN", g.SenderINN},
		{"EPKR_GOSKEY_KEY", cmp.Or(command, g.Signature.KeyFile)},
		{"EPKR_GOSKEY_CERTIFICATE", cmp.Or(command, g.CertificateFile)},
	} {
		if needed.value == "" {
			v.fail(needed.name, "not set", "a value, because EPKR_GOSKEY_URL is set")
			return g
		}
	}
	if _, err := g.Client(); err != nil {
		v.fail("EPKR_GOSKEY_URL", "cannot be used: "+err.Error(), "the settings of the platform's system at ЕПГУ")
	}
	return g
}
