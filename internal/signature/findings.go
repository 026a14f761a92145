package signature

import (
	"errors"
	"strings"

	"epkr/internal/cms"
	"epkr/internal/mchd"
	"epkr/internal/trust"
)

// Code identifies a refusal or a warning. Codes are stored and never renamed.
type Code string

// Finding is a refusal or a warning.
type Finding struct {
	Code Code `json:"code"`
	// Text says in Russian what is wrong and what to do.
	Text string `json:"text"`
	// Detail has the names and dates of this case; empty if there are none.
	Detail string `json:"detail,omitempty"`
}

// Explain returns the texts of findings as one text.
func Explain(findings []Finding) string {
	texts := make([]string, len(findings))
	for i, f := range findings {
		texts[i] = strings.TrimSpace(f.Text + " " + f.Detail)
	}
	return strings.Join(texts, " ")
}

// Refusals: the signature as a file.
const (
	TooLarge     Code = "too_large"
	NotSignature Code = "not_signature"
	Damaged      Code = "damaged"
	OtherCMS     Code = "other_cms"
	Attached     Code = "attached"
	Signers      Code = "signers"
	Incomplete   Code = "incomplete"
)

// Refusals: the signature and its document.
const (
	OtherDocument    Code = "other_document"
	Base64Signed     Code = "base64_signed"
	Forged           Code = "forged"
	OtherCertificate Code = "other_certificate"
	NoCertificate    Code = "no_certificate"
	UnknownAlgorithm Code = "algorithm"
)

// Refusals: the certificate.
const (
	Expired       Code = "expired"
	NotYetValid   Code = "not_yet_valid"
	Revoked       Code = "revoked"
	UnknownIssuer Code = "unknown_issuer"
	BadIssuer     Code = "issuer"
	BadUsage      Code = "usage"
	Unqualified   Code = "unqualified"
	RSANotAllowed Code = "rsa"
)

// Refusals: the signer.
const (
	WrongPerson       Code = "wrong_person"
	WrongEntrepreneur Code = "wrong_entrepreneur"
	WrongOrganisation Code = "wrong_organisation"
	NotHead           Code = "not_head"
	NoOrganisation    Code = "no_organisation"
)

// Refusals: the power of attorney.
const (
	PowerTooLarge         Code = "power_too_large"
	NotPower              Code = "not_power"
	PowerFormat002        Code = "power_format_002"
	PowerFormat           Code = "power_format"
	PowerIncomplete       Code = "power_incomplete"
	PowerPrincipalKind    Code = "power_principal_kind"
	PowerAgentKind        Code = "power_representative_kind"
	PowerNotYetValid      Code = "power_not_yet_valid"
	PowerExpired          Code = "power_expired"
	PowerRevoked          Code = "power_revoked"
	PowerOfOther          Code = "power_of_other_principal"
	PowerForOther         Code = "power_for_other_representative"
	PowerInsufficient     Code = "power_insufficient"
	PowerDelegated        Code = "power_delegated"
	PowerWronglyDelegated Code = "power_wrongly_delegated"
	PowerSignature        Code = "power_signature"
)

// OfPower reports whether a refusal is about the power of attorney or its signature.
func (c Code) OfPower() bool { return c == NotPower || strings.HasPrefix(string(c), "power_") }

