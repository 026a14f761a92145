package forms

import (
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/document"
	"epkr/internal/document/pdf"
	"epkr/internal/mchd"
	"epkr/internal/order"
	"epkr/internal/signature"
)

var (
	created = time.Date(2026, 12, 1, 9, 30, 0, 0, time.UTC)
	day     = time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
)

func testBank() Bank {
	return Bank{Name: "ПАО СБЕРБАНК", BIC: "044525225", Account: "40802810900000000017"}
}

func testCompany() Party {
	return Party{
		Kind: Organisation, Name: "ООО «Земли»", INN: "7707083893", KPP: "773601001", OGRN: "1027700132195", Address: "г. Москва",
		Email: "a@example.ru", Phone: "+74951234567", Bank: testBank(), Basis: "Устав", Representative: Representative{Name: "Королёв П. С."},
	}
}

func testEntrepreneur() Party {
	return Party{
		Kind: Entrepreneur, Name: "Сергеев Д. О.", INN: "500100732259", OGRN: "304500116000157", Address: "г. Люберцы",
		Email: "b@example.ru", Phone: "+79001234567", Bank: testBank(), Basis: "лист записи ЕГРИП",
	}
}

func testPerson() Party {
	return Party{Kind: Person, Name: "Соловьёва А. Ю.", SNILS: "112-233-445 95", Address: "г. Подольск"}
}

func testContract() Contract {
	return Contract{
		Parties: Parties{Customer: testPerson(), Performer: testEntrepreneur()}, Number: "1", Date: day, Place: "г. Москва", OrderNumber: "7",
		Engineer: Engineer{"Сергеев Д. О.", "087-654-303 00", "1234", "СРО"}, WorkKind: "образование земельного участка",
		Object: Object{Description: "участок", Address: "д. Верея"}, Term: day.AddDate(0, 2, 0),
		Works: []Work{{"Съёмка", "Каталог", 40_000_01}, {"План", "Межевой план", 59_999_99}}, Price: 100_000_00,
		AdvanceBasisPoints: 3000, Advance: 30_000_00, PrepaymentDays: 5, AcceptanceDays: 7, PaymentDays: 5,
	}
}

func testAct() Act {
	c := testContract()
	return Act{
		Parties: c.Parties, Number: "1", Date: day.AddDate(0, 1, 0), Place: c.Place, Contract: Reference{"1", day}, OrderNumber: "7",
		Engineer: c.Engineer, Object: c.Object, Works: c.Works, Price: c.Price, Paid: c.Advance, Delivery: "файлами",
		Results: []Result{{Name: "Межевой план"}},
	}
}

func testInvoice() Invoice {
	c := testContract()
	return Invoice{
		Parties: c.Parties, Number: "1", Date: day, Contract: Reference{"1", day}, OrderNumber: "7",
		Items: []Item{{"Аванс", 30_000_00}}, Sum: 30_000_00, Purpose: "Аванс по договору 1",
	}
}

func load(t *testing.T) *Forms {
	f, err := Load()
	require.NoError(t, err)
	return f
}

// requireFault requires that an error names a field.
func requireFault(t *testing.T, err error, field string) {
	t.Helper()
	var fault *Error
	require.True(t, errors.As(err, &fault), "%v", err)
	require.Equal(t, field, fault.Field, fault.Message)
	require.NotEmpty(t, fault.Message)
}

