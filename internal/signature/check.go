package signature

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"epkr/internal/cms"
	"epkr/internal/gost"
	"epkr/internal/mchd"
	"epkr/internal/order"
	"epkr/internal/trust"
)

// Checker checks signatures. It is safe for concurrent use.
type Checker struct {
	// Trust has the authorities. RSA keys are accepted only below a root with an RSA key.
	Trust *trust.Store
	// Registry tells which powers of attorney were revoked, for example [mchd.NoRegistry].
	Registry mchd.Registry
	// Powers are the codes of powers of which one suffices to sign; without any a person has to judge.
	Powers []string
}

// Request is what to check.
type Request struct {
	Document Content
	// Signature is the detached signature: DER, BER, or either of them in base64.
	Signature []byte
	// AcceptedAt is when the platform received the signature. It is the moment of the check if the
	// signature has no trusted time stamp.
	AcceptedAt time.Time
	// Since tells what AcceptedAt is; ByAcceptance if it is empty.
	Since MomentSource
	// Signer is who had to sign.
	Signer Party
	// Power is the power of attorney of the signer; nil if he signs for himself or is the head.
	Power *Power
}

// Power is a power of attorney with its signature.
type Power struct {
	XML       []byte
	Signature []byte
	// Delegates is the power of attorney whose authority this one delegates; nil if it delegates none.
	Delegates *Power
}

// judgement is a check under way.
type judgement struct {
	*Checker
	request  Request
	result   Result
	evidence Evidence
	// err ends the check without a result.
	err error
}

// Check checks a signature. The error is only that the document could not be read, that the registry
// did not answer, or that the context ended: everything else is in the result.
func (c *Checker) Check(ctx context.Context, r Request) (Result, Evidence, error) {
	j := &judgement{Checker: c, request: r, result: Result{Format: 1, AcceptedAt: utc(r.AcceptedAt), SignatureSHA256: sha(r.Signature)}}
	j.check(ctx)
	if j.err != nil {
		return Result{}, Evidence{}, j.err
	}
	j.result.Valid = len(j.result.Refusals) == 0
	return j.result, j.evidence, nil
}

func (j *judgement) check(ctx context.Context) {
	s, err := cms.Read(j.request.Signature)
	if err != nil {
		j.refuseFor(err, "")
		return
	}
	j.describe(s)
	j.checkDocument(ctx, s)
	if j.err != nil || len(j.result.Refusals) > 0 {
		return // of another document or key, so nothing else is proven
	}
	j.findMoment(s)
	j.checkCertificate(s)
	j.checkSigner(ctx, *j.result.Signer)
}

// refuse adds a refusal.
func (j *judgement) refuse(code Code, detail string) {
	j.result.Refusals = append(j.result.Refusals, Finding{code, texts[code], detail})
}

// refuseFor adds the refusal that an error stands for. Any other error ends the check.
func (j *judgement) refuseFor(err error, detail string) {
	f, known := findingOf(err)
	if !known {
		j.err = errors.Join(j.err, err)
		return
	}
	j.refuse(f.Code, detail)
}

// warn adds a warning, once.
func (j *judgement) warn(code Code, detail string) {
	if w := (Finding{code, texts[code], detail}); !slices.Contains(j.result.Warnings, w) {
		j.result.Warnings = append(j.result.Warnings, w)
	}
}

// restOn enters the lists of a verdict, and keeps what it rests on.
func (j *judgement) restOn(v trust.Verdict) {
	j.evidence.join(evidenceOf(v))
	j.result.RevocationLists = appendNew(j.result.RevocationLists, describeLists(v.Lists), func(a, b List) bool { return a == b })
}

// describe enters what the signature says about itself.
func (j *judgement) describe(s *cms.Signature) {
	signer, own := signerOf(s.Certificate), describeOne(s.Certificate)
	j.result.Signer, j.result.Certificate = &signer, &own
	j.evidence.Certificates = [][]byte{s.Certificate.Raw}
	j.result.Form = PlainCMS
	if s.NamesCertificate {
		j.result.Form = CAdESBES
	}
	j.result.Algorithm = algorithmOf(s)
	if s.Outdated() {
		j.warn(KeyOutdated, "")
	}
}

