// Package requisites checks the identifying numbers of Russian paperwork that people type in or that
// other systems send (СНИЛС, ИНН, ОГРН, ОГРНИП, КПП, БИК, accounts, cadastral numbers, КУВД, phone,
// e-mail) and gives each its one normal form, the form in which it is stored and compared.
//
// It never asks a register whether a number was really issued: a number that passes is well formed,
// no more. It does no I/O and keeps no state. Its inputs are plain strings, however long or broken.
// The rules are from the public descriptions of each number; where a number has a checksum, the
// doc comment of its function names the rule.
package requisites

import (
	"unicode/utf8"
)

// Code names a fault for programs: stable, never shown to people.
type Code string

// Codes of Error.
const (
	CodeEmpty           Code = "empty"            // nothing was given
	CodeTooLong         Code = "too_long"         // longer than any value of that kind
	CodeCharacters      Code = "characters"       // a character that cannot occur
	CodeLength          Code = "length"           // wrong number of digits
	CodeForm            Code = "form"             // wrong arrangement of parts
	CodeChecksum        Code = "checksum"         // the control digits do not fit
	CodeChecksumUnknown Code = "checksum_unknown" // СНИЛС up to 001-001-998: no control digits are defined
)

// Error says what is wrong with a value.
type Error struct {
	Kind    Kind   // which number
	Code    Code   // which fault
	Message string // a Russian sentence: what is wrong and what is expected
}

// Error is the Russian sentence, fit for the screen.
func (e *Error) Error() string { return e.Message }

// Kind names the number that an Error is about: stable, for programs.
type Kind string

// Kinds of numbers.
const (
	KindSNILS                Kind = "snils"
	KindINN                  Kind = "inn"
	KindOGRN                 Kind = "ogrn"
	KindOGRNIP               Kind = "ogrnip"
	KindKPP                  Kind = "kpp"
	KindBIC                  Kind = "bic"
	KindSettlementAccount    Kind = "settlement_account"
	KindCorrespondentAccount Kind = "correspondent_account"
	KindCadastralNumber      Kind = "cadastral_number"
	KindCadastralBlock       Kind = "cadastral_block"
	KindKUVD                 Kind = "kuvd"
	KindUIN                  Kind = "uin"
	KindPhone                Kind = "phone"
	KindEmail                Kind = "email"
)

// maxInput is the longest input that is looked at, in bytes: no number here, however it is
// spaced and punctuated, needs as many.
const maxInput = 1024

func fault(kind Kind, code Code, message string) *Error {
	return &Error{Kind: kind, Code: code, Message: message}
}

// clean refuses what no number of any kind can be, and returns the rest as [plain] writes it.
// expected is the end of the sentence: what the person should enter.
func clean(kind Kind, name, s, expected string) (string, error) {
	if len(s) > maxInput {
		return "", fault(kind, CodeTooLong, name+": слишком длинное значение. "+expected)
	}
	if !utf8.ValidString(s) {
		return "", fault(kind, CodeCharacters, name+": значение содержит недопустимые символы. "+expected)
	}
	s = plain(s)
	if s == "" {
		return "", fault(kind, CodeEmpty, name+": значение не указано. "+expected)
	}
	return s, nil
}

// number reads a value that is nothing but digits, which people like to group with spaces and hyphens.
func number(kind Kind, name, s, expected string, lengths ...int) (string, error) {
	s, err := clean(kind, name, s, expected)
	if err != nil {
		return "", err
	}
	digits, ok := digitsOnly(s, " -")
	if !ok {
		return "", fault(kind, CodeCharacters, name+": допустимы только цифры. "+expected)
	}
	for _, n := range lengths {
		if len(digits) == n {
			return digits, nil
		}
	}
	return "", fault(kind, CodeLength, name+": неверное количество цифр. "+expected)
}

// weighted is the sum of digit × weight; digits must be as many as weights.
func weighted(digits string, weights []int) int {
	sum := 0
	for i, w := range weights {
		sum += int(digits[i]-'0') * w
	}
	return sum
}

// remainder is digits, read as one decimal number, modulo m; it is worked out digit by digit, so that no
// length overflows.
func remainder(digits string, m int) int {
	r := 0
	for i := range len(digits) {
		r = (r*10 + int(digits[i]-'0')) % m
	}
	return r
}

func digit(n int) string { return string(rune('0' + n)) }
