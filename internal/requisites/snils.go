package requisites

import "fmt"

const (
	snilsExpected = "Ожидаются 11 цифр в виде 123-456-789 00."
	// lastSNILSWithoutChecksum is the last of the numbers issued before control digits were introduced.
	lastSNILSWithoutChecksum = "001001998"
)

// SNILSWellFormed returns the normal form «123-456-789 00» of 11 digits, with or without
// punctuation. It does not check the control digits: data from the ЕСИА are never refused for them
// (its test account 000-000-600 15 has wrong ones). It refuses only a number of zeros.
func SNILSWellFormed(s string) (string, error) {
	digits, err := parseDigits(KindSNILS, "СНИЛС", s, snilsExpected, 11)
	if err != nil {
		return "", err
	}
	if allZeros(digits) {
		return "", fault(KindSNILS, CodeForm, "СНИЛС: номера из одних нулей не бывает. "+snilsExpected)
	}
	return formatSNILS(digits), nil
}

// SNILSChecksum checks the control digits of a well-formed СНИЛС. It returns nil if they match, an
// Error with CodeChecksum if they do not, and one with CodeChecksumUnknown for numbers up to
// 001-001-998, which have none. Rule of the Pension Fund: Σ digit × (9…1); 100 and 101 give 00,
// greater sums are taken modulo 101.
func SNILSChecksum(s string) error {
	normal, err := SNILSWellFormed(s)
	if err != nil {
		return err
	}
	digits, _ := digitsOnly(normal, " -")
	if digits[:9] <= lastSNILSWithoutChecksum {
		return fault(KindSNILS, CodeChecksumUnknown,
			"СНИЛС: для номеров до 001-001-998 контрольное число не определено, проверьте номер по документу.")
	}
	if snilsControl(digits[:9]) != digits[9:] {
		return fault(KindSNILS, CodeChecksum,
			"СНИЛС: контрольное число (две последние цифры) не соответствует номеру. Проверьте, нет ли опечатки.")
	}
	return nil
}

// SNILS returns the normal form of a number that passes both SNILSWellFormed and SNILSChecksum.
func SNILS(s string) (string, error) {
	normal, err := SNILSWellFormed(s)
	if err != nil {
		return "", err
	}
	if err := SNILSChecksum(normal); err != nil {
		return "", err
	}
	return normal, nil
}

// CompleteSNILS appends the control digits to a number of 9 digits and returns the normal form. It
// panics if number is not 9 digits: it is for generators, not for input.
func CompleteSNILS(number string) string {
	if digits, ok := digitsOnly(number, ""); !ok || len(digits) != 9 {
		panic("requisites: CompleteSNILS needs 9 digits, got " + number)
	}
	return formatSNILS(number + snilsControl(number))
}

func formatSNILS(digits string) string {
	return digits[:3] + "-" + digits[3:6] + "-" + digits[6:9] + " " + digits[9:]
}

func snilsControl(nine string) string {
	sum := weighted(nine, []int{9, 8, 7, 6, 5, 4, 3, 2, 1}) % 101
	return fmt.Sprintf("%02d", sum%100)
}
