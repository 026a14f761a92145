package requisites

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	// In published cadastral plans the parts have 2:2:7:1–5 digits; older numbers have 6 digits in
	// the third part.
	cadastralNumber    = regexp.MustCompile(`^\d{2}:\d{2}:\d{6,7}:\d{1,10}$`)
	spaceBetweenDigits = regexp.MustCompile(`\d +\d`)
	cadastralBlock     = regexp.MustCompile(`^\d{2}:\d{2}:\d{6,7}$`)
	kuvd               = regexp.MustCompile(`^КУВД-\d{3}/\d{4}-\d{1,10}(/\d{1,10})?$`)
)

// CadastralNumber returns the normal form «77:01:0001001:12» of the cadastral number of a parcel, a
// building or another object. Its first part is a cadastral district, which may differ from the
// code of the subject of the federation: package territory maps one to the other.
func CadastralNumber(s string) (string, error) {
	return cadastral(KindCadastralNumber, "Кадастровый номер", s, cadastralNumber,
		"Ожидается вид АА:ВВ:ССССССС:К, например 77:01:0001001:12.")
}

// CadastralBlock returns the normal form «77:01:0001001» of the number of a cadastral block
// (кадастровый квартал).
func CadastralBlock(s string) (string, error) {
	return cadastral(KindCadastralBlock, "Кадастровый квартал", s, cadastralBlock,
		"Ожидается вид АА:ВВ:ССССССС, например 77:01:0001001.")
}

func cadastral(kind Kind, name, s string, form *regexp.Regexp, expected string) (string, error) {
	s, err := clean(kind, name, s, expected)
	if err != nil {
		return "", err
	}
	if spaceBetweenDigits.MatchString(s) { // two numbers must not be joined into one
		return "", fault(kind, CodeForm, name+": неверный вид номера. "+expected)
	}
	s = strings.ReplaceAll(s, " ", "")
	if _, ok := digitsOnly(s, ":"); !ok {
		return "", fault(kind, CodeCharacters, name+": допустимы только цифры и двоеточия. "+expected)
	}
	if !form.MatchString(s) || allZeros(s[strings.LastIndexByte(s, ':')+1:]) && kind == KindCadastralNumber {
		return "", fault(kind, CodeForm, name+": неверный вид номера. "+expected)
	}
	return s, nil
}

// KUVD returns the normal form of the number of an entry in Rosreestr's book of incoming documents.
// known reports whether it has the current form «КУВД-001/2021-3670443». Other numbers exist
// (47/201/16-843634), so any text of at most 64 characters is accepted with known false; the caller
// should warn and not refuse.
func KUVD(s string) (normal string, known bool, err error) {
	s, err = freeText(KindKUVD, "Номер КУВД", s, "Ожидается номер вида КУВД-001/2021-3670443, не длиннее 64 знаков.")
	if err != nil {
		return "", false, err
	}
	if joined := strings.ToUpper(compact(s)); kuvd.MatchString(joined) {
		return joined, true, nil
	}
	return s, false, nil
}

// UIN returns the normal form of the number of an electronic storage where results were left. Its
// format is not public: it accepts any text of 1 to 64 characters.
func UIN(s string) (string, error) {
	return freeText(KindUIN, "УИН хранилища", s, "Ожидается номер не длиннее 64 знаков.")
}

func freeText(kind Kind, name, s, expected string) (string, error) {
	broken := strings.ContainsFunc(strings.TrimSpace(s), func(r rune) bool { return r != '\t' && unicode.IsControl(r) })
	s, err := clean(kind, name, s, expected)
	if err != nil {
		return "", err
	}
	if utf8.RuneCountInString(s) > 64 {
		return "", fault(kind, CodeTooLong, name+": слишком длинное значение. "+expected)
	}
	if broken || strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return "", fault(kind, CodeCharacters, name+": значение содержит недопустимые символы. "+expected)
	}
	return s, nil
}
