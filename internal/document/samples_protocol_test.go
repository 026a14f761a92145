package document_test

import (
	"bytes"
	"strings"
	"time"

	"epkr/internal/document/forms"
	"epkr/internal/document/pdf"
	"epkr/internal/mchd"
	"epkr/internal/signature"
)

// checkedAt is when the signatures of the protocols were checked.
var checkedAt = time.Date(2026, 12, 2, 6, 5, 4, 0, time.UTC)

// hex returns digits as of a hash.
func hex(digits string, n int) string { return strings.Repeat(digits, n)[:n] }

func certificate(subject, issuer, digits string) signature.Certificate {
	return signature.Certificate{
		Subject: subject, Issuer: issuer, Serial: hex(digits, 17), NotBefore: checkedAt.AddDate(-1, 0, 0), NotAfter: checkedAt.AddDate(0, 6, 0), SHA256: hex(digits, 64),
	}
}

const (
	issuer = "Аккредитованный УЦ"
	root   = "Головной УЦ Минцифры России"
)

func chainOf(subject, digits string) []signature.Certificate {
	return []signature.Certificate{certificate(subject, issuer, digits), certificate(issuer, root, "c0ffee"), certificate(root, root, "beef")}
}

// accepted is a signature of a person with everything that a check can find.
func accepted(name, digits string) signature.Result {
	list := signature.List{Issuer: issuer, Number: "4711", ThisUpdate: checkedAt.Add(-time.Hour), NextUpdate: checkedAt.Add(23 * time.Hour), SHA256: hex("a1b2c3d4", 64)}
	chain := chainOf(name, digits)
	return signature.Result{
		Format: 1, Valid: true, AcceptedAt: checkedAt, SignatureSHA256: hex("5ig", 64), Form: signature.CAdESBES,
		Document:  signature.Document{Size: 48_213, Hash: "1.2.643.7.1.1.2.2", Digest: hex("0123456789abcdef", 64)},
		Signer:    &signature.Signer{Name: name, SNILS: "08765430300", INN: "708765430327"},
		Algorithm: &signature.Algorithm{Name: "ГОСТ Р 34.10-2012, 256 бит", ParameterSet: "CryptoPro-A"},
		Chain:     chain, Certificate: &chain[0], RevocationChecked: true, RevocationLists: []signature.List{list},
		Moment: &signature.Moment{At: checkedAt.Add(-time.Minute), Source: signature.ByAcceptance, SigningTime: checkedAt.Add(-3 * time.Minute)},
	}
}

// stamped is an accepted signature of an agent by a delegated power of attorney, with a time stamp.
func stamped() signature.Result {
	r := accepted("Доверенный Олег Игоревич", "d00d")
	r.Form, r.Moment.Source, r.Moment.TimeStampChain = signature.CAdEST, signature.ByTimeStamp, chainOf("Служба штампов времени", "7153")
	r.RevocationChecked, r.RevocationLists = false, nil
	r.Warnings = []signature.Finding{
		{Code: signature.RevocationNotChecked, Text: "Отзыв не проверен: нет действующего списка отозванных сертификатов."},
		{Code: signature.PowerNotInRegistry, Text: "Отмена доверенности не проверялась: реестр ФНС не подключён."},
	}
	organisation := accepted("ООО «Межа»", "0ff1ce")
	organisation.Signer.Name, organisation.Signer.Organisation, organisation.Signer.Position = "Директорова Анна Львовна", "ООО «Межа»", "директор"
	original := &signature.PowerOfAttorney{
		PowerOfAttorney: mchd.PowerOfAttorney{
			Number: "11111111-2222-3333-4444-555555555555", IssuedOn: "2026-09-01", ExpiresOn: "2027-08-31", Delegable: true,
			Principals:      []mchd.Principal{{Kind: mchd.Organisation, Name: "ООО «Межа»"}},
			Representatives: make([]mchd.Person, 23), Powers: mchd.Powers{Text: "подписывать договоры и акты"},
		},
		SHA256: hex("0a", 64), State: mchd.Active, Signature: organisation,
	}
	for i := range original.Representatives {
		original.Representatives[i].Name = "Представитель " + string(rune('А'+i))
	}
	agent := accepted("Передоверивший Глеб Олегович", "de1e9a7e")
	r.PowerOfAttorney = &signature.PowerOfAttorney{
		PowerOfAttorney: mchd.PowerOfAttorney{
			Number: "4f1c2d3e-5a6b-4c7d-8e9f-0a1b2c3d4e5f", IssuedOn: "2026-10-01", ExpiresOn: "2027-01-31", Parent: original.Number,
			Principals:      []mchd.Principal{{Kind: mchd.NaturalPerson, Name: "Передоверивший Глеб Олегович"}},
			Representatives: []mchd.Person{{Name: "Доверенный Олег Игоревич"}}, Powers: mchd.Powers{Codes: []mchd.Power{{Code: "02.114", Name: "Подписание договоров"}}},
		},
		SHA256: hex("0b", 64), State: mchd.NotChecked, Signature: agent, Delegates: original,
	}
	return r
}

