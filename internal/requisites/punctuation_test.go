package requisites

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestCopiedPunctuationIsAccepted replaces the spaces, hyphens, colons and slashes of each number
// by variants from web pages, word processors and PDF files, and adds invisible characters.
func TestCopiedPunctuationIsAccepted(t *testing.T) {
	account := func(parse func(account, bic string) (string, error), bic string) func(string) (string, error) {
		return func(s string) (string, error) { return parse(s, bic) }
	}
	known := func(s string) (string, error) {
		normal, known, err := KUVD(s)
		if err == nil && !known {
			return "", fmt.Errorf("%q is not known as a КУВД", s)
		}
		return normal, err
	}
	numbers := []struct {
		name, written, normal string
		parse                 func(string) (string, error)
	}{
		{"снилс", "112-233-445 95", "112-233-445 95", SNILS},
		{"инн", "7707 083 893", "7707083893", INN},
		{"инн-чел", "5001-0073-2259", "500100732259", INNPerson},
		{"огрн", "1 02 77 00 132195", "1027700132195", OGRN},
		{"огрнип", "304-500-116-000-157", "304500116000157", OGRNIP},
		{"кпп", "7736 01 001", "773601001", KPP},
		{"бик", "04 45 25 225", "044525225", BIC},
		{"счёт", "40702 810 1 3825 0123017", "40702810138250123017", account(SettlementAccount, "04\u20114525\u202f225")},
		{"корсчёт", "30101-810-4-0000-0000225", "30101810400000000225", account(CorrespondentAccount, "044525225")},
		{"участок", "77:01:0001001:12", "77:01:0001001:12", CadastralNumber},
		{"квартал", "77 : 01 : 0001001", "77:01:0001001", CadastralBlock},
		{"КУВД", "КУВД-001/2021-3670443", "КУВД-001/2021-3670443", known},
		{"УИН", "12345-678 90", "12345-678 90", UIN},
		{"телефон", "+7 900 123-45-67", "+79001234567", Phone},
	}
	others := map[string][]string{
		" ": {"\u00a0", "\u202f", "\u2007", "\u2009", "\u3000", "  ", "\t", "\u200b \u2060"},
		"-": {"\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2212", "\ufe63", "\uff0d", " - "},
		":": {"\uff1a", "\u2236", " : ", "\u200e:"},
		"/": {"\uff0f", "\u2044", "\u2215", " / "},
	}
	for _, n := range numbers {
		for mark, copies := range others {
			for _, other := range copies {
				spaced := (mark == "-" || mark == "/") && strings.Contains(other, " ")
				if !strings.Contains(n.written, mark) || spaced && n.name == "УИН" {
					continue
				}
				t.Run(fmt.Sprintf("%s %+q", n.name, other), func(t *testing.T) {
					got, err := n.parse("\ufeff\u00a0" + strings.ReplaceAll(n.written, mark, other) + "\u202f\u00ad")
					require.NoError(t, err)
					require.Equal(t, n.normal, got)
				})
			}
		}
	}
}

func TestDigitsOfOtherScriptsAreRefused(t *testing.T) {
	for name, parse := range map[string]func(string) (string, error){
		"снилс": SNILS, "инн": INN, "огрн": OGRN, "кпп": KPP, "бик": BIC, "участок": CadastralNumber, "телефон": Phone,
	} {
		for _, s := range []string{"７７０７０８３８９３", "٧٧٠٧٠٨٣٨٩٣", "¹²³", "Ⅻ", "½"} {
			_, err := parse(s)
			require.Error(t, err, "%s %s", name, s)
		}
	}
}

func TestImpossibleNumbersAreRefused(t *testing.T) {
	for _, c := range []struct {
		name  string
		parse func(string) (string, error)
		in    []string
	}{
		{"КПП", KPP, []string{"000000000", "770700001", "770701000", "007701001", "7707АВ001", "77070100 "}},
		{"ИНН", INN, []string{"0000000000", "000000000000"}},
		{"ОГРН", OGRN, []string{"0000000000000", CompleteOGRN("202770013219"), CompleteOGRN("002770013219")}},
		{"ОГРНИП", OGRNIP, []string{"000000000000000", CompleteOGRN("40450011600015"), CompleteOGRN("10450011600015")}},
		{"СНИЛС", SNILSWellFormed, []string{"000-000-000 00", "00000000000"}},
		{"БИК", BIC, []string{"000000000", "344525225", "944525225"}},
		{"участок", CadastralNumber, []string{"77:01:0001001:0", "77:01:0001001:000"}},
	} {
		for _, in := range c.in {
			t.Run(c.name+" "+in, func(t *testing.T) {
				got, err := c.parse(in)
				require.Error(t, err)
				require.Empty(t, got)
			})
		}
	}
	at := func(bic string) func(string) (string, error) {
		return func(s string) (string, error) { return SettlementAccount(s, bic) }
	}
	check(t, KindSettlementAccount, at("044525225"), []rule{{"казначейский счёт в банке", "03100643000000019500", "", CodeForm}})
	check(t, KindSettlementAccount, at("024501901"), []rule{
		{"не рублёвый", "03100840000000019500", "", CodeForm},
		{"не казначейский", "09100643000000019500", "", CodeForm},
		{"нули", strings.Repeat("0", 20), "", CodeChecksum},
		{"опечатка в едином казначейском счёте", "40102810045370000003", "", CodeChecksum},
	})
	require.Equal(t, "7736AB001", must(t, KPP, "7736ab001"), "letters of the reason are capital")
	require.Equal(t, "00:00:0000000:55", must(t, CadastralNumber, "00:00:0000000:55"), "an object of several districts")
}

