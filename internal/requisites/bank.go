package requisites

import (
	"regexp"
	"strings"
)

var accountWeights = []int{7, 1, 3, 7, 1, 3, 7, 1, 3, 7, 1, 3, 7, 1, 3, 7, 1, 3, 7, 1, 3, 7, 1}

// BIC is the normal form (9 digits) of a bank's identification code. It has no control digit; Russian codes
// begin with 0, 1 or 2 (participants of the payment system of the Bank of Russia: directly, indirectly, clients).
func BIC(s string) (string, error) {
	const expected = "Ожидаются 9 цифр БИК банка, например 044525225."
	digits, err := number(KindBIC, "БИК", s, expected, 9)
	if err != nil {
		return "", err
	}
	if digits[0] > '2' || zeros(digits) {
		return "", fault(KindBIC, CodeForm, "БИК: код российского банка начинается с 0, 1 или 2. "+expected)
	}
	return digits, nil
}

// treasury is an account at the Federal Treasury (казначейский счёт): 03, three digits of its kind, 643 for roubles. Where an account at a
// bank has its key, a treasury account has the first digit of a territory (ОКТМО): it has no key at all.
var treasury = regexp.MustCompile(`^03[0-9]{3}643[0-9]{12}$`)

// SettlementAccount is the normal form (20 digits) of an account at the bank with that БИК, with its key checked:
// Σ of (prefix + account) × (7 1 3 …) mod 10 is 0. The prefix is the last 3 digits of a bank's БИК; for what is kept at the Bank of
// Russia itself it is "0" and the fifth and sixth digits, as for a correspondent account. An account of the Federal Treasury has no key.
// An invalid БИК is reported as such.
func SettlementAccount(account, bic string) (string, error) {
	const expected = "Ожидаются 20 цифр расчётного или казначейского счёта, открытого по указанному БИК."
	bic, err := BIC(bic)
	if err != nil {
		return "", err
	}
	digits, err := number(KindSettlementAccount, "Расчётный счёт", account, expected, 20)
	if err != nil {
		return "", err
	}
	if strings.HasPrefix(digits, "0") && !zeros(digits) {
		return treasuryAccount(digits, bic, expected)
	}
	if zeros(digits) || !settlementKeyFits(digits, bic) {
		return "", fault(KindSettlementAccount, CodeChecksum,
			"Расчётный счёт: контрольная цифра не соответствует счёту и БИК. Проверьте номер счёта и БИК.")
	}
	return digits, nil
}

func treasuryAccount(digits, bic, expected string) (string, error) {
	switch {
	case !treasury.MatchString(digits):
		return "", fault(KindSettlementAccount, CodeForm, "Расчётный счёт: неверное начало номера. "+expected)
	case !ofBankOfRussia(bic):
		return "", fault(KindSettlementAccount, CodeForm,
			"Расчётный счёт: казначейский счёт открывается в казначействе, БИК которого начинается с 00, 01 или 02. "+expected)
	}
	return digits, nil
}

// ofBankOfRussia reports whether a БИК is not a bank's: 00, 01 and 02 are the Bank of Russia's subdivisions and, at them, the Treasury's.
func ofBankOfRussia(bic string) bool { return bic[0] == '0' && bic[1] <= '2' }

// settlementKeyFits checks the key. The Treasury's accounts for cash (40116…) are kept at a bank or, under a БИК of the same look, at the
// Bank of Russia: either key will do.
func settlementKeyFits(account, bic string) bool {
	subdivision := ofBankOfRussia(bic) || bic[6:] == "000" || bic[6:] == "001" || bic[6:] == "002"
	if subdivision || strings.HasPrefix(account, "40116") {
		if keyFits(bankOfRussiaPrefix(bic), account) {
			return true
		}
	}
	return !subdivision && keyFits(bic[6:], account)
}

func bankOfRussiaPrefix(bic string) string { return "0" + bic[4:6] }

// CorrespondentAccount is the normal form (20 digits) of the correspondent account (301…) of the bank with that БИК, or of the
// single treasury account (40102…) that stands in its place for budget organisations, with its key checked: Σ of ("0" + fifth and sixth
// digits of the БИК + account) × (7 1 3 …) mod 10 is 0.
// An invalid БИК is reported as such.
func CorrespondentAccount(account, bic string) (string, error) {
	const expected = "Ожидаются 20 цифр корреспондентского счёта банка, первые три — 301 (у казначейства первые пять — 40102)."
	bic, err := BIC(bic)
	if err != nil {
		return "", err
	}
	digits, err := number(KindCorrespondentAccount, "Корреспондентский счёт", account, expected, 20)
	if err != nil {
		return "", err
	}
	if !strings.HasPrefix(digits, "301") && !strings.HasPrefix(digits, "40102") {
		return "", fault(KindCorrespondentAccount, CodeForm, "Корреспондентский счёт: неверное начало номера. "+expected)
	}
	if !keyFits(bankOfRussiaPrefix(bic), digits) {
		return "", fault(KindCorrespondentAccount, CodeChecksum,
			"Корреспондентский счёт: контрольная цифра не соответствует счёту и БИК. Проверьте номер счёта и БИК.")
	}
	return digits, nil
}

// CompleteAccount sets the key (ninth digit) of a 20-digit settlement account so that it fits the БИК.
// It panics when either is not made of its digits: it is for generators, not for input.
func CompleteAccount(account, bic string) string {
	if len(account) != 20 || len(bic) != 9 {
		panic("requisites: CompleteAccount needs 20 and 9 digits, got " + account + " and " + bic)
	}
	for key := range 10 {
		if candidate := account[:8] + digit(key) + account[9:]; keyFits(bic[6:], candidate) {
			return candidate
		}
	}
	panic("requisites: no key fits account " + account + " at " + bic)
}

func keyFits(prefix, account string) bool {
	return weighted(prefix+account, accountWeights)%10 == 0
}
