package requisites

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// rule is one row of a table: the input, and the expected normal form or fault.
type rule struct {
	name string
	in   string
	want string
	code Code
}

func check(t *testing.T, kind Kind, parse func(string) (string, error), rules []rule) {
	t.Helper()
	for _, r := range rules {
		t.Run(r.name, func(t *testing.T) {
			got, err := parse(r.in)
			if r.code == "" {
				require.NoError(t, err)
				require.Equal(t, r.want, got)
				again, err := parse(got)
				require.NoError(t, err, "a normal form must be accepted")
				require.Equal(t, got, again, "a normal form must be its own normal form")
				return
			}
			var fault *Error
			require.ErrorAs(t, err, &fault)
			require.Equal(t, r.code, fault.Code)
			require.Equal(t, kind, fault.Kind)
			require.True(t, strings.HasSuffix(fault.Message, "."), "a whole sentence: %q", fault.Message)
			require.Empty(t, got)
		})
	}
}

func TestSNILS(t *testing.T) {
	check(t, KindSNILS, SNILS, []rule{
		{"образец из справки", "112-233-445 95", "112-233-445 95", ""},
		{"только цифры", "11223344595", "112-233-445 95", ""},
		{"с неразрывным пробелом", " 112-233-445\u00a095 ", "112-233-445 95", ""},
		{"нули", "000-000-000 00", "", CodeForm},
		{"чужое контрольное число", "112-233-445 96", "", CodeChecksum},
		{"первый номер с контролем", "001-001-999 65", "001-001-999 65", ""},
		{"последний номер без контроля", "001-001-998 65", "", CodeChecksumUnknown},
		{"тестовый номер ЕСИА", "000-000-600 15", "", CodeChecksumUnknown},
		{"мало цифр", "112-233-445", "", CodeLength},
		{"буквы", "112-233-445 9О", "", CodeCharacters},
		{"пусто", "  ", "", CodeEmpty},
		{"очень длинное", strings.Repeat("1", maxInput+1), "", CodeTooLong},
		{"битый UTF-8", "112-233-445\xff95", "", CodeCharacters},
	})
}

func TestSNILSWellFormedAcceptsESIATestAccount(t *testing.T) {
	check(t, KindSNILS, SNILSWellFormed, []rule{
		{"тестовый номер ЕСИА", "000-000-600 15", "000-000-600 15", ""},
		{"чужое контрольное число", "11223344596", "112-233-445 96", ""},
		{"мало цифр", "000-000-600", "", CodeLength},
	})
}

func TestSNILSControlDigitsOfSumsAround101(t *testing.T) {
	for _, c := range []struct{ sum, number, control string }{
		{"99", "141008407", "99"},
		{"100", "026002389", "00"},
		{"101", "030214884", "00"},
		{"102", "126103073", "01"},
		{"201 = 101 + 100", "543546368", "00"},
		{"202 = 2 · 101", "532971373", "00"},
		{"203", "917212961", "01"},
	} {
		t.Run("сумма "+c.sum, func(t *testing.T) {
			require.True(t, strings.HasSuffix(CompleteSNILS(c.number), " "+c.control))
			require.NoError(t, SNILSChecksum(c.number+c.control))
		})
	}
}

func TestINN(t *testing.T) {
	check(t, KindINN, INN, []rule{
		{"организация (Сбербанк)", "7707083893", "7707083893", ""},
		{"ФНС России", "7707329152", "7707329152", ""},
		{"Росреестр", "7706560536", "7706560536", ""},
		{"физическое лицо, образец", "500100732259", "500100732259", ""},
		{"с пробелами", "7707 083 893", "7707083893", ""},
		{"опечатка у организации", "7707083894", "", CodeChecksum},
		{"опечатка в первой контрольной", "500100732269", "", CodeChecksum},
		{"опечатка во второй контрольной", "500100732258", "", CodeChecksum},
		{"нули", "0000000000", "", CodeChecksum},
		{"11 цифр", "77070838931", "", CodeLength},
		{"буква", "770708389O", "", CodeCharacters},
		{"пусто", "", "", CodeEmpty},
	})
	check(t, KindINN, INNOrganisation, []rule{{"ИНН человека вместо организации", "500100732259", "", CodeLength}})
	check(t, KindINN, INNPerson, []rule{{"ИНН организации вместо человека", "7707083893", "", CodeLength}})
}

func TestOGRN(t *testing.T) {
	check(t, KindOGRN, OGRN, []rule{
		{"Сбербанк", "1027700132195", "1027700132195", ""},
		{"опечатка", "1027700132196", "", CodeChecksum},
		{"нули", "0000000000000", "", CodeChecksum},
		{"ОГРНИП вместо ОГРН", "304500116000157", "", CodeLength},
	})
	check(t, KindOGRNIP, OGRNIP, []rule{
		{"образец", "304500116000157", "304500116000157", ""},
		{"опечатка", "304500116000158", "", CodeChecksum},
		{"ОГРН вместо ОГРНИП", "1027700132195", "", CodeLength},
	})
}

