package esia

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"
)

// Generation is the generation of the protocol: it selects the paths and the signed string.
type Generation string

const (
	// V1 signs scope+timestamp+client_id+state, always as PKCS#7.
	V1 Generation = "v1"
	// V2 signs client_id+scope+timestamp+state+redirect_uri(+code); its token path is named v3.
	V2 Generation = "v2"
)

// Automatic is how ЕСИА is asked to sign in without its form.
type Automatic string

const (
	// AutomaticOff never asks.
	AutomaticOff Automatic = "off"
	// PromptNone adds prompt=none of OpenID Connect: without a session ЕСИА must answer
	// login_required at once.
	PromptNone Automatic = "prompt-none"
)

// Config holds the address of ЕСИА and the identity of the platform. Certificates are PEM or DER
// files.
type Config struct {
	// BaseURL is the root of ЕСИА without a path: https://esia.gosuslugi.ru or https://esia-portal1.test.gosuslugi.ru.
	BaseURL    string
	Generation Generation
	// Automatic is how ЕСИА is asked to sign in a person whom it knows already, without its form.
	Automatic Automatic
	// ClientID is the mnemonic under which the platform is registered.
	ClientID string
	// ClientCertificateFile is the platform's certificate that is registered with ЕСИА; every
	// request contains its hash.
	ClientCertificateFile string
	// TokenCertificateFiles are ЕСИА's own certificates, which verify tokens; two of them while
	// ЕСИА changes its key.
	TokenCertificateFiles []string
	// Issuer is the exact iss claim of the tokens, for example http://esia.gosuslugi.ru/.
	Issuer string
	// PersonScopes are requested in the first pass; they must contain openid.
	PersonScopes []string
	// OrganisationScopes are short names (org_ogrn …) of the scopes requested for the chosen
	// organisation in the second pass.
	OrganisationScopes []string
	// Timeout bounds one call to ЕСИА.
	Timeout   time.Duration
	Signature SignatureConfig
}

// DefaultPersonScopes returns the scopes of the personal data that the platform uses in profiles
// and contracts.
func DefaultPersonScopes() []string {
	return []string{"openid", "fullname", "birthdate", "gender", "snils", "inn", "id_doc", "email", "mobile", "contacts", "addresses", "usr_org"}
}

// DefaultOrganisationScopes returns the scopes of the organisation data that the platform uses in
// contracts.
func DefaultOrganisationScopes() []string {
	return []string{"org_shortname", "org_fullname", "org_type", "org_ogrn", "org_inn", "org_kpp", "org_leg", "org_addrs", "org_ctts"}
}

// Validate returns a joined error with everything that is wrong with the configuration. It reads no
// files.
func (c Config) Validate() error {
	var problems []error
	add := func(wrong bool, text string) {
		if wrong {
			problems = append(problems, errors.New("esia: "+text))
		}
	}
	base, err := url.Parse(c.BaseURL)
	add(err != nil || base.Host == "" || (base.Scheme != "https" && base.Scheme != "http"), "base URL must be http(s)://host")
	add(err == nil && (strings.Trim(base.Path, "/") != "" || base.RawQuery != "" || base.User != nil), "base URL must have no path, query or user")
	add(c.Generation != V1 && c.Generation != V2, "generation must be v1 or v2")
	add(c.Automatic != "" && c.Automatic != AutomaticOff && c.Automatic != PromptNone, "automatic sign-in must be off or prompt-none")
	add(c.ClientID == "", "client id is empty")
	add(c.ClientCertificateFile == "", "client certificate file is not named")
	add(len(c.TokenCertificateFiles) == 0, "no certificate to verify tokens by")
	add(c.Issuer == "", "issuer of tokens is empty")
	add(!slices.Contains(c.PersonScopes, "openid"), "person scopes must contain openid")
	add(len(c.OrganisationScopes) == 0, "organisation scopes are empty")
	add(c.Timeout <= 0, "timeout must be positive")
	add(c.Generation == V1 && c.Signature.Form != PKCS7, "v1 accepts only PKCS#7 signatures")
	return errors.Join(append(problems, c.Signature.Validate())...)
}

// Endpoints returns the outside addresses of this configuration, for checks of the deployment.
func (c Config) Endpoints() []string { return []string{c.BaseURL} }

// ReadCertificate reads a certificate in PEM or DER: both forms are issued.
func ReadCertificate(path string) (*x509.Certificate, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading certificate: %w", err)
	}
	if block, _ := pem.Decode(data); block != nil {
		if block.Type != "CERTIFICATE" {
			return nil, fmt.Errorf("%s holds a %s, not a certificate", path, block.Type)
		}
		data = block.Bytes
	}
	certificate, err := x509.ParseCertificate(data)
	if err != nil {
		return nil, fmt.Errorf("parsing certificate %s: %w", path, err)
	}
	return certificate, nil
}