// refused is a signature by a certificate that leads nowhere, whose texts nobody can print.
func refused() signature.Result {
	r := accepted("Иванов \uFFFD 中 Иван", "bad")
	r.Valid, r.Chain, r.RevocationChecked, r.RevocationLists = false, nil, false, nil
	r.Form, r.Moment.Source, r.Moment.SigningTime = signature.PlainCMS, signature.ByCheck, time.Time{}
	r.Refusals = []signature.Finding{{
		Code: signature.UnknownIssuer, Text: "Сертификат выдан неизвестным удостоверяющим центром. Нужен сертификат аккредитованного удостоверяющего центра.",
		Detail: "Издатель: Посторонний УЦ.",
	}}
	return r
}

func protocols() map[string]forms.Protocol {
	protocol := func(results ...signature.Result) forms.Protocol {
		p := forms.Protocol{
			Document:  forms.SignedDocument{Name: "Договор № 117.pdf", Size: 48_213, SHA256: hex("fedcba98", 64)},
			CheckedAt: checkedAt, Version: "1a2b3c4d5e6f", Shows: pdf.Shows,
		}
		for _, r := range results {
			p.Signatures = append(p.Signatures, forms.CheckedSignature{Name: "Договор № 117.pdf.sig", Result: r})
		}
		return p
	}
	unread := signature.Result{
		Format: 1, AcceptedAt: checkedAt, SignatureSHA256: hex("0d", 64),
		Refusals: []signature.Finding{{Code: signature.Damaged, Text: "Файл подписи повреждён или загружен не полностью. Скопируйте его ещё раз или подпишите документ заново."}},
	}
	inOrder := protocol(accepted("Межевой Пётр Ильич", "f00d"))
	inOrder.Version, inOrder.History = "", &forms.HistoryHead{Order: "26-000117", Seq: 9, Hash: hex("0c4a1", 64)}
	return map[string]forms.Protocol{
		"protocol-accepted": protocol(accepted("Межевой Пётр Ильич", "f00d")),
		"protocol-in-order": inOrder,
		"protocol-refused":  protocol(refused()),
		"protocol-unread":   protocol(unread),
		"protocol-several":  protocol(accepted("Межевой Пётр Ильич", "f00d"), stamped(), refused()),
		"protocol-both":     protocol(accepted("Межевой Пётр Ильич", "f00d"), stamped()),
	}
}

// histories are of a whole order, and of one with more events than are shown and an unprintable name.
func histories() map[string]forms.History {
	h := forms.History{
		OrderNumber: "2026-000117", MadeAt: checkedAt, All: 3, HeadSeq: 3, Head: bytes.Repeat([]byte{0xab}, 32), Shows: pdf.Shows,
		Events: []forms.Event{
			{Seq: 1, At: checkedAt.AddDate(0, -1, 0), Who: "Заказчик: Соловьёва Алёна Юрьевна", What: "Проект заказа создан", Stage: "Черновик"},
			{Seq: 2, At: checkedAt.AddDate(0, -1, 1), Who: "Исполнитель: Межевой Пётр Ильич", What: "Кадастровый инженер откликнулся"},
			{Seq: 3, At: checkedAt, What: "Срок подписания истёк", Stage: "Отменен"},
		},
	}
	long := h
	long.All, long.Head = 4000, nil
	long.Events = append([]forms.Event{{Seq: 4, At: checkedAt, Who: "Иванов 中 Иван", What: "Заказ опубликован"}}, h.Events...)
	return map[string]forms.History{"history": h, "history-long": long}
}
