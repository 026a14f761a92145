package paymentqr

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"epkr/internal/requisites"
)

// Payment is what the payer's app fills in. The names of the fields are those of the standard.
type Payment struct {
	// Mandatory (table 1): the payee, the account, the payee's bank.
	Name        string // 1 to 160 characters
	PersonalAcc string // 20 digits
	BankName    string // 1 to 45 characters
	BIC         string // 9 digits
	CorrespAcc  string // 20 digits, "" if the bank has none

	// Additional (tables 2 and 3); left out if they are empty.
	Sum        int64  // kopecks; 0 lets the payer enter it
	Purpose    string // at most 210 characters
	PayeeINN   string // 10 or 12 digits
	KPP        string // 9 characters
	LastName   string // of the payer
	FirstName  string
	MiddleName string
}

// Error is a fault of a field.
type Error struct {
	// Field is the name of the field in the standard, "" for the payment as a whole.
	Field string
	// Message is a Russian sentence: what is wrong and what is expected.
	Message string
}

// Error returns the Russian sentence, suitable for the screen.
func (e *Error) Error() string { return e.Message }

// The limits of the standard in characters, and that of the sum, which has 18 digits.
const (
	maxName     = 160
	maxBankName = 45
	maxPurpose  = 210
	maxSum      = 999_999_999_999_999_999
	// maxPersonName is that of each part of the payer's name, for which the standard has none.
	maxPersonName = 160
)

// noAccount is written where the bank has no correspondent account.
const noAccount = "0"

// field is a field with its value, and the check that returns the value as it is written.
type field struct {
	name, value string
	optional    bool
	check       func(string) (string, error)
}

// written returns the fields that have a value, checked, in the order of the standard. The error is
// *Error.
func (p Payment) written() ([]field, error) {
	correspondent := field{"CorrespAcc", p.CorrespAcc, false, atBank(requisites.CorrespondentAccount, p.BIC)}
	if p.CorrespAcc == "" {
		correspondent = field{"CorrespAcc", noAccount, false, asItIs}
	}
	all := []field{
		{"Name", p.Name, false, text("Наименование получателя", maxName)},
		{"PersonalAcc", p.PersonalAcc, false, atBank(requisites.SettlementAccount, p.BIC)},
		{"BankName", p.BankName, false, text("Наименование банка получателя", maxBankName)},
		{"BIC", p.BIC, false, requisites.BIC},
		correspondent,
		{"Sum", sumText(p.Sum), true, sum},
		{"Purpose", p.Purpose, true, text("Назначение платежа", maxPurpose)},
		{"PayeeINN", p.PayeeINN, true, payeeINN},
		{"KPP", p.KPP, true, requisites.KPP},
		{"LastName", p.LastName, true, text("Фамилия плательщика", maxPersonName)},
		{"FirstName", p.FirstName, true, text("Имя плательщика", maxPersonName)},
		{"MiddleName", p.MiddleName, true, text("Отчество плательщика", maxPersonName)},
	}
	// The accounts are checked with the БИК, so a fault of it is told as its own.
	if _, err := requisites.BIC(p.BIC); err != nil {
		return nil, &Error{"BIC", err.Error()}
	}
	var written []field
	for _, f := range all {
		if f.value == "" && f.optional {
			continue
		}
		value, err := f.check(f.value)
		if err != nil {
			return nil, &Error{f.name, err.Error()}
		}
		f.value = value
		written = append(written, f)
	}
	return written, nil
}

func asItIs(value string) (string, error) { return value, nil }

func atBank(check func(account, bic string) (string, error), bic string) func(string) (string, error) {
	return func(account string) (string, error) { return check(account, bic) }
}

// text returns the check of a text for people, which is written without spaces at its ends.
func text(title string, longest int) func(string) (string, error) {
	return func(value string) (string, error) {
		value = strings.TrimSpace(value)
		length := utf8.RuneCountInString(value)
		switch {
		case value == "":
			return "", fmt.Errorf("%s: значение не указано.", title)
		case !utf8.ValidString(value) || strings.ContainsFunc(value, unicode.IsControl):
			return "", fmt.Errorf("%s: значение содержит недопустимые символы, например перенос строки.", title)
		case length > longest:
			return "", fmt.Errorf("%s: не длиннее %d знаков, сейчас %d.", title, longest, length)
		}
		return value, nil
	}
}

// sumText returns the sum as it is written; "" if the payer enters it.
func sumText(kopecks int64) string {
	if kopecks == 0 {
		return ""
	}
	return strconv.FormatInt(kopecks, 10)
}

func sum(kopecks string) (string, error) {
	if n, err := strconv.ParseInt(kopecks, 10, 64); err != nil || n < 0 || n > maxSum {
		return "", errors.New("Сумма: ожидается от 0 до 999 999 999 999 999 999 копеек.")
	}
	return kopecks, nil
}

// inn matches the form of an ИНН. Its control digits are not checked: ЕСИА gives some without them.
var inn = regexp.MustCompile(`^(\d{10}|\d{12})$`)

func payeeINN(value string) (string, error) {
	if !inn.MatchString(value) {
		return "", errors.New("ИНН получателя: ожидаются 10 или 12 цифр.")
	}
	return value, nil
}
