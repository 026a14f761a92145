package document_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/document"
	"epkr/internal/document/forms"
	"epkr/internal/order"
)

var (
	created = time.Date(2026, 12, 1, 9, 30, 15, 0, time.UTC)
	signed  = time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
)

func bank() forms.Bank {
	return forms.Bank{Name: "ПАО СБЕРБАНК, г. Москва", BIC: "044525225", Account: "40802810900000000017", CorrespondentAccount: "30101810400000000225"}
}

// citizen has only what a contract needs of a person.
func citizen() forms.Party {
	return forms.Party{Kind: forms.Person, Name: "Соловьёва Алёна Юрьевна", SNILS: "112-233-445 95", Address: "142100, Московская обл., г. Подольск, ул. Кирова, д. 4, кв. 17"}
}

func company() forms.Party {
	return forms.Party{
		Kind: forms.Organisation, Name: "Общество с ограниченной ответственностью «Земли и межевание»",
		INN: "7707083893", KPP: "773601001", OGRN: "1027700132195", Address: "117997, г. Москва, ул. Вавилова, д. 19",
		Email: "zakaz@zemli.example.ru", Phone: "+74951234567", Bank: bank(), Basis: "Устав",
		Representative: forms.Representative{Name: "Королёв Пётр Семёнович", Position: "генеральный директор"},
	}
}

func entrepreneur() forms.Party {
	return forms.Party{
		Kind: forms.Entrepreneur, Name: "Сергеев Дмитрий Олегович", INN: "500100732259", OGRN: "304500116000157",
		Address: "140000, Московская обл., г. Люберцы, Октябрьский просп., д. 10, кв. 3", Email: "sergeev@kadastr.example.ru",
		Phone: "+79001234567", Bank: bank(), Basis: "лист записи ЕГРИП от 15 июня 2004 г.",
	}
}

func engineer() forms.Engineer {
	return forms.Engineer{Name: "Сергеев Дмитрий Олегович", SNILS: "087-654-303 00", RegistryNumber: "1234", Association: "А СРО «Кадастровые инженеры»"}
}

// works returns a firm estimate of n lines and its sum.
func works(n int) (lines []forms.Work, price order.Kopecks) {
	kinds := []forms.Work{
		{Name: "Сбор сведений ЕГРН и анализ исходных документов", Result: "Пакет исходных данных"},
		{Name: "Полевые геодезические измерения характерных точек границ земельного участка", Result: "Каталог координат, СКО не более 0,1 м"},
		{Name: "Согласование местоположения границ со смежными землепользователями", Result: "Акт согласования"},
		{Name: "Подготовка межевого плана земельного участка площадью 1 200 м²", Result: "Межевой план (XML, УКЭП)"},
	}
	for i := range n {
		w := kinds[i%len(kinds)]
		w.Name += fmt.Sprintf(", этап %d", i+1)
		w.Price = order.Kopecks(3_000_00 + 1_234_56*i%7_000_00)
		lines, price = append(lines, w), price+w.Price
	}
	return lines, price
}

func contract(customer, performer forms.Party, rows, advanceBasisPoints int) forms.Contract {
	lines, price := works(rows)
	c := forms.Contract{
		Parties: forms.Parties{Customer: customer, Performer: performer}, Number: "КР-2026/0117", Date: signed, Place: "г. Москва",
		OrderNumber: "2026-000117", Engineer: engineer(), WorkKind: "уточнение местоположения границ и (или) площади земельного участка",
		Object: forms.Object{
			Description:      "земельный участок площадью 1 200 м², категория земель — земли населенных пунктов",
			Address:          "Московская обл., Раменский р-н, дер. Верея, уч. 15",
			CadastralNumbers: "50:23:0020279:115",
		},
		Works: lines, Term: time.Date(2027, 2, 15, 0, 0, 0, 0, time.UTC), Price: price,
		AdvanceBasisPoints: advanceBasisPoints, Advance: order.Advance(price, advanceBasisPoints),
		AcceptanceDays: 7, PaymentDays: 5,
	}
	if c.Advance > 0 {
		c.PrepaymentDays = 5
	}
	return c
}

func act(customer, performer forms.Party, rows int) forms.Act {
	lines, price := works(rows)
	return forms.Act{
		Parties: forms.Parties{Customer: customer, Performer: performer}, Number: "1", Date: signed.AddDate(0, 2, 10), Place: "г. Москва",
		Contract: forms.Reference{Number: "КР-2026/0117", Date: signed}, OrderNumber: "2026-000117", Engineer: engineer(),
		Object: contract(customer, performer, 1, 0).Object, Works: lines, Price: price, Delivery: "файлами через Платформу",
		Results: []forms.Result{{Name: "Межевой план", Details: "№ 15-МП от 1 февраля 2027 г.", Form: "XML, УКЭП"}, {Name: "Акт согласования местоположения границ"}},
	}
}