func must(t *testing.T, parse func(string) (string, error), in string) string {
	t.Helper()
	got, err := parse(in)
	require.NoError(t, err)
	return got
}

// treasuries are published accounts of the Federal Treasury: БИК, the account of the territorial
// body, the single treasury account.
var treasuries = [][3]string{
	{"024501901", "03100643000000019500", "40102810045370000002"},
	{"010173001", "03100643000000011700", "40102810045370000009"},
	{"011117401", "03100643000000012400", "40102810045370000016"},
	{"011708377", "03100643000000012800", "40102810945370000020"},
	{"012202102", "03214643000000013234", "40102810745370000024"},
	{"012406500", "03214643000000013300", "40102810645370000025"},
	{"012520101", "03100643000000013400", "40102810145370000026"},
	{"012908002", "03100643000000013700", "40102810045370000030"},
	{"013510002", "03211643000000017500", "40102810645370000035"},
	{"014030106", "03100643000000017200", "40102810945370000005"},
	{"014705901", "03234643477010004900", "40102810745370000041"},
	{"015354008", "03100643000000015300", "40102810545370000045"},
	{"015773997", "03224643570000005600", "40102810145370000048"},
	{"016577551", "03234643657490006200", "40102810645370000054"},
	{"017501500", "03100643000000016900", "40102810645370000062"},
	{"018405033", "03100643000000017700", "40102810045370000071"},
	{"019304100", "03100643000000011200", "40102810945370000080"},
	{"019923923", "03100643000000017800", "40102810445370000086"},
	{"004525987", "03100643000000014800", "40102810845370000004"},
	{"004525988", "03214643000000017300", "40102810545370000003"},
}

func TestPublishedTreasuryAccounts(t *testing.T) {
	for _, published := range treasuries {
		bic, account, single := published[0], published[1], published[2]
		t.Run(bic, func(t *testing.T) {
			got, err := SettlementAccount(account, bic)
			require.NoError(t, err)
			require.Equal(t, account, got)
			_, err = CorrespondentAccount(single, bic)
			require.NoError(t, err)
			_, err = SettlementAccount(single, bic)
			require.NoError(t, err, "an account at the Bank of Russia has its key")
			for _, wrong := range changed(single) {
				_, err = CorrespondentAccount(wrong, bic)
				require.Error(t, err, "one digit changed: %s", wrong)
			}
		})
	}
	for _, budget := range [][2]string{ // from the Bank of Russia's directory of participants
		{"000816041", "40116810008160010022"}, {"041280103", "40116810100000010010"}, {"040397100", "40116810900000010001"},
	} {
		_, err := SettlementAccount(budget[1], budget[0])
		require.NoError(t, err)
	}
}

// changed returns all variants of number in which one digit differs.
func changed(number string) []string {
	var all []string
	for i := range len(number) {
		for d := byte('0'); d <= '9'; d++ {
			if number[i] >= '0' && number[i] <= '9' && number[i] != d {
				all = append(all, number[:i]+string(rune(d))+number[i+1:])
			}
		}
	}
	return all
}

// TestOneWrongDigitIsDetected: only the key of an account detects every wrong digit. The other
// rules map two remainders to the same control digit (0 and 10 modulo 11, for example), so there a
// wrong digit may go undetected.
func TestOneWrongDigitIsDetected(t *testing.T) {
	at := func(bic string) func(string) (string, error) {
		return func(s string) (string, error) { return SettlementAccount(s, bic) }
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	body := func(first string, digits int) string {
		for len(first) < digits {
			first += digit(rnd.IntN(10))
		}
		return first
	}
	for range 300 {
		bic := body("04", 6) + digit(1+rnd.IntN(9)) + body("", 2)
		account := CompleteAccount(body("40702810", 20), bic)
		for _, wrong := range changed(account) {
			_, err := at(bic)(wrong)
			require.Error(t, err, "%s at %s", wrong, bic)
		}
		for _, c := range []struct {
			number, folded string
			parse          func(string) (string, error)
		}{
			{CompleteSNILS(body("1", 9)), "0", SNILS},
			{CompleteINN(body("77", 9)), "0", INN},
			{CompleteINN(body("77", 10)), "0", INN},
			{CompleteOGRN(body("10277", 12)), "0", OGRN},
			{CompleteOGRN(body("30477", 14)), "012", OGRNIP},
		} {
			for _, wrong := range changed(must(t, c.parse, c.number)) {
				if _, err := c.parse(wrong); err == nil && len(wrong) != 12 {
					require.Contains(t, c.folded, wrong[len(wrong)-1:], "%s passes for %s", wrong, c.number)
				}
			}
		}
	}
}
