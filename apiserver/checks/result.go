package checks

import (
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"epkr/apiserver/httpapi/wire"
	"epkr/internal/mchd"
	"epkr/internal/signature"
)

// SignatureCheck is what a check found.
type SignatureCheck struct {
	Valid     bool               `json:"valid" doc:"Подпись действительна: отказов нет"`
	Refusals  []SignatureFinding `json:"refusals" nullable:"false" doc:"Почему подпись не принята"`
	Warnings  []SignatureFinding `json:"warnings" nullable:"false" doc:"На что обратить внимание"`
	CheckedAt time.Time          `json:"checkedAt" doc:"Время проверки"`
	Document  CheckedDocument    `json:"document"`
	Signature CheckedFile        `json:"signature"`
	// What follows is known if the signature could be read.
	Signer          *CertificateHolder   `json:"signer,omitempty" doc:"Кого называет сертификат"`
	Certificate     *SigningCertificate  `json:"certificate,omitempty" doc:"Сертификат подписанта"`
	Chain           []SigningCertificate `json:"chain,omitempty" doc:"Сертификаты от подписанта до корневого"`
	Moment          *CheckMoment         `json:"moment,omitempty" doc:"На какой момент проверены сертификаты"`
	Revocation      RevocationState      `json:"revocation" doc:"Проверен ли отзыв сертификатов"`
	RevocationLists []RevocationList     `json:"revocationLists,omitempty" doc:"Использованные списки отозванных сертификатов"`
	Power           *CheckedPower        `json:"power,omitempty" doc:"Доверенность"`
	Protocol        []byte               `json:"protocol" doc:"Протокол проверки, PDF в base64"`
}

// SignatureFinding is a refusal or a warning.
type SignatureFinding struct {
	Code   string `json:"code" doc:"Код"`
	Text   string `json:"text" doc:"Что не так и что делать"`
	Detail string `json:"detail,omitempty" doc:"Имена и даты"`
}

// CheckedDocument is the document that was checked.
type CheckedDocument struct {
	Name   string `json:"name" doc:"Имя файла"`
	Size   int64  `json:"size" doc:"Размер в байтах"`
	SHA256 string `json:"sha256" doc:"SHA-256"`
	Hash   string `json:"hash,omitempty" doc:"Идентификатор хеша подписи, например 1.2.643.7.1.1.2.2"`
	Digest string `json:"digest,omitempty" doc:"Этот хеш документа"`
}

// CheckedFile is the signature as a file.
type CheckedFile struct {
	Name      string         `json:"name" doc:"Имя файла"`
	SHA256    string         `json:"sha256" doc:"SHA-256"`
	Form      signature.Form `json:"form,omitempty" doc:"Вид: CMS, CAdES-BES, CAdES-T"`
	Algorithm string         `json:"algorithm,omitempty" doc:"Алгоритм"`
}

// CertificateHolder is whom the certificate names.
type CertificateHolder struct {
	Name            string `json:"name" doc:"ФИО или наименование"`
	Position        string `json:"position,omitempty" doc:"Должность"`
	Organisation    string `json:"organisation,omitempty" doc:"Организация"`
	SNILS           string `json:"snils,omitempty" doc:"СНИЛС"`
	INN             string `json:"inn,omitempty" doc:"ИНН"`
	OrganisationINN string `json:"organisationInn,omitempty" doc:"ИНН организации"`
	OGRN            string `json:"ogrn,omitempty" doc:"ОГРН"`
	OGRNIP          string `json:"ogrnip,omitempty" doc:"ОГРНИП"`
}

// SigningCertificate is a certificate of a chain.
type SigningCertificate struct {
	Subject   string    `json:"subject" doc:"Владелец"`
	Issuer    string    `json:"issuer" doc:"Издатель"`
	Serial    string    `json:"serial" doc:"Серийный номер"`
	NotBefore time.Time `json:"notBefore" doc:"Действует с"`
	NotAfter  time.Time `json:"notAfter" doc:"Действует до"`
	SHA256    string    `json:"sha256" doc:"SHA-256"`
}

// RevocationList is a list of revoked certificates.
type RevocationList struct {
	Issuer     string    `json:"issuer" doc:"Издатель"`
	Number     string    `json:"number,omitempty" doc:"Номер"`
	ThisUpdate time.Time `json:"thisUpdate" doc:"Выпущен"`
	NextUpdate time.Time `json:"nextUpdate" doc:"Следующий выпуск"`
	SHA256     string    `json:"sha256" doc:"SHA-256"`
}

// CheckMomentSource tells what the moment of a check is.
type CheckMomentSource signature.MomentSource

// Schema lists the values in the description of the API, for huma.
func (CheckMomentSource) Schema(huma.Registry) *huma.Schema {
	return wire.OneOf([]CheckMomentSource{CheckMomentSource(signature.ByTimeStamp), CheckMomentSource(signature.ByCheck)})
}

// CheckMoment is the moment for which certificates were judged.
type CheckMoment struct {
	At          time.Time         `json:"at" doc:"Момент"`
	Source      CheckMomentSource `json:"source" doc:"Откуда он известен: штамп времени или время проверки"`
	SigningTime *time.Time        `json:"signingTime,omitempty" doc:"Время, указанное подписантом; оно не доказано"`
}