// algorithmOf returns the algorithm of a signature's key.
func algorithmOf(s *cms.Signature) *Algorithm {
	if key, isRSA := s.Certificate.PublicKey.(*rsa.PublicKey); isRSA {
		return &Algorithm{Name: fmt.Sprintf("RSA, %d бит", key.N.BitLen())}
	}
	key, err := gost.PublicKeyOf(s.Certificate)
	if err != nil {
		return nil
	}
	names := map[gost.Algorithm]string{
		gost.GOST2001: "ГОСТ Р 34.10-2001", gost.GOST2012_256: "ГОСТ Р 34.10-2012, 256 бит", gost.GOST2012_512: "ГОСТ Р 34.10-2012, 512 бит",
	}
	return &Algorithm{Name: names[key.Algorithm()], ParameterSet: key.ParameterSet(), Outdated: s.Outdated()}
}

// checkDocument checks that the document was signed by the key of the certificate.
func (j *judgement) checkDocument(ctx context.Context, s *cms.Signature) {
	digest, size, err := j.request.Document.digest(ctx, s)
	if err != nil {
		j.err = err
		return
	}
	j.result.Document = Document{Size: size, Hash: s.Hash(), Digest: hex.EncodeToString(digest)}
	err = s.Verify(digest)
	if err == nil {
		return
	}
	var asBase64 bool
	if errors.Is(err, cms.ErrOtherDocument) {
		asBase64, j.err = j.request.Document.signedAsBase64(ctx, s)
	}
	if asBase64 {
		j.refuse(Base64Signed, "")
		return
	}
	j.refuseFor(err, "")
}

// checkCertificate judges the certificate for the moment.
func (j *judgement) checkCertificate(s *cms.Signature) {
	verdict, err := j.Trust.Judge(s.Certificate, s.Certificates, j.result.Moment.At)
	j.restOn(verdict)
	j.result.Chain = describe(verdict.Chain)
	if err != nil {
		j.refuseFor(err, j.detailOf(err, s.Certificate, verdict))
		return
	}
	j.result.RevocationChecked = verdict.RevocationChecked
	if !verdict.RevocationChecked {
		j.warn(RevocationNotChecked, "")
	}
	if !verdict.Qualified {
		j.refuse(Unqualified, "Издатель: "+commonName(s.Certificate.Issuer)+".")
	}
	root := verdict.Chain[len(verdict.Chain)-1]
	if s.Certificate.PublicKeyAlgorithm == x509.RSA && root.PublicKeyAlgorithm != x509.RSA {
		j.refuse(RSANotAllowed, "")
	}
}

// detailOf tells more about why a certificate was refused.
func (j *judgement) detailOf(err error, c *x509.Certificate, v trust.Verdict) string {
	switch {
	case errors.Is(err, trust.ErrRevoked):
		return "Отозван " + moscow(revokedAt(v)) + "."
	case errors.Is(err, trust.ErrUnknownIssuer), errors.Is(err, trust.ErrIssuer):
		return "Издатель: " + commonName(c.Issuer) + "."
	case errors.Is(err, trust.ErrExpired), errors.Is(err, trust.ErrNotYetValid):
		term := "Срок действия: с " + moscow(c.NotBefore) + " по " + moscow(c.NotAfter) + "."
		if j.result.Moment.Source == ByCheck {
			term += " Сертификат проверен на время этой проверки: принятого штампа времени в подписи нет, и когда она создана, не доказано."
		}
		return term
	default:
		return ""
	}
}

// revokedAt returns when a certificate of the chain was revoked, according to the last list.
func revokedAt(v trust.Verdict) (at time.Time) {
	for _, entry := range v.Lists[len(v.Lists)-1].RevokedCertificateEntries {
		if slices.ContainsFunc(v.Chain, func(c *x509.Certificate) bool { return c.SerialNumber.Cmp(entry.SerialNumber) == 0 }) {
			at = entry.RevocationTime
		}
	}
	return at
}

// moscow returns a moment for people.
func moscow(t time.Time) string { return t.In(order.Moscow).Format("02.01.2006 15:04 МСК") }

// day returns the day of a moment in Moscow, yyyy-mm-dd.
func day(t time.Time) string { return t.In(order.Moscow).Format(time.DateOnly) }
