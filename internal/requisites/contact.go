package requisites

import (
	"net/mail"
	"strings"
	"unicode"
)

// Phone returns the normal form «+79001234567» (E.164). Russian numbers may start with 8, 7, +7 or
// without a country code; foreign ones need the + and have 8 to 15 digits.
func Phone(s string) (string, error) {
	const expected = "Ожидается номер вида +7 900 123-45-67."
	s, err := clean(KindPhone, "Телефон", s, expected)
	if err != nil {
		return "", err
	}
	international := strings.HasPrefix(s, "+")
	digits, ok := digitsOnly(strings.TrimPrefix(s, "+"), " -().")
	if !ok {
		return "", fault(KindPhone, CodeCharacters, "Телефон: допустимы только цифры, пробелы, скобки, дефисы и знак «+» в начале. "+expected)
	}
	switch {
	case international && !strings.HasPrefix(digits, "7") && !strings.HasPrefix(digits, "0") && len(digits) >= 8 && len(digits) <= 15:
		return "+" + digits, nil
	case international && strings.HasPrefix(digits, "7") && len(digits) == 11:
		return "+" + digits, nil
	case !international && len(digits) == 11 && (digits[0] == '7' || digits[0] == '8'):
		return "+7" + digits[1:], nil
	case !international && len(digits) == 10:
		return "+7" + digits, nil
	}
	return "", fault(KindPhone, CodeLength, "Телефон: неверное количество цифр. "+expected)
}

// PhoneLabel formats a normal form for display: «+7 900 123-45-67». It returns a number that is not
// Russian unchanged.
func PhoneLabel(normal string) string {
	if len(normal) != 12 || !strings.HasPrefix(normal, "+7") {
		return normal
	}
	return normal[:2] + " " + normal[2:5] + " " + normal[5:8] + "-" + normal[8:10] + "-" + normal[10:]
}

// Email returns the normal form of one bare address (no display name, no quoting): the domain in
// lower case, Cyrillic domains allowed, at most 254 bytes (RFC 5321). The local part keeps its
// case, because only its server can interpret it.
func Email(s string) (string, error) {
	const expected = "Ожидается адрес вида name@example.ru."
	s, err := clean(KindEmail, "Электронная почта", s, expected)
	if err != nil {
		return "", err
	}
	if len(s) > 254 {
		return "", fault(KindEmail, CodeTooLong, "Электронная почта: слишком длинный адрес. "+expected)
	}
	if strings.ContainsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }) {
		return "", fault(KindEmail, CodeCharacters, "Электронная почта: адрес содержит пробелы или недопустимые символы. "+expected)
	}
	address, err := mail.ParseAddress(s)
	at := strings.LastIndexByte(s, '@')
	if err != nil || at > 64 || address.Address != s || !isDomainName(s[at+1:]) {
		return "", fault(KindEmail, CodeForm, "Электронная почта: неверный вид адреса. "+expected)
	}
	return s[:at+1] + strings.ToLower(s[at+1:]), nil
}

// isDomainName reports whether domain consists of dotted labels of letters, digits and inner
// hyphens. The last label must contain a letter, which excludes IP addresses.
func isDomainName(domain string) bool {
	labels := strings.Split(domain, ".")
	if len(labels) < 2 {
		return false
	}
	for _, label := range labels {
		if label == "" || len(label) > 63 || strings.HasPrefix(label, "-") || strings.HasSuffix(label, "-") {
			return false
		}
		if strings.ContainsFunc(label, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' }) {
			return false
		}
	}
	return strings.ContainsFunc(labels[len(labels)-1], unicode.IsLetter)
}
