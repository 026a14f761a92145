package requisites

import "strings"

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

// SettlementAccount is the normal form (20 digits) of an account at the bank with that БИК, with its key checked:
// Σ of (last 3 digits of the БИК + account) × (7 1 3 …) mod 10 is 0. An invalid БИК is reported as such.
//
// An account at a subdivision of the Bank of Russia (БИК ending in 000, 001 or 002) is keyed with "0" and the fifth and
// sixth digits of the БИК, as a correspondent account is. The key of a treasury account (03…, at a БИК that begins with 00 or 01)
// follows another rule and is not looked at.
func SettlementAccount(account, bic string) (string, error) {
	const expected = "Ожидаются 20 цифр расчётного счёта в банке с указанным БИК."
	bic, err := BIC(bic)
	if err != nil {
		return "", err
	}
	digits, err := number(KindSettlementAccount, "Расчётный счёт", account, expected, 20)
	if err != nil {
		return "", err
	}
	if strings.HasPrefix(digits, "03") && bic[0] == '0' && bic[1] <= '1' {
		return digits, nil
	}
	prefix := bic[6:]
	if prefix == "000" || prefix == "001" || prefix == "002" {
		prefix = "0" + bic[4:6]
	}
	if zeros(digits) || !keyFits(prefix, digits) {
		return "", fault(KindSettlementAccount, CodeChecksum,
			"Расчётный счёт: контрольная цифра не соответствует счёту и БИК. Проверьте номер счёта и БИК.")
	}
	return digits, nil
}

// CorrespondentAccount is the normal form (20 digits) of the correspondent account (301…) of the bank with that БИК, or of the
// single treasury account (40102…) that stands in its place for budget organisations, with its key checked: Σ of ("0" + fifth and sixth digits of the БИК + account) × (7 1 3 …) mod 10 is 0.
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
	if !keyFits("0"+bic[4:6], digits) {
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
