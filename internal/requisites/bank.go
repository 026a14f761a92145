package requisites

import (
	"regexp"
	"strings"
)

var accountWeights = []int{7, 1, 3, 7, 1, 3, 7, 1, 3, 7, 1, 3, 7, 1, 3, 7, 1, 3, 7, 1, 3, 7, 1}

// BIC returns the normal form (9 digits) of a bank's identification code. It has no control digit;
// Russian codes begin with 0, 1 or 2 (participants of the payment system of the Bank of Russia:
// directly, indirectly, clients).
func BIC(s string) (string, error) {
	const expected = "Ожидаются 9 цифр БИК банка, например 044525225."
	digits, err := parseDigits(KindBIC, "БИК", s, expected, 9)
	if err != nil {
		return "", err
	}
	if digits[0] > '2' || allZeros(digits) {
		return "", fault(KindBIC, CodeForm, "БИК: код российского банка начинается с 0, 1 или 2. "+expected)
	}
	return digits, nil
}

// treasury matches an account at the Federal Treasury (казначейский счёт): 03, three digits of its
// kind, 643 for roubles. It has no key: the key's position holds the first digit of a territory
// code (ОКТМО).
var treasury = regexp.MustCompile(`^03[0-9]{3}643[0-9]{12}$`)

// SettlementAccount returns the normal form (20 digits) of an account at the bank with that БИК and
// checks its key: Σ of (prefix + account) × (7 1 3 …) mod 10 is 0. The prefix is the last 3 digits
// of the bank's БИК; for accounts at the Bank of Russia itself it is "0" and the fifth and sixth
// digits, as for a correspondent account. An account of the Federal Treasury has no key. The error
// for an invalid БИК has KindBIC.
func SettlementAccount(account, bic string) (string, error) {
	const expected = "Ожидаются 20 цифр расчётного или казначейского счёта, открытого по указанному БИК."
	bic, err := BIC(bic)
	if err != nil {
		return "", err
	}
	digits, err := parseDigits(KindSettlementAccount, "Расчётный счёт", account, expected, 20)
	if err != nil {
		return "", err
	}
	if strings.HasPrefix(digits, "0") && !allZeros(digits) {
		return treasuryAccount(digits, bic, expected)
	}
	if allZeros(digits) || !settlementKeyMatches(digits, bic) {
		return "", fault(KindSettlementAccount, CodeChecksum,
			"Расчётный счёт: контрольная цифра не соответствует счёту и БИК. Проверьте номер счёта и БИК.")
	}
	return digits, nil
}

func treasuryAccount(digits, bic, expected string) (string, error) {
	switch {
	case !treasury.MatchString(digits):
		return "", fault(KindSettlementAccount, CodeForm, "Расчётный счёт: неверное начало номера. "+expected)
	case !IsBankOfRussia(bic):
		return "", fault(KindSettlementAccount, CodeForm,
			"Расчётный счёт: казначейский счёт открывается в казначействе, БИК которого начинается с 00, 01 или 02. "+expected)
	}
	return digits, nil
}

// IsBankOfRussia reports whether a БИК in its normal form does not belong to a bank: 00, 01 and 02
// are subdivisions of the Bank of Russia, including those that serve the Treasury.
func IsBankOfRussia(bic string) bool { return bic[0] == '0' && bic[1] <= '2' }

// settlementKeyMatches checks the key. The Treasury's cash accounts (40116…) are held at a bank or,
// under a БИК of the same form, at the Bank of Russia, so for them either key is valid.
func settlementKeyMatches(account, bic string) bool {
	subdivision := IsBankOfRussia(bic) || bic[6:] == "000" || bic[6:] == "001" || bic[6:] == "002"
	if subdivision || strings.HasPrefix(account, "40116") {
		if keyMatches(bankOfRussiaPrefix(bic), account) {
			return true
		}
	}
	return !subdivision && keyMatches(bic[6:], account)
}

func bankOfRussiaPrefix(bic string) string { return "0" + bic[4:6] }

// CorrespondentAccount returns the normal form (20 digits) of the correspondent account (301…) of
// the bank with that БИК, or of the single treasury account (40102…) that replaces it for budget
// organisations, and checks its key: Σ of ("0" + fifth and sixth digits of the БИК + account) × (7
// 1 3 …) mod 10 is 0. The error for an invalid БИК has KindBIC.
func CorrespondentAccount(account, bic string) (string, error) {
	const expected = "Ожидаются 20 цифр корреспондентского счёта банка, первые три — 301 (у казначейства первые пять — 40102)."
	bic, err := BIC(bic)
	if err != nil {
		return "", err
	}
	digits, err := parseDigits(KindCorrespondentAccount, "Корреспондентский счёт", account, expected, 20)
	if err != nil {
		return "", err
	}
	if !strings.HasPrefix(digits, "301") && !strings.HasPrefix(digits, "40102") {
		return "", fault(KindCorrespondentAccount, CodeForm, "Корреспондентский счёт: неверное начало номера. "+expected)
	}
	if !keyMatches(bankOfRussiaPrefix(bic), digits) {
		return "", fault(KindCorrespondentAccount, CodeChecksum,
			"Корреспондентский счёт: контрольная цифра не соответствует счёту и БИК. Проверьте номер счёта и БИК.")
	}
	return digits, nil
}

// CompleteAccount sets the key (ninth digit) of a 20-digit settlement account to match the БИК. It
// panics if account or bic is malformed: it is for generators, not for input.
func CompleteAccount(account, bic string) string {
	if len(account) != 20 || len(bic) != 9 {
		panic("requisites: CompleteAccount needs 20 and 9 digits, got " + account + " and " + bic)
	}
	for key := range 10 {
		if candidate := account[:8] + digit(key) + account[9:]; keyMatches(bic[6:], candidate) {
			return candidate
		}
	}
	panic("requisites: no key fits account " + account + " at " + bic)
}

func keyMatches(prefix, account string) bool {
	return weighted(prefix+account, accountWeights)%10 == 0
}