func TestAContractNamesTheFieldThatIsWrong(t *testing.T) {
	f := load(t)
	_, err := f.Contract(testContract(), created)
	require.NoError(t, err)
	for field, change := range map[string]func(c *Contract){
		"Number":                        func(c *Contract) { c.Number = "" },
		"Date":                          func(c *Contract) { c.Date = time.Time{} },
		"Place":                         func(c *Contract) { c.Place = " \u200b" },
		"OrderNumber":                   func(c *Contract) { c.OrderNumber = "\x00" },
		"WorkKind":                      func(c *Contract) { c.WorkKind = "" },
		"Term":                          func(c *Contract) { c.Term = day.AddDate(0, 0, -1) },
		"Price":                         func(c *Contract) { c.Price = 0 },
		"Advance":                       func(c *Contract) { c.Advance++ },
		"PrepaymentDays":                func(c *Contract) { c.PrepaymentDays = 0 },
		"AcceptanceDays":                func(c *Contract) { c.AcceptanceDays = 0 },
		"PaymentDays":                   func(c *Contract) { c.PaymentDays = 366 },
		"Works":                         func(c *Contract) { c.Price++; c.AdvanceBasisPoints, c.Advance, c.PrepaymentDays = 0, 0, 0 },
		"Works[1].Price":                func(c *Contract) { c.Price-- },
		"Works[0].Name":                 func(c *Contract) { c.Works = []Work{{"", "план", c.Price}} },
		"Object.Address":                func(c *Contract) { c.Object.Address = "" },
		"Engineer.RegistryNumber":       func(c *Contract) { c.Engineer.RegistryNumber = "" },
		"Customer.Kind":                 func(c *Contract) { c.Customer.Kind = "" },
		"Customer.Name":                 func(c *Contract) { c.Customer.Name = "" },
		"Customer.SNILS":                func(c *Contract) { c.Customer.SNILS = "" },
		"Customer.INN":                  func(c *Contract) { c.Customer = testEntrepreneur(); c.Customer.INN = "" },
		"Customer.KPP":                  func(c *Contract) { c.Customer = testCompany(); c.Customer.KPP = "" },
		"Customer.OGRN":                 func(c *Contract) { c.Customer = testCompany(); c.Customer.OGRN = "" },
		"Customer.Bank.Name":            func(c *Contract) { c.Customer = testCompany(); c.Customer.Bank = Bank{} },
		"Customer.Bank.Account":         func(c *Contract) { c.Customer = testCompany(); c.Customer.Bank.Account = "" },
		"Customer.Representative.Name":  func(c *Contract) { c.Customer = testCompany(); c.Customer.Representative = Representative{} },
		"Customer.Basis":                func(c *Contract) { c.Customer = testCompany(); c.Customer.Basis = "" },
		"Performer.Kind":                func(c *Contract) { c.Performer = testPerson() },
		"Performer.Basis":               func(c *Contract) { c.Performer.Basis = "" },
		"Performer.Email":               func(c *Contract) { c.Performer.Email = "" },
		"Performer.Phone":               func(c *Contract) { c.Performer.Phone = "" },
		"Performer.Bank.Name":           func(c *Contract) { c.Performer.Bank.Name = "" },
		"Performer.Bank.BIC":            func(c *Contract) { c.Performer.Bank.BIC = "" },
		"Performer.Representative.Name": func(c *Contract) { c.Performer = testCompany(); c.Performer.Representative.Name = "" },
	} {
		t.Run(field, func(t *testing.T) {
			c := testContract()
			change(&c)
			_, err := f.Contract(c, created)
			requireFault(t, err, field)
		})
	}
}

func TestAnActNamesTheFieldThatIsWrong(t *testing.T) {
	f := load(t)
	for field, change := range map[string]func(a *Act){
		"Number":                   func(a *Act) { a.Number = "" },
		"Date":                     func(a *Act) { a.Date = day.AddDate(0, 0, -1) },
		"Delivery":                 func(a *Act) { a.Delivery = "" },
		"Paid":                     func(a *Act) { a.Paid = a.Price + 1 },
		"Price":                    func(a *Act) { a.Price = order.MaxPrice + 1 },
		"Results":                  func(a *Act) { a.Results = nil },
		"Results[0].Name":          func(a *Act) { a.Results[0].Name = "" },
		"Registration.Number":      func(a *Act) { a.Registration.Description = "учтено" },
		"Registration.Description": func(a *Act) { a.Registration.Number, a.Registration.Date = "КУВД-001/2021-3670443", day },
		"Registration.Date": func(a *Act) {
			a.Registration.Number, a.Registration.Description = "КУВД-001/2021-3670443", "учтено"
		},
		"Remarks":         func(a *Act) { a.Remarks, a.AloneAfter = "исправить", day },
		"Performer.Kind":  func(a *Act) { a.Performer.Kind = Person },
		"Contract.Number": func(a *Act) { a.Contract.Number = "" },
	} {
		t.Run(field, func(t *testing.T) {
			a := testAct()
			_, err := f.Act(a, created)
			require.NoError(t, err)
			change(&a)
			_, err = f.Act(a, created)
			requireFault(t, err, field)
		})
	}
}

func TestAnInvoiceNamesTheFieldThatIsWrong(t *testing.T) {
	f := load(t)
	for field, change := range map[string]func(i *Invoice){
		"Number":              func(i *Invoice) { i.Number = "" },
		"Sum":                 func(i *Invoice) { i.Sum = 0 },
		"Items":               func(i *Invoice) { i.Sum++ },
		"Items[0].Sum":        func(i *Invoice) { i.Sum-- },
		"Purpose":             func(i *Invoice) { i.Purpose = "" },
		"ValidUntil":          func(i *Invoice) { i.ValidUntil = day.AddDate(0, 0, -1) },
		"Performer.Bank.Name": func(i *Invoice) { i.Performer.Bank = Bank{} },
	} {
		t.Run(field, func(t *testing.T) {
			i := testInvoice()
			_, err := f.Invoice(i, created)
			require.NoError(t, err)
			change(&i)
			_, err = f.Invoice(i, created)
			requireFault(t, err, field)
		})
	}
}

