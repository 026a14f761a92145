// Package requisites validates and normalises the identifying numbers of Russian paperwork that
// people type or other systems send: СНИЛС, ИНН, ОГРН, ОГРНИП, КПП, БИК, accounts, cadastral
// numbers, КУВД, phone, e-mail. Each number has one normal form, in which it is stored and
// compared.
//
// It never asks a register whether a number was really issued: an accepted number is only well
// formed. It does no I/O and keeps no state. Its inputs are arbitrary strings of any length. The
// rules come from the public descriptions of each number; if a number has a checksum, the doc
// comment of its function states the rule.
package requisites

import (
	"unicode/utf8"
)

// Code identifies a fault for programs: stable, never shown to people.
type Code string

// Codes of Error.
const (
	CodeEmpty           Code = "empty"            // no value
	CodeTooLong         Code = "too_long"         // longer than any value of this kind
	CodeCharacters      Code = "characters"       // a character that is not allowed
	CodeLength          Code = "length"           // wrong number of digits
	CodeForm            Code = "form"             // wrong format
	CodeChecksum        Code = "checksum"         // the control digits do not match
	CodeChecksumUnknown Code = "checksum_unknown" // СНИЛС up to 001-001-998: no control digits are defined
)

// Error is a fault of a value.
type Error struct {
	Kind    Kind   // kind of the number
	Code    Code   // kind of the fault
	Message string // a Russian sentence: what is wrong and what is expected
}

// Error returns the Russian sentence, suitable for the screen.
func (e *Error) Error() string { return e.Message }

// Kind is the kind of number that an Error is about: stable, for programs.
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

// maxInput is the longest accepted input, in bytes: no number needs more, with any spacing and
// punctuation.
const maxInput = 1024

func fault(kind Kind, code Code, message string) *Error {
	return &Error{Kind: kind, Code: code, Message: message}
}

// clean refuses input that is too long, empty or not UTF-8, and normalises the punctuation of the
// rest. expected is the end of the error message: what the person should enter.
func clean(kind Kind, name, s, expected string) (string, error) {
	if len(s) > maxInput {
		return "", fault(kind, CodeTooLong, name+": слишком длинное значение. "+expected)
	}
	if !utf8.ValidString(s) {
		return "", fault(kind, CodeCharacters, name+": значение содержит недопустимые символы. "+expected)
	}
	s = normalizePunctuation(s)
	if s == "" {
		return "", fault(kind, CodeEmpty, name+": значение не указано. "+expected)
	}
	return s, nil
}

// parseDigits reads a value of digits, which people may group with spaces and hyphens.
func parseDigits(kind Kind, name, s, expected string, lengths ...int) (string, error) {
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

// weighted returns the sum of digit × weight; digits must have at least as many digits as there are
// weights.
func weighted(digits string, weights []int) int {
	sum := 0
	for i, w := range weights {
		sum += int(digits[i]-'0') * w
	}
	return sum
}

// remainder returns digits, read as one decimal number, modulo m. It works digit by digit, so that
// no length overflows.
func remainder(digits string, m int) int {
	r := 0
	for i := range len(digits) {
		r = (r*10 + int(digits[i]-'0')) % m
	}
	return r
}

func digit(n int) string { return string(rune('0' + n)) }
