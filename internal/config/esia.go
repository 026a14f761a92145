package config

import (
	"crypto/x509"
	"encoding/pem"
	"os"
	"strings"
	"time"

	"epkr/internal/esia"
)

const (
	esiaCallTimeout      = 15 * time.Second
	esiaSignatureTimeout = 10 * time.Second
)

func loadESIA(v *variables) esia.Config {
	cfg := esia.Config{
		BaseURL:               v.origin("EPKR_ESIA_URL"),
		Generation:            esia.Generation(v.oneOf("EPKR_ESIA_GENERATION", string(esia.V2), string(esia.V1), string(esia.V2))),
		Automatic:             esia.Automatic(v.oneOf("EPKR_ESIA_AUTOMATIC", string(esia.AutomaticOff), string(esia.AutomaticOff), string(esia.PromptNone))),
		ClientID:              v.required("EPKR_ESIA_CLIENT_ID", "the mnemonic that the platform is registered with"),
		ClientCertificateFile: v.required("EPKR_ESIA_CERTIFICATE", "the file of the platform's certificate, PEM or DER"),
		TokenCertificateFiles: v.list("EPKR_ESIA_TOKEN_CERTIFICATE"),
		Issuer:                v.text("EPKR_ESIA_ISSUER", "http://esia.gosuslugi.ru/"),
		PersonScopes:          esia.DefaultPersonScopes(),
		OrganisationScopes:    esia.DefaultOrganisationScopes(),
		Timeout:               esiaCallTimeout,
		Signature:             loadSignature(v),
	}
	if len(cfg.TokenCertificateFiles) == 0 {
		v.fail("EPKR_ESIA_TOKEN_CERTIFICATE", "not set", "the files of ЕСИА's certificates, separated by commas")
	}
	if cfg.Generation == esia.V1 && cfg.Signature.Form == esia.Raw {
		v.fail("EPKR_ESIA_SIGNATURE", "generation v1 takes no raw signature", "pkcs7")
	}
	return cfg
}

func loadSignature(v *variables) esia.SignatureConfig {
	cfg := esia.SignatureConfig{
		Form:    esia.SignatureForm(v.oneOf("EPKR_ESIA_SIGNATURE", string(esia.Raw), string(esia.Raw), string(esia.PKCS7))),
		KeyKind: esia.KeyKind(v.oneOf("EPKR_ESIA_KEY_KIND", string(esia.GOST), string(esia.GOST), string(esia.RSA))),
		Timeout: esiaSignatureTimeout,
	}
	command, key := strings.Fields(v.text("EPKR_ESIA_SIGNER_COMMAND", "")), v.text("EPKR_ESIA_KEY", "")
	switch v.oneOf("EPKR_ESIA_SIGNER", "openssl", "openssl", "command") {
	case "openssl":
		cfg.KeyFile = key
		if key == "" {
			v.fail("EPKR_ESIA_KEY", "not set", "the file of the private key in PEM, which EPKR_ESIA_SIGNER=openssl signs with")
		}
	case "command":
		cfg.Command = command
		if len(command) == 0 {
			v.fail("EPKR_ESIA_SIGNER_COMMAND", "not set", "the program and its arguments that EPKR_ESIA_SIGNER=command runs")
		}
	}
	return cfg
}

// certificatesOf reads certificate files. It reports those that hold no certificate and leaves them
// out.
func certificatesOf(v *variables, name string, files ...string) []*x509.Certificate {
	var certificates []*x509.Certificate
	for _, file := range files {
		if file == "" {
			continue
		}
		if c := certificateOf(v, name, file); c != nil {
			certificates = append(certificates, c)
		}
	}
	return certificates
}

// certificateOf reads one certificate file. If the file holds no certificate, it reports that and
// returns nil.
func certificateOf(v *variables, name, file string) *x509.Certificate {
	const expected = "a certificate file, PEM or DER"
	data, err := os.ReadFile(file)
	if err != nil {
		v.fail(name, "cannot be read: "+err.Error(), expected)
		return nil
	}
	if block, _ := pem.Decode(data); block != nil {
		data = block.Bytes
	}
	certificate, err := x509.ParseCertificate(data)
	if err != nil {
		v.fail(name, "holds no certificate", expected)
		return nil
	}
	return certificate
}