// RevocationState tells what is known about the revocation of certificates.
type RevocationState string

// The revocations.
const (
	notRevoked RevocationState = "checked"
	revoked    RevocationState = "revoked"
	unknown    RevocationState = "not-checked"
)

// Schema lists the values in the description of the API, for huma.
func (RevocationState) Schema(huma.Registry) *huma.Schema {
	return wire.OneOf([]RevocationState{notRevoked, revoked, unknown})
}

// CheckedPowerState is what the registry says about a power of attorney.
type CheckedPowerState mchd.State

// Schema lists the values in the description of the API, for huma.
func (CheckedPowerState) Schema(huma.Registry) *huma.Schema {
	return wire.OneOf([]CheckedPowerState{CheckedPowerState(mchd.Active), CheckedPowerState(mchd.Revoked), CheckedPowerState(mchd.NotChecked)})
}

// CheckedPower is a power of attorney.
type CheckedPower struct {
	Number          string            `json:"number" doc:"Номер"`
	IssuedOn        string            `json:"issuedOn" doc:"Выдана"`
	ExpiresOn       string            `json:"expiresOn" doc:"Действует до"`
	Principals      []string          `json:"principals" nullable:"false" doc:"Доверители"`
	Representatives []string          `json:"representatives" nullable:"false" doc:"Представители"`
	Powers          []string          `json:"powers" nullable:"false" doc:"Полномочия"`
	State           CheckedPowerState `json:"state" doc:"Отменена ли она по реестру ФНС"`
	SignedBy        string            `json:"signedBy,omitempty" doc:"Кто её подписал"`
	SignatureValid  bool              `json:"signatureValid" doc:"Действительна ли подпись под ней"`
	SHA256          string            `json:"sha256" doc:"SHA-256 файла"`
	Original        *CheckedPower     `json:"original,omitempty" doc:"Первоначальная доверенность"`
}

// resultOf returns what is shown of a check.
func resultOf(f *files, r signature.Result) SignatureCheck {
	out := SignatureCheck{
		Valid: r.Valid, Refusals: findingsOf(r.Refusals), Warnings: findingsOf(r.Warnings), CheckedAt: r.AcceptedAt,
		Document:  CheckedDocument{f.document.name, f.document.size, f.document.sha256, r.Document.Hash, r.Document.Digest},
		Signature: CheckedFile{Name: f.signatureName, SHA256: r.SignatureSHA256, Form: r.Form},
		Signer:    (*CertificateHolder)(r.Signer), Certificate: (*SigningCertificate)(r.Certificate), Revocation: revocationOf(r), Power: powerOf(r.PowerOfAttorney),
	}
	if a := r.Algorithm; a != nil {
		out.Signature.Algorithm = a.Name
	}
	for _, c := range r.Chain {
		out.Chain = append(out.Chain, SigningCertificate(c))
	}
	for _, l := range r.RevocationLists {
		out.RevocationLists = append(out.RevocationLists, RevocationList(l))
	}
	if m := r.Moment; m != nil {
		out.Moment = &CheckMoment{At: m.At, Source: CheckMomentSource(m.Source)}
		if !m.SigningTime.IsZero() {
			out.Moment.SigningTime = &m.SigningTime
		}
	}
	return out
}

func findingsOf(found []signature.Finding) []SignatureFinding {
	all := make([]SignatureFinding, len(found))
	for i, f := range found {
		all[i] = SignatureFinding{string(f.Code), f.Text, f.Detail}
	}
	return all
}

func revocationOf(r signature.Result) RevocationState {
	isRevoked := func(f signature.Finding) bool { return f.Code == signature.Revoked }
	switch {
	case r.RevocationChecked:
		return notRevoked
	case slices.ContainsFunc(r.Refusals, isRevoked):
		return revoked
	}
	return unknown
}

// maxNamed limits the names of a power of attorney that are shown: a hostile one may have thousands.
const maxNamed = 50

func namesOf[T any](all []T, name func(T) string) []string {
	names := make([]string, 0, min(len(all), maxNamed))
	for _, one := range all[:min(len(all), maxNamed)] {
		names = append(names, name(one))
	}
	return names
}

func powerOf(p *signature.PowerOfAttorney) *CheckedPower {
	if p == nil {
		return nil
	}
	out := &CheckedPower{
		Number: p.Number, IssuedOn: p.IssuedOn, ExpiresOn: p.ExpiresOn, State: CheckedPowerState(p.State), SignatureValid: p.Signature.Valid, SHA256: p.SHA256,
		Principals:      namesOf(p.Principals, func(one mchd.Principal) string { return one.Name }),
		Representatives: namesOf(p.Representatives, func(one mchd.Person) string { return one.Name }),
		Powers:          namesOf(p.Powers.Names(), func(name string) string { return name }),
		Original:        powerOf(p.Delegates),
	}
	if p.Signature.Signer != nil {
		out.SignedBy = p.Signature.Signer.String()
	}
	return out
}