func TestKPP(t *testing.T) {
	check(t, KindKPP, KPP, []rule{
		{"обычный", "773601001", "773601001", ""},
		{"с буквами в коде причины", "7736AB001", "7736AB001", ""},
		{"буква не на месте", "A73601001", "", CodeCharacters},
		{"короткий", "77360100", "", CodeLength},
		{"пусто", "", "", CodeEmpty},
	})
}

func TestBIC(t *testing.T) {
	check(t, KindBIC, BIC, []rule{
		{"Сбербанк", "044525225", "044525225", ""},
		{"с пробелами", "04 45 25 225", "044525225", ""},
		{"чужая страна", "944525225", "", CodeForm},
		{"нули", "000000000", "", CodeForm},
		{"8 цифр", "44525225", "", CodeLength},
	})
}

func TestSettlementAccount(t *testing.T) {
	at := func(bic string) func(string) (string, error) {
		return func(s string) (string, error) { return SettlementAccount(s, bic) }
	}
	check(t, KindSettlementAccount, at("044525225"), []rule{
		{"образец ГОСТ Р 56042", "40702810138250123017", "40702810138250123017", ""},
		{"с пробелами", "40702 810 1 3825 0123017", "40702810138250123017", ""},
		{"опечатка", "40702810138250123018", "", CodeChecksum},
		{"чужой ключ", "40702810238250123017", "", CodeChecksum},
		{"нули", strings.Repeat("0", 20), "", CodeChecksum},
		{"19 цифр", "4070281013825012301", "", CodeLength},
	})
	check(t, KindSettlementAccount, at("044525974"), []rule{{"счёт другого банка", "40702810138250123017", "", CodeChecksum}})
	check(t, KindSettlementAccount, at("004525988"), []rule{{"казначейский счёт", "03100643000000017300", "03100643000000017300", ""}})
	check(t, KindBIC, at("04452522"), []rule{{"неверный БИК", "40702810138250123017", "", CodeLength}})
}

func TestCorrespondentAccount(t *testing.T) {
	at := func(bic string) func(string) (string, error) {
		return func(s string) (string, error) { return CorrespondentAccount(s, bic) }
	}
	check(t, KindCorrespondentAccount, at("044525225"), []rule{
		{"Сбербанк", "30101810400000000225", "30101810400000000225", ""},
		{"опечатка", "30101810500000000225", "", CodeChecksum},
		{"расчётный вместо корреспондентского", "40702810138250123017", "", CodeForm},
	})
	check(t, KindCorrespondentAccount, at("004525988"), []rule{
		{"единый казначейский счёт", "40102810545370000003", "40102810545370000003", ""},
	})
	check(t, KindBIC, at(""), []rule{{"без БИК", "30101810400000000225", "", CodeEmpty}})
}

func TestCadastralNumber(t *testing.T) {
	check(t, KindCadastralNumber, CadastralNumber, []rule{
		{"Москва", "77:01:0001001:12", "77:01:0001001:12", ""},
		{"шесть цифр квартала", "47:14:150401:5", "47:14:150401:5", ""},
		{"с пробелами", "90:25:050801 : 263", "90:25:050801:263", ""},
		{"только квартал", "77:01:0001001", "", CodeForm},
		{"два номера", "50:49:0010203:1147 50:49:0010203:1148", "", CodeForm},
		{"номер и конец другого", "50:49:0010203:1147 1148", "", CodeForm},
		{"номер и конец другого в следующей строке", "50:49:0010203:1147\n1148", "", CodeForm},
		{"лишняя часть", "77:01:0001001:12:3", "", CodeForm},
		{"дефисы", "77-01-0001001-12", "", CodeCharacters},
		{"пусто", "", "", CodeEmpty},
	})
	check(t, KindCadastralBlock, CadastralBlock, []rule{
		{"квартал", "77:01:0001001", "77:01:0001001", ""},
		{"номер вместо квартала", "77:01:0001001:12", "", CodeForm},
	})
}

func TestKUVDWarnsButAcceptsOtherForms(t *testing.T) {
	for _, c := range []struct {
		name, in, want string
		known          bool
		code           Code
	}{
		{"действующий вид", "КУВД-001/2021-3670443", "КУВД-001/2021-3670443", true, ""},
		{"строчными и с пробелами", "кувд-001 / 2021-3670443", "КУВД-001/2021-3670443", true, ""},
		{"с частью", "КУВД-001/2021-3670443/2", "КУВД-001/2021-3670443/2", true, ""},
		{"старый вид", "47/201/16-843634", "47/201/16-843634", false, ""},
		{"длинное", strings.Repeat("К", 65), "", false, CodeTooLong},
		{"управляющий символ", "КУВД\x00", "", false, CodeCharacters},
		{"пусто", "", "", false, CodeEmpty},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, known, err := KUVD(c.in)
			var fault *Error
			if errors.As(err, &fault) {
				require.Equal(t, c.code, fault.Code)
			} else {
				require.Empty(t, c.code)
			}
			require.Equal(t, c.want, got)
			require.Equal(t, c.known, known)
		})
	}
}