func invoice(t testing.TB, customer, performer forms.Party) forms.Invoice {
	return forms.Invoice{
		Parties: forms.Parties{Customer: customer, Performer: performer}, Number: "17", Date: signed, ValidUntil: signed.AddDate(0, 0, 10),
		Contract: forms.Reference{Number: "КР-2026/0117", Date: signed}, OrderNumber: "2026-000117", Sum: 37_037_00,
		Items:   []forms.Item{{Name: "Аванс 30 % за кадастровые работы", Sum: 37_037_00}},
		Purpose: "Аванс по договору КР-2026/0117 от 01.12.2026, заказ 2026-000117. НДС не облагается", Code: qr(t),
	}
}

func qr(t testing.TB) document.Modules {
	text, err := os.ReadFile("testdata/qr.txt")
	require.NoError(t, err)
	var modules document.Modules
	for _, line := range strings.Fields(string(text)) {
		row := make([]bool, len(line))
		for i := range line {
			row[i] = line[i] == '#'
		}
		modules = append(modules, row)
	}
	return modules
}

// longNames has names that fill whole lines, and words that no line can hold.
func longNames() forms.Contract {
	customer := company()
	customer.Name = "Федеральное государственное бюджетное образовательное учреждение высшего образования «Санкт-Петербургский государственный " +
		"архитектурно-строительный университет имени профессора Константина Константиновича Рауш-Траубенберга-Константинопольского»"
	customer.Representative = forms.Representative{
		Name: "Воскресенская-Преображенская Екатерина-Александра Святославовна", Position: "временно исполняющая обязанности первого заместителя генерального директора",
	}
	customer.Email = strings.Repeat("dlinnoe-imya.", 8) + "ru@" + strings.Repeat("otdel.", 12) + "example.ru"
	c := contract(customer, entrepreneur(), 3, 3000)
	c.Works[0].Name = strings.Repeat("Превысокомногорассмотрительствующий", 4)
	c.Works[1].Result = "https://disk.example.ru/d/" + strings.Repeat("AbCdEf0123456789", 8)
	c.Object.Description = strings.Repeat("земельный участок с объектами капитального строительства, ", 60) + "всего 60"
	return c
}

func samples(t testing.TB) map[string]document.Document {
	f, err := forms.Load()
	require.NoError(t, err)
	all := map[string]document.Document{}
	add := func(name string, d document.Document, err error) {
		require.NoError(t, err, name)
		all[name] = d
	}
	contracts := map[string]forms.Contract{
		"contract-citizen-entrepreneur-advance-0": contract(citizen(), entrepreneur(), 1, 0),
		"contract-company-company-advance-30":     contract(company(), company(), 12, 3000),
		"contract-business-company-advance-100":   contract(entrepreneur(), company(), 2, 10000),
		"contract-60-rows":                        contract(citizen(), entrepreneur(), 60, 3333),
		"contract-long-names":                     longNames(),
	}
	for name, c := range contracts {
		c.Registration = strings.Contains(name, "company-company")
		c.SilentAcceptance = strings.Contains(name, "100")
		if strings.Contains(name, "60") {
			c.Attachment = "техническое задание (приложение № 1), смета в ценах ₽ — «ё», 5 м², Өҙөл, Ўзбек"
		}
		d, err := f.Contract(c, created)
		add(name, d, err)
	}
	remarks := act(citizen(), company(), 2)
	remarks.Remarks, remarks.Paid = "в межевом плане указать смежный участок с кадастровым номером 50:23:0020279:116.", 2_000_00
	d, err := f.Act(remarks, created)
	add("act-remarks", d, err)
	alone := act(company(), entrepreneur(), 12)
	alone.AloneAfter, alone.Registration = signed.AddDate(0, 2, 1), forms.Registration{
		Description: "учтены изменения границ земельного участка", Number: "КУВД-001/2027-3670443", Date: signed.AddDate(0, 2, 5),
	}
	d, err = f.Act(alone, created)
	add("act-alone-registration", d, err)
	paid := act(entrepreneur(), entrepreneur(), 1)
	paid.Paid = paid.Price
	d, err = f.Act(paid, created)
	add("act-paid", d, err)
	d, err = f.Invoice(invoice(t, citizen(), entrepreneur()), created)
	add("invoice-code", d, err)
	plain := invoice(t, company(), company())
	plain.Code, plain.ValidUntil = nil, time.Time{}
	d, err = f.Invoice(plain, created)
	add("invoice-plain", d, err)
	for name, p := range protocols() {
		d, err = f.Protocol(p, created)
		add(name, d, err)
	}
	for name, h := range histories() {
		d, err = f.History(h, created)
		add(name, d, err)
	}
	return all
}