// refusals has the text of every refusal, and the error of another package for which it stands. The
// first error that fits decides: some errors contain another one.
var refusals = []struct {
	code Code
	err  error
	text string
}{
	{TooLarge, cms.ErrTooLarge, "Файл подписи слишком большой. Загрузите отсоединённую подпись: обычно это файл .sig размером до 100 КБ."},
	{Damaged, cms.ErrDamaged, "Файл подписи повреждён или загружен не полностью. Скопируйте его ещё раз или подпишите документ заново."},
	{NotSignature, cms.ErrNotSignature, "Это не файл электронной подписи. Загрузите файл отсоединённой подписи (.sig), который создала программа подписания."},
	{OtherCMS, cms.ErrType, "Файл зашифрован или имеет другой вид, это не подпись. Создайте отсоединённую подпись документа без шифрования."},
	{Attached, cms.ErrAttached, "Подпись присоединённая: документ находится внутри неё. Создайте отсоединённую подпись — отдельный файл .sig."},
	{Signers, cms.ErrSigners, "В файле подписи должен быть ровно один подписант. Подпишите документ заново одним сертификатом."},
	{NoCertificate, cms.ErrNoCertificate, "В подписи нет сертификата подписанта. Подпишите документ заново, включив сертификат в подпись."},
	{UnknownAlgorithm, cms.ErrAlgorithm, "Подпись создана алгоритмом, который не принимается. Подпишите документ по ГОСТ Р 34.10-2012."},
	{Incomplete, cms.ErrAttributes, "В подписи нет обязательных подписанных атрибутов (тип содержимого, хеш документа) или они не о документе. Создайте подпись вида CAdES-BES."},
	{OtherCertificate, cms.ErrOtherCertificate, "Подпись указывает на другой сертификат, чем тот, что в ней приложен. Подпишите документ заново."},
	{OtherDocument, cms.ErrOtherDocument, "Подписан другой документ: содержимое файла не совпадает с подписанным. Скачайте документ заново и подпишите его без изменений."},
	{Base64Signed, nil, "Подписан не сам файл, а его запись в Base64. Подпишите исходный файл, не перекодируя его в текст."},
	{Forged, cms.ErrForged, "Подпись не соответствует сертификату: она изменена или создана другим ключом. Подпишите документ заново."},
	{BadIssuer, trust.ErrIssuer, "Удостоверяющий центр не вправе был выдать этот сертификат, или его собственный сертификат не действовал. Обратитесь в свой удостоверяющий центр."},
	{NotYetValid, trust.ErrNotYetValid, "Сертификат ещё не действовал в момент подписания. Подпишите документ, когда начнётся срок действия сертификата."},
	{Expired, trust.ErrExpired, "Срок действия сертификата или его ключа истёк до момента подписания. Подпишите документ действующим сертификатом."},
	{BadUsage, trust.ErrUsage, "Сертификат не предназначен для подписания документов. Выберите сертификат электронной подписи."},
	{UnknownIssuer, trust.ErrUnknownIssuer, "Сертификат выдан неизвестным удостоверяющим центром. Нужен сертификат аккредитованного удостоверяющего центра."},
	{Revoked, trust.ErrRevoked, "Сертификат отозван. Подпишите документ другим, действующим сертификатом."},
	{Unqualified, nil, "Подпись неквалифицированная (УНЭП), а нужна квалифицированная (УКЭП). Подпишите документ квалифицированным сертификатом."},
	{RSANotAllowed, nil, "Ключ сертификата — RSA, квалифицированная подпись создаётся по ГОСТ Р 34.10-2012. Подпишите документ таким сертификатом."},
	{WrongPerson, nil, "Документ подписал не тот человек. Подписать должна сама сторона своим сертификатом: сверяется СНИЛС."},
	{WrongEntrepreneur, nil, "Сертификат выдан другому предпринимателю: не совпадает ИНН или ОГРНИП. Подпишите документ своим сертификатом."},
	{WrongOrganisation, nil, "Сертификат выдан другой организации: не совпадает ИНН или ОГРН. Подпишите документ сертификатом организации, которая является стороной."},
	{NotHead, nil, "Сертификат организации выдан не её руководителю. Документ подписывает руководитель или представитель с машиночитаемой доверенностью (МЧД)."},
	{NoOrganisation, nil, "Сертификат выдан физическому лицу, а стороной является организация. Подпишите документ сертификатом организации или приложите машиночитаемую доверенность (МЧД)."},
	{PowerTooLarge, mchd.ErrTooLarge, "Файл доверенности слишком большой. Загрузите файл МЧД в формате XML."},
	{NotPower, mchd.ErrNotPowerOfAttorney, "Это не машиночитаемая доверенность. Загрузите файл XML, который начинается с ON_EMCHD."},
	{PowerFormat002, mchd.ErrFormat002, "Доверенность старого формата 002, он больше не применяется. Оформите доверенность в едином формате 003."},
	{PowerFormat, mchd.ErrFormat, "Доверенность неизвестного формата. Принимается единый формат 003 (EMCHD_1)."},
	{PowerIncomplete, mchd.ErrIncomplete, "В доверенности нет обязательных сведений или они записаны с ошибкой. Оформите доверенность заново."},
	{PowerPrincipalKind, mchd.ErrPrincipalKind, "Такой доверитель не принимается: доверенность должна выдать российская организация с одним руководителем, предприниматель или физическое лицо. Подпишите документ сертификатом руководителя."},
	{PowerAgentKind, mchd.ErrRepresentativeKind, "Доверенность выдана организации, а не человеку. Нужна доверенность на человека, который подписывает документ."},
	{PowerNotYetValid, mchd.ErrNotYetValid, "Доверенность ещё не действовала в момент подписания. Подпишите документ, когда начнётся её срок."},
	{PowerExpired, mchd.ErrExpired, "Срок доверенности истёк до момента подписания. Приложите действующую доверенность."},
	{PowerRevoked, nil, "Доверенность отменена по сведениям реестра ФНС. Приложите действующую доверенность."},
	{PowerOfOther, mchd.ErrPrincipal, "Доверенность выдана другой организацией или другим лицом. Приложите доверенность стороны, за которую подписан документ."},
	{PowerForOther, mchd.ErrRepresentative, "Доверенность выдана другому представителю. Подписать документ должен тот, кто в ней назван."},
	{PowerInsufficient, mchd.ErrPowers, "В доверенности нет полномочия подписывать такой документ. Приложите доверенность с нужным полномочием."},
	{PowerDelegated, mchd.ErrDelegated, "Доверенность выдана в порядке передоверия, а первоначальная не приложена. Приложите и первоначальную доверенность с её подписью."},
	{PowerWronglyDelegated, mchd.ErrParent, "Передоверие не соответствует первоначальной доверенности: номеру, сроку, полномочиям или запрету передоверия. Приложите правильную первоначальную доверенность."},
	{PowerSignature, nil, "Подпись доверенности не принята. Приложите файл подписи (.sig), которой доверенность подписал доверитель."},
}

