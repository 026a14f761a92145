package pki

import (
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"time"

	"epkr/internal/testenv/openssl"
)

// PKI keeps its keys, certificates and lists in a directory: <name>.key, <name>.crt, <name>.crl.
// It is not safe for concurrent use, except Certificate, Sign and what is in open.go.
type PKI struct {
	openssl.OpenSSL
	revoked map[string][]revocation // by the name of the issuer
}

// The names of the authorities.
const (
	Root        = "root"        // the root, with a key of 512 bits
	Issuer      = "issuer"      // the accredited authority below it
	Unqualified = "unqualified" // an authority of certificates that are not qualified
	Foreign     = "foreign"     // a root that nobody configured
	RSARoot     = "rsa-root"    // a root with an RSA key
	TimeStamper = "tsa"         // signs time stamps, below the issuer
)

// configuration has the extensions by the usage of a certificate.
const configuration = openssl.Authorities + `[signer]
keyUsage = critical,digitalSignature,nonRepudiation,keyEncipherment,dataEncipherment,keyAgreement
extendedKeyUsage = clientAuth,emailProtection
certificatePolicies = 1.2.643.100.113.1
1.2.643.100.114 = ASN1:INTEGER:2
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[ended-key]
keyUsage = critical,digitalSignature,nonRepudiation
2.5.29.16 = ASN1:SEQUENCE:ended
authorityKeyIdentifier = keyid
[ended]
from = IMPLICIT:0,GENERALIZEDTIME:20200101000000Z
to = IMPLICIT:1,GENERALIZEDTIME:20210101000000Z
[encipherer]
keyUsage = critical,keyEncipherment
authorityKeyIdentifier = keyid
[unknown]
keyUsage = critical,digitalSignature
1.2.3.4 = critical,ASN1:NULL
authorityKeyIdentifier = keyid
[stamps-and-more]
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping,emailProtection
authorityKeyIdentifier = keyid
[stamps-uncritically]
keyUsage = critical,digitalSignature
extendedKeyUsage = timeStamping
authorityKeyIdentifier = keyid
[stamper]
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[ca]
default_ca = authority
[authority]
database = index.txt
crlnumber = crlnumber
serial = serial
new_certs_dir = .
policy = names
unique_subject = no
default_md = md_gost12_256
email_in_dn = no
[tsa]
default_tsa = stamps
[stamps]
serial = stamps.serial
default_policy = 1.2.643.2.2.38.4
digests = md_gost12_256,md_gost12_512,sha256
signer_digest = md_gost12_256
ess_cert_id_alg = sha256
`

// Usage is a section of extensions.
type Usage string

// The usages of certificates.
const (
	Signer     Usage = "signer"     // a qualified certificate
	EndedKey   Usage = "ended-key"  // the term of its key has ended
	Encipherer Usage = "encipherer" // not for signatures
	Unknown    Usage = "unknown"    // with an unknown critical extension

	// Of certificates that may not sign time stamps.
	StampsAndMore      Usage = "stamps-and-more"
	StampsUncritically Usage = "stamps-uncritically"

	// Of authorities.
	Stamps Usage = "stamper" // signs time stamps
	Issues Usage = "issuer"  // issues certificates
	root   Usage = "root"
)

// Key is a kind of key. The zero value is GOST R 34.10-2012 with 256 bits and the set CryptoPro-A.
type Key struct{ Algorithm, ParameterSet string }

// Keys are the kinds of keys that signers have, as the engine names them.
var Keys = []Key{
	{"gost2012_256", "A"},
	{"gost2012_256", "B"},
	{"gost2012_256", "C"},
	{"gost2012_256", "TCA"},
	{"gost2012_256", "TCB"},
	{"gost2012_256", "TCC"},
	{"gost2012_256", "TCD"},
	{"gost2012_512", "A"},
	{"gost2012_512", "B"},
	{"gost2012_512", "C"},
	{"gost2001", "A"},
	{"gost2001", "B"},
}

// RSA is the kind of RSA keys.
var RSA = Key{Algorithm: "rsa", ParameterSet: "2048"}

func (k Key) options() []string {
	switch k {
	case Key{}:
		k = Keys[0]
	case RSA:
		return []string{"-newkey", "rsa:" + k.ParameterSet}
	}
	return []string{"-newkey", k.Algorithm, "-pkeyopt", "paramset:" + k.ParameterSet}
}

// digest returns the hash that keys of the algorithm sign.
func (k Key) digest() string {
	switch k.Algorithm {
	case "rsa":
		return "sha256"
	case "gost2012_512":
		return "md_gost12_512"
	case "gost2001":
		return "md_gost94"
	default:
		return "md_gost12_256"
	}
}

// Certificate is what to issue.
type Certificate struct {
	Name    string // of its files
	Subject Subject
	Issuer  string // Issuer if it is empty
	Usage   Usage  // Signer if it is empty
	Key     Key
	// From and To are the term; a year from now on if they are zero.
	From, To time.Time
}