func testProtocol() Protocol {
	return Protocol{
		Document: SignedDocument{Name: "договор.pdf"}, CheckedAt: created, Version: "1", Shows: pdf.Shows,
		History:    &HistoryHead{Order: "26-000117", Seq: 9, Hash: "f00d"},
		Signatures: []CheckedSignature{{Result: signature.Result{Valid: true}}},
	}
}

func TestAProtocolNamesTheFieldThatIsWrong(t *testing.T) {
	f := load(t)
	for field, change := range map[string]func(p *Protocol){
		"Document.Name": func(p *Protocol) { p.Document.Name = "" },
		"CheckedAt":     func(p *Protocol) { p.CheckedAt = time.Time{} },
		"History.Order": func(p *Protocol) { p.History.Order = "" },
		"History.Seq":   func(p *Protocol) { p.History.Seq = 0 },
		"History.Hash":  func(p *Protocol) { p.History.Hash = "" },
		"Signatures":    func(p *Protocol) { p.Signatures = nil },
	} {
		t.Run(field, func(t *testing.T) {
			p := testProtocol()
			_, err := f.Protocol(p, created)
			require.NoError(t, err)
			change(&p)
			_, err = f.Protocol(p, created)
			requireFault(t, err, field)
		})
	}
}

// TestAProtocolShowsWhateverFilesSay makes PDFs of texts that no font has and of any length.
func TestAProtocolShowsWhateverFilesSay(t *testing.T) {
	f := load(t)
	for name, text := range map[string]string{
		"control characters": "Иванов\x00\x1b\r\n\tИван", "no UTF-8": "\xff\xfe", "U+FFFD": "\uFFFD", "noncharacters": "\uFFFF\uFFFE", "CJK and emoji": "中文 🎉",
		"decomposed": "Иванов И\u0306", "long": strings.Repeat("ё", 1_000_000), "long words": strings.Repeat("w", 100_000), "nothing": "", "invisible": "\u200b",
		"a template": "{{#если одна}}**", "RTL": "\u202eабв",
	} {
		t.Run(name, func(t *testing.T) {
			p := testProtocol()
			c := signature.Certificate{Subject: text, Issuer: text}
			r := signature.Result{
				Signer: &signature.Signer{Name: text, Position: text, Organisation: text}, Certificate: &c, Moment: &signature.Moment{TimeStampChain: []signature.Certificate{c}},
				Refusals: []signature.Finding{{Text: "Отказ.", Detail: text}}, RevocationLists: []signature.List{{Issuer: text}},
				PowerOfAttorney: &signature.PowerOfAttorney{PowerOfAttorney: mchd.PowerOfAttorney{
					Number: text, IssuedOn: text, Principals: []mchd.Principal{{Name: text}}, Representatives: make([]mchd.Person, 10_000), Powers: mchd.Powers{Text: text},
				}},
			}
			p.Document.Name, p.Signatures[0] = "д"+text, CheckedSignature{Name: text, Result: r}
			d, err := f.Protocol(p, created)
			require.NoError(t, err)
			require.NoError(t, pdf.Write(io.Discard, d))
		})
	}
}

// TestAdvanceAndRemainderAreThePrice reads both amounts back from the text of the contract.
func TestAdvanceAndRemainderAreThePrice(t *testing.T) {
	for name, c := range map[string]struct {
		basisPoints        int
		price, advance     order.Kopecks
		advanced, remained string
	}{
		"nothing":          {0, 100_000_01, 0, "", "100 000,01 руб."},
		"a third":          {3333, 100_000_01, 33_330_00, "33 330,00 руб.", "66 670,01 руб."},
		"rounded up":       {5000, 100_000_01, 50_000_01, "50 000,01 руб.", "50 000,00 руб."},
		"in whole roubles": {3000, 99_999, 300_00, "300,00 руб.", "699,99 руб."},
		"everything":       {10000, 100_000_01, 100_000_01, "100 000,01 руб.", ""},
	} {
		t.Run(name, func(t *testing.T) {
			contract := testContract()
			contract.Price, contract.Advance, contract.AdvanceBasisPoints = c.price, c.advance, c.basisPoints
			contract.Works = []Work{{"Работы", "План", c.price}}
			if c.advance == 0 {
				contract.PrepaymentDays = 0
			}
			v, err := contract.values()
			require.NoError(t, err)
			require.Equal(t, c.advanced, v.Text["аванс"])
			require.Equal(t, c.remained, v.Text["остаток"])
			_, err = load(t).Contract(contract, created)
			require.NoError(t, err)
		})
	}
}