// Warnings do not refuse a signature.
const (
	RevocationNotChecked Code = "revocation_not_checked"
	KeyOutdated          Code = "key_outdated"
	TimeStampUntrusted   Code = "time_stamp_untrusted"
	SigningTimeAhead     Code = "signing_time_ahead"
	SigningTimeBehind    Code = "signing_time_behind"
	OfOrganisation       Code = "organisation_certificate"
	OfPerson             Code = "personal_certificate"
	HeadUnknown          Code = "head_unknown"
	PowerNotNeeded       Code = "power_not_needed"
	PowerNotInRegistry   Code = "power_registry_not_asked"
	PowersNotJudged      Code = "powers_not_judged"
	SeveralAgents        Code = "several_representatives"
	OtherHead            Code = "other_head"
)

// warnings has the text of every warning.
var warnings = []struct {
	code Code
	text string
}{
	{RevocationNotChecked, "Отзыв не проверен: нет действующего списка отозванных сертификатов."},
	{KeyOutdated, "Ключ устаревший: ГОСТ Р 34.10-2001 не применяется для подписания с 2019 года."},
	{TimeStampUntrusted, "Штамп времени в подписи не принят, и момент подписи определён без него."},
	{SigningTimeAhead, "Время подписания, указанное подписантом, позже момента подписи более чем на 5 минут."},
	{SigningTimeBehind, "Время подписания, указанное подписантом, раньше момента подписи более чем на 5 минут."},
	{OfOrganisation, "Физическое лицо подписало документ сертификатом организации."},
	{OfPerson, "Предприниматель подписал документ сертификатом физического лица без ОГРНИП."},
	{HeadUnknown, "Руководитель организации не известен платформе, подписант с ним не сверен."},
	{PowerNotNeeded, "Доверенность приложена, но не нужна: документ подписала сама сторона."},
	{PowerNotInRegistry, "Отмена доверенности не проверялась: реестр ФНС не подключён."},
	{PowersNotJudged, "Достаточность полномочий не проверена. Прочитайте полномочия в доверенности."},
	{SeveralAgents, "В доверенности несколько представителей. Проверьте, могут ли они действовать по отдельности."},
	{OtherHead, "Доверенность подписал не нынешний руководитель организации."},
}

// Refusals returns every refusal without its detail.
func Refusals() []Finding {
	all := make([]Finding, len(refusals))
	for i, r := range refusals {
		all[i] = Finding{Code: r.code, Text: r.text}
	}
	return all
}

// findingOf returns the refusal that an error of another package stands for.
func findingOf(err error) (f Finding, known bool) {
	for _, r := range refusals {
		if r.err != nil && errors.Is(err, r.err) {
			return Finding{Code: r.code, Text: r.text}, true
		}
	}
	return Finding{}, false
}

// texts are those of refusals and warnings.
var texts = func() map[Code]string {
	all := map[Code]string{}
	for _, r := range refusals {
		all[r.code] = r.text
	}
	for _, w := range warnings {
		all[w.code] = w.text
	}
	return all
}()