// New makes the authorities in a directory, and their lists, which are empty.
func New(dir string) (*PKI, error) {
	p, err := newPKI(dir)
	if err != nil {
		return nil, err
	}
	from, to := time.Now().AddDate(-1, 0, 0), time.Now().AddDate(10, 0, 0)
	for _, c := range []Certificate{
		{Name: Root, Issuer: Root, Usage: root, Subject: Subject{Name: "Головной тестовый УЦ"}, Key: Key{"gost2012_512", "A"}},
		{Name: Unqualified, Issuer: Unqualified, Usage: root, Subject: Subject{Name: "Тестовый УЦ неквалифицированных подписей"}},
		{Name: Foreign, Issuer: Foreign, Usage: root, Subject: Subject{Name: "Посторонний УЦ"}},
		{Name: RSARoot, Issuer: RSARoot, Usage: root, Subject: Subject{Name: "Тестовый УЦ RSA"}, Key: RSA},
		{Name: Issuer, Issuer: Root, Usage: Issues, Subject: Subject{Name: "Аккредитованный тестовый УЦ"}},
		{Name: TimeStamper, Usage: Stamps, Subject: Subject{Name: "Служба штампов времени (тест)"}},
	} {
		c.From, c.To = from, to
		if err := p.Issue(c); err != nil {
			return nil, err
		}
	}
	return p, p.renewLists()
}

func newPKI(dir string) (*PKI, error) {
	o, err := openssl.In(dir, configuration)
	return &PKI{OpenSSL: o, revoked: map[string][]revocation{}}, err
}

// Issue makes a key and a certificate.
func (p *PKI) Issue(c Certificate) (err error) {
	if c.Issuer == "" {
		c.Issuer = Issuer
	}
	if c.Usage == "" {
		c.Usage = Signer
	}
	request := append([]string{
		"req", "-nodes", "-utf8", "-subj", c.Subject.String(), "-keyout", c.Name + ".key",
	}, c.Key.options()...)
	certify := []string{
		"-x509", "-days", "365", "-set_serial", fmt.Sprint(rand.Int64()), "-extensions", string(c.Usage), "-out", c.Name + ".crt",
	}
	by := []string{"-CA", c.Issuer + ".crt", "-CAkey", c.Issuer + ".key"}
	digest := c.Key.digest()
	if c.Name == c.Issuer {
		by = nil
	} else if digest, err = p.digestOf(c.Issuer); err != nil {
		return err
	}
	if c.From.IsZero() && c.To.IsZero() {
		return p.run(slices.Concat(request, certify, by, []string{"-" + digest})...)
	}
	return p.issueFor(c, digest, append(request, "-new", "-out", c.Name+".csr"))
}

// issueFor makes a certificate with a term of its own, which needs another command of OpenSSL.
func (p *PKI) issueFor(c Certificate, digest string, request []string) error {
	if err := p.run(request...); err != nil {
		return err
	}
	if err := p.write("index.txt", nil); err != nil {
		return err
	}
	by := []string{"-cert", c.Issuer + ".crt", "-keyfile", c.Issuer + ".key"}
	if c.Name == c.Issuer {
		by = []string{"-selfsign", "-keyfile", c.Issuer + ".key"}
	}
	return p.run(append([]string{
		"ca", "-batch", "-notext", "-rand_serial", "-preserveDN", "-utf8", "-in", c.Name + ".csr", "-extensions", string(c.Usage), "-md", digest,
		"-startdate", date(c.From), "-enddate", date(c.To), "-out", c.Name + ".crt",
	}, by...)...)
}

// Certificate reads a certificate.
func (p *PKI) Certificate(name string) (*x509.Certificate, error) {
	der, err := p.der(name + ".crt")
	if err != nil {
		return nil, err
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("reading the certificate %s: %w", name, err)
	}
	return c, nil
}

// der reads a file of PEM.
func (p *PKI) der(file string) ([]byte, error) {
	data, err := os.ReadFile(p.Path(file))
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", file, err)
	}
	block, _ := pem.Decode(data)
	if block == nil {
		return nil, fmt.Errorf("%s is no PEM", file)
	}
	return block.Bytes, nil
}

func (p *PKI) run(args ...string) error {
	if out, err := p.Run(args...); err != nil {
		return fmt.Errorf("openssl %s: %w\n%s", strings.Join(args, " "), err, out)
	}
	return nil
}

func (p *PKI) write(file string, data []byte) error {
	if err := os.WriteFile(p.Path(file), data, 0o600); err != nil {
		return fmt.Errorf("writing %s: %w", file, err)
	}
	return nil
}

// date returns a time before 2050 as OpenSSL takes it.
func date(t time.Time) string { return t.UTC().Format("060102150405Z") }