// TestEveryChoiceOfTheTextsCanBeFilled makes a document for each combination of kinds and options.
func TestEveryChoiceOfTheTextsCanBeFilled(t *testing.T) {
	f := load(t)
	for _, customer := range []Party{testPerson(), testCompany(), testEntrepreneur()} {
		for _, performer := range []Party{testCompany(), testEntrepreneur()} {
			for _, advance := range []int{0, 3000, 10000} {
				for bits := range 8 {
					c := testContract()
					c.Customer, c.Performer = customer, performer
					c.AdvanceBasisPoints, c.Advance = advance, order.Advance(c.Price, advance)
					if advance == 0 {
						c.PrepaymentDays = 0
					}
					c.Registration, c.SilentAcceptance = bits&1 != 0, bits&2 != 0
					if bits&4 != 0 {
						c.Attachment, c.Object.CadastralNumbers = "задание", "77:01:0001001:12"
					}
					d, err := f.Contract(c, created)
					require.NoError(t, err)
					requireSound(t, d)
				}
			}
		}
	}
}

// requireSound looks for the signs of a text that was filled badly.
func requireSound(t *testing.T, d document.Document) {
	require.NoError(t, d.Check())
	for _, b := range d.Blocks {
		text := ""
		switch b := b.(type) {
		case document.Clause:
			text = b.Text.String()
		case document.Paragraph:
			text = b.Text.String()
		case document.Heading:
			text = b.Text.String()
		}
		require.NotRegexp(t, `\{\{|\}\}|\*\*|  | [,.;)]|\( |\.\.|,,|пункт[а-я]* [^\d]*\.$`, text)
	}
}

func TestAmounts(t *testing.T) {
	for kopecks, expected := range map[order.Kopecks][2]string{
		0:                  {"0,00 руб.", "Ноль рублей 00 копеек"},
		1:                  {"0,01 руб.", "Ноль рублей 01 копейка"},
		1_00:               {"1,00 руб.", "Один рубль 00 копеек"},
		2_02:               {"2,02 руб.", "Два рубля 02 копейки"},
		11_11:              {"11,11 руб.", "Одиннадцать рублей 11 копеек"},
		21_21:              {"21,21 руб.", "Двадцать один рубль 21 копейка"},
		112_00:             {"112,00 руб.", "Сто двенадцать рублей 00 копеек"},
		1_000_00:           {"1 000,00 руб.", "Одна тысяча рублей 00 копеек"},
		2_002_00:           {"2 002,00 руб.", "Две тысячи два рубля 00 копеек"},
		12_345_67:          {"12 345,67 руб.", "Двенадцать тысяч триста сорок пять рублей 67 копеек"},
		21_000_04:          {"21 000,04 руб.", "Двадцать одна тысяча рублей 04 копейки"},
		1_000_000_00:       {"1 000 000,00 руб.", "Один миллион рублей 00 копеек"},
		1_002_011_003_00:   {"1 002 011 003,00 руб.", "Один миллиард два миллиона одиннадцать тысяч три рубля 00 копеек"},
		order.MaxPrice:     {"100 000 000 000,00 руб.", "Сто миллиардов рублей 00 копеек"},
		999_999_999_999_99: {"999 999 999 999,99 руб.", "Девятьсот девяносто девять миллиардов девятьсот девяносто девять миллионов девятьсот девяносто девять тысяч девятьсот девяносто девять рублей 99 копеек"},
	} {
		require.Equal(t, expected[0], amount(kopecks))
		require.Equal(t, expected[1], inWords(kopecks))
	}
}

func TestPercentsDatesAndTerms(t *testing.T) {
	for basisPoints, expected := range map[int]string{0: "0 %", 3000: "30 %", 3333: "33,33 %", 50: "0,5 %", 5: "0,05 %", 10000: "100 %"} {
		require.Equal(t, expected, order.PercentText(basisPoints))
	}
	require.Equal(t, "1 января 2027 г.", date(time.Date(2027, 1, 1, 23, 59, 0, 0, time.FixedZone("Магадан", 11*3600))))
	require.Empty(t, date(time.Time{}))
	for n, expected := range map[int]string{0: "", 1: "1 рабочего дня", 2: "2 рабочих дней", 11: "11 рабочих дней", 21: "21 рабочего дня", 111: "111 рабочих дней"} {
		require.Equal(t, expected, workingDays(n))
	}
}