func TestUINIsFreeTextOf64(t *testing.T) {
	check(t, KindUIN, UIN, []rule{
		{"произвольный", "0000-ABC/17", "0000-ABC/17", ""},
		{"64 русские буквы", strings.Repeat("ж", 64), strings.Repeat("ж", 64), ""},
		{"65", strings.Repeat("ж", 65), "", CodeTooLong},
		{"перевод строки", "a\nb", "", CodeCharacters},
	})
}

func TestPhone(t *testing.T) {
	check(t, KindPhone, Phone, []rule{
		{"с восьмёркой", "8 (900) 123-45-67", "+79001234567", ""},
		{"с +7", "+7 900 123-45-67", "+79001234567", ""},
		{"без кода", "9001234567", "+79001234567", ""},
		{"с семёркой", "79001234567", "+79001234567", ""},
		{"Казахстан", "+7 727 123 45 67", "+77271234567", ""},
		{"Армения", "+374 10 123456", "+37410123456", ""},
		{"+8 не код России", "+8 900 123", "+8900123", CodeLength},
		{"мало цифр", "12345", "", CodeLength},
		{"плюс внутри", "8+9001234567", "", CodeCharacters},
		{"буквы", "8 900 ЗВОНИТЕ", "", CodeCharacters},
		{"много цифр", "+1234567890123456", "", CodeLength},
	})
	require.Equal(t, "+7 900 123-45-67", PhoneLabel("+79001234567"))
	require.Equal(t, "+37410123456", PhoneLabel("+37410123456"))
}

func TestEmail(t *testing.T) {
	check(t, KindEmail, Email, []rule{
		{"обычный", "Ivan.Petrov@Example.COM", "Ivan.Petrov@example.com", ""},
		{"кириллический домен", "info@Пример.РФ", "info@пример.рф", ""},
		{"плюс", "a+b@example.com", "a+b@example.com", ""},
		{"без домена верхнего уровня", "a@localhost", "", CodeForm},
		{"IP-адрес", "a@127.0.0.1", "", CodeForm},
		{"две собаки", "a@b@example.com", "", CodeForm},
		{"с именем", "Иван <a@example.com>", "", CodeCharacters},
		{"имя без пробела", "<a@example.com>", "", CodeForm},
		{"внедрение заголовка", "a@example.com\r\nBcc:b@example.com", "", CodeCharacters},
		{"две точки", "a@example..com", "", CodeForm},
		{"дефис в начале", "a@-example.com", "", CodeForm},
		{"длинный", strings.Repeat("a", 250) + "@example.com", "", CodeTooLong},
		{"длинное имя", strings.Repeat("a", 65) + "@example.com", "", CodeForm},
	})
}

func TestCompletedNumbersPassTheirChecks(t *testing.T) {
	require.Equal(t, "112-233-445 95", CompleteSNILS("112233445"))
	require.Equal(t, "7707083893", CompleteINN("770708389"))
	require.Equal(t, "500100732259", CompleteINN("5001007322"))
	require.Equal(t, "1027700132195", CompleteOGRN("102770013219"))
	require.Equal(t, "304500116000157", CompleteOGRN("30450011600015"))
	account := CompleteAccount("40802810038250123017", "044525225")
	_, err := SettlementAccount(account, "044525225")
	require.NoError(t, err)
	require.Panics(t, func() { CompleteSNILS("12") })
	require.Panics(t, func() { CompleteINN("12") })
	require.Panics(t, func() { CompleteOGRN("12") })
	require.Panics(t, func() { CompleteAccount("12", "044525225") })
}

func FuzzNothingPanics(f *testing.F) {
	for _, seed := range []string{
		"", "112-233-445 95", "7707083893", "500100732259", "1027700132195", "044525225", "40702810138250123017",
		"77:01:0001001:12", "КУВД-001/2021-3670443", "+7 900 123-45-67", "a@example.com", "\xff", "@", "٣٤٥",
	} {
		f.Add(seed, "044525225")
	}
	parsers := map[string]func(string) (string, error){
		"snils": SNILS, "snils form": SNILSWellFormed, "inn": INN, "inn org": INNOrganisation, "inn person": INNPerson, "ogrn": OGRN,
		"ogrnip": OGRNIP, "kpp": KPP, "bic": BIC, "number": CadastralNumber, "block": CadastralBlock, "uin": UIN, "phone": Phone, "email": Email,
	}
	f.Fuzz(func(t *testing.T, s, bic string) {
		for name, parse := range parsers {
			got, err := parse(s)
			if err != nil {
				var fault *Error
				require.ErrorAs(t, err, &fault, name)
				continue
			}
			again, err := parse(got)
			require.NoError(t, err, name)
			require.Equal(t, got, again, name)
		}
		_, _, _ = KUVD(s)
		_, _ = SettlementAccount(s, bic)
		_, _ = CorrespondentAccount(s, bic)
		_ = SNILSChecksum(s)
		_ = PhoneLabel(s)
	})
}
