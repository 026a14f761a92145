package requisites

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

var (
	innOrganisation = []int{2, 4, 10, 3, 5, 9, 4, 6, 8}
	innPersonFirst  = []int{7, 2, 4, 10, 3, 5, 9, 4, 6, 8}
	innPersonSecond = []int{3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8}
)

// INN returns the normal form (10 digits of an organisation or 12 of a person) and checks its
// control digits: Σ digit × weight mod 11 mod 10, once for an organisation, twice for a person.
func INN(s string) (string, error) {
	return inn(s, "Ожидаются 10 цифр для организации или 12 цифр для физического лица.", 10, 12)
}

// INNOrganisation is INN for an organisation: 10 digits.
func INNOrganisation(s string) (string, error) {
	return inn(s, "Ожидаются 10 цифр ИНН организации.", 10)
}

// INNPerson is INN for a natural person, including entrepreneurs: 12 digits.
func INNPerson(s string) (string, error) {
	return inn(s, "Ожидаются 12 цифр ИНН физического лица или предпринимателя.", 12)
}

func inn(s, expected string, lengths ...int) (string, error) {
	digits, err := parseDigits(KindINN, "ИНН", s, expected, lengths...)
	if err != nil {
		return "", err
	}
	body := digits[:9]
	if len(digits) == 12 {
		body = digits[:10]
	}
	if allZeros(digits) || CompleteINN(body) != digits {
		return "", fault(KindINN, CodeChecksum, "ИНН: контрольные цифры не соответствуют номеру. Проверьте, нет ли опечатки.")
	}
	return digits, nil
}

// CompleteINN appends the control digits to the 9 digits of an organisation or the 10 of a person.
// It panics on anything else: it is for generators, not for input.
func CompleteINN(body string) string {
	if digits, ok := digitsOnly(body, ""); !ok || len(digits) != 9 && len(digits) != 10 {
		panic("requisites: CompleteINN needs 9 or 10 digits, got " + body)
	}
	if len(body) == 9 {
		return body + digit(weighted(body, innOrganisation)%11%10)
	}
	body += digit(weighted(body, innPersonFirst) % 11 % 10)
	return body + digit(weighted(body, innPersonSecond)%11%10)
}

// OGRN returns the normal form (13 digits) of an organisation's number in the ЕГРЮЛ; the last digit
// is the first 12 mod 11 mod 10. The first digit is 1 or 5: a number with another one belongs to a
// later entry about the organisation (ГРН).
func OGRN(s string) (string, error) {
	return ogrn(KindOGRN, "ОГРН", s, "Ожидаются 13 цифр ОГРН организации, первая — 1 или 5.", 13, "15")
}

// OGRNIP returns the normal form (15 digits) of an entrepreneur's number in the ЕГРИП; the last
// digit is the first 14 mod 13 mod 10. The first digit is 3: a number with 4 belongs to a later
// entry (ГРНИП).
func OGRNIP(s string) (string, error) {
	return ogrn(KindOGRNIP, "ОГРНИП", s, "Ожидаются 15 цифр ОГРНИП предпринимателя, первая — 3.", 15, "3")
}

func ogrn(kind Kind, name, s, expected string, length int, first string) (string, error) {
	digits, err := parseDigits(kind, name, s, expected, length)
	if err != nil {
		return "", err
	}
	if allZeros(digits) || CompleteOGRN(digits[:length-1]) != digits {
		return "", fault(kind, CodeChecksum, name+": последняя (контрольная) цифра не соответствует номеру. Проверьте, нет ли опечатки.")
	}
	if !strings.Contains(first, digits[:1]) {
		return "", fault(kind, CodeForm, name+": это номер другой записи. "+expected)
	}
	return digits, nil
}

// CompleteOGRN appends the control digit to the 12 digits of an ОГРН or the 14 of an ОГРНИП. It
// panics on anything else: it is for generators, not for input.
func CompleteOGRN(body string) string {
	digits, ok := digitsOnly(body, "")
	if !ok || len(digits) != 12 && len(digits) != 14 {
		panic("requisites: CompleteOGRN needs 12 or 14 digits, got " + body)
	}
	return body + digit(remainder(body, len(body)-1)%10)
}

// kpp is NNNNPPXXX: the tax office (its first two digits are a region), the reason, and a number that counts from 001.
var kpp = regexp.MustCompile(`^[0-9]{4}[0-9A-Z]{2}[0-9]{3}$`)

// KPP returns the normal form (9 characters) of an organisation's registration reason code. It has
// no control digit, but none of its parts is zero.
func KPP(s string) (string, error) {
	const expected = "Ожидаются 9 знаков, например 770701001."
	s, err := clean(KindKPP, "КПП", s, expected)
	if err != nil {
		return "", err
	}
	s = strings.ToUpper(strings.NewReplacer(" ", "", "-", "").Replace(s))
	switch {
	case utf8.RuneCountInString(s) != 9:
		return "", fault(KindKPP, CodeLength, "КПП: неверное количество знаков. "+expected)
	case !kpp.MatchString(s):
		return "", fault(KindKPP, CodeCharacters, "КПП: недопустимый знак. "+expected)
	case allZeros(s[:2]), allZeros(s[4:6]), allZeros(s[6:]):
		return "", fault(KindKPP, CodeForm, "КПП: такого кода не бывает: код региона, причина и порядковый номер не могут быть нулями. "+expected)
	}
	return s, nil
}
