package requisites

var (
	innOrganisation = []int{2, 4, 10, 3, 5, 9, 4, 6, 8}
	innPersonFirst  = []int{7, 2, 4, 10, 3, 5, 9, 4, 6, 8}
	innPersonSecond = []int{3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8}
)

// INN is the normal form (10 digits of an organisation or 12 of a person) with its control digits checked:
// Σ digit × weight mod 11 mod 10, once for an organisation, twice for a person.
func INN(s string) (string, error) {
	return inn(s, "Ожидаются 10 цифр для организации или 12 цифр для физического лица.", 10, 12)
}

// INNOrganisation is INN for an organisation: 10 digits.
func INNOrganisation(s string) (string, error) {
	return inn(s, "Ожидаются 10 цифр ИНН организации.", 10)
}

// INNPerson is INN for a natural person, entrepreneurs among them: 12 digits.
func INNPerson(s string) (string, error) {
	return inn(s, "Ожидаются 12 цифр ИНН физического лица или предпринимателя.", 12)
}

func inn(s, expected string, lengths ...int) (string, error) {
	digits, err := number(KindINN, "ИНН", s, expected, lengths...)
	if err != nil {
		return "", err
	}
	body := digits[:9]
	if len(digits) == 12 {
		body = digits[:10]
	}
	if zeros(digits) || CompleteINN(body) != digits {
		return "", fault(KindINN, CodeChecksum, "ИНН: контрольные цифры не соответствуют номеру. Проверьте, нет ли опечатки.")
	}
	return digits, nil
}

// CompleteINN puts the control digits behind the 9 digits of an organisation or the 10 of a person.
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

// OGRN is the normal form (13 digits) of an organisation's number in the ЕГРЮЛ; the last digit is
// the first 12 mod 11 mod 10.
func OGRN(s string) (string, error) {
	return ogrn(KindOGRN, "ОГРН", s, "Ожидаются 13 цифр ОГРН организации.", 13)
}

// OGRNIP is the normal form (15 digits) of an entrepreneur's number in the ЕГРИП; the last digit is
// the first 14 mod 13 mod 10.
func OGRNIP(s string) (string, error) {
	return ogrn(KindOGRNIP, "ОГРНИП", s, "Ожидаются 15 цифр ОГРНИП предпринимателя.", 15)
}

func ogrn(kind Kind, name, s, expected string, length int) (string, error) {
	digits, err := number(kind, name, s, expected, length)
	if err != nil {
		return "", err
	}
	if zeros(digits) || CompleteOGRN(digits[:length-1]) != digits {
		return "", fault(kind, CodeChecksum, name+": последняя (контрольная) цифра не соответствует номеру. Проверьте, нет ли опечатки.")
	}
	return digits, nil
}

// CompleteOGRN puts the control digit behind the 12 digits of an ОГРН or the 14 of an ОГРНИП.
// It panics on anything else: it is for generators, not for input.
func CompleteOGRN(body string) string {
	digits, ok := digitsOnly(body, "")
	if !ok || len(digits) != 12 && len(digits) != 14 {
		panic("requisites: CompleteOGRN needs 12 or 14 digits, got " + body)
	}
	return body + digit(remainder(body, len(body)-1)%10)
}

// KPP is the normal form (9 characters) of an organisation's reason code: digits, of which the fifth and
// sixth may be capital Latin letters. It has no control digit.
func KPP(s string) (string, error) {
	const expected = "Ожидаются 9 знаков, например 770701001."
	s, err := clean(KindKPP, "КПП", s, expected)
	if err != nil {
		return "", err
	}
	if len(s) != 9 {
		return "", fault(KindKPP, CodeLength, "КПП: неверное количество знаков. "+expected)
	}
	for i := range len(s) {
		isDigit := s[i] >= '0' && s[i] <= '9'
		isReasonLetter := (i == 4 || i == 5) && s[i] >= 'A' && s[i] <= 'Z'
		if !isDigit && !isReasonLetter {
			return "", fault(KindKPP, CodeCharacters, "КПП: недопустимый знак. "+expected)
		}
	}
	return s, nil
}

// zeros reports whether every digit is 0: such a number passes every checksum and was never issued.
func zeros(digits string) bool {
	for i := range len(digits) {
		if digits[i] != '0' {
			return false
		}
	}
	return true
}
