package documents

import (
	"fmt"
	"io"
	"time"

	"epkr/dev/bench/platform"
	"epkr/dev/bench/report"
	"epkr/internal/document/docx"
	"epkr/internal/document/forms"
	"epkr/internal/document/pdf"
	"epkr/internal/order"
)

// making measures the text of a contract from its values, which is made once for both files, and each
// file from that text.
func (m *measurement) making() error {
	texts, err := forms.Load()
	if err != nil {
		return fmt.Errorf("reading the texts of documents: %w", err)
	}
	for _, one := range []struct {
		rows      int
		pdf, docx float64 // the largest CPU time in ms
	}{{12, 15, 2}, {60, 25, 3}} {
		c := contract(one.rows)
		text, err := texts.Contract(c, c.Date)
		if err != nil {
			return fmt.Errorf("making the text of a contract: %w", err)
		}
		for _, step := range []struct {
			name  string
			do    func() error
			limit float64
		}{
			{"text", func() error { _, err := texts.Contract(c, c.Date); return err }, 0},
			{"PDF", func() error { return pdf.Write(io.Discard, text) }, one.pdf},
			{"DOCX", func() error { return docx.Write(io.Discard, text) }, one.docx},
		} {
			what := fmt.Sprintf("%s of a contract with %d works", step.name, one.rows)
			m.Progressf("%s", what)
			ms, err := m.cpu(m.Either(300, 2), step.do)
			if err != nil {
				return fmt.Errorf("%s: %w", what, err)
			}
			m.repeated(what, ms)
			if step.limit > 0 {
				m.section.Targets = append(m.section.Targets, report.AtMost(what+", CPU", "%.1f ms", ms, step.limit))
			}
		}
	}
	return nil
}

// cpu returns the CPU time of this process for one of n calls, in milliseconds.
func (m *measurement) cpu(n int, call func() error) (float64, error) {
	if err := call(); err != nil { // fonts and tables are read once
		return 0, err
	}
	spent, err := m.Measure(nil, func() error {
		for range n {
			if err := call(); err != nil {
				return err
			}
		}
		return nil
	})
	return spent.PerItem(platform.Client, n), err
}

// contract returns a contract between an organisation and an entrepreneur.
func contract(rows int) forms.Contract {
	bank := forms.Bank{Name: "ПАО СБЕРБАНК, г. Москва", BIC: "044525225", Account: "40802810900000000017", CorrespondentAccount: "30101810400000000225"}
	c := forms.Contract{
		Parties: forms.Parties{
			Customer: forms.Party{
				Kind: forms.Organisation, Name: "Общество с ограниченной ответственностью «Земли и межевание»", INN: "7707083893", KPP: "773601001",
				OGRN: "1027700132195", Address: "117997, г. Москва, ул. Вавилова, д. 19", Email: "zakaz@zemli.example.ru", Phone: "+74951234567", Bank: bank,
				Basis: "Устав", Representative: forms.Representative{Name: "Королёв Пётр Семёнович", Position: "генеральный директор"},
			},
			Performer: forms.Party{
				Kind: forms.Entrepreneur, Name: "Сергеев Дмитрий Олегович", INN: "500100732259", OGRN: "304500116000157",
				Address: "140000, Московская обл., г. Люберцы, Октябрьский просп., д. 10, кв. 3", Email: "sergeev@kadastr.example.ru", Phone: "+79001234567",
				Bank: bank, Basis: "лист записи ЕГРИП от 15 июня 2004 г.",
			},
		},
		Number: "КР-2026/0117", Date: time.Date(2026, 11, 30, 0, 0, 0, 0, time.UTC), Place: "г. Москва", OrderNumber: "2026-000117",
		Engineer: forms.Engineer{Name: "Сергеев Дмитрий Олегович", SNILS: "087-654-303 00", RegistryNumber: "1234", Association: "А СРО «Кадастровые инженеры»"},
		WorkKind: "уточнение местоположения границ и (или) площади земельного участка",
		Object: forms.Object{
			Description: "земельный участок площадью 1 200 м², категория земель — земли населенных пунктов",
			Address:     "Московская обл., Раменский р-н, дер. Верея, уч. 15", CadastralNumbers: "50:23:0020279:115",
		},
		Term: time.Date(2027, 2, 15, 0, 0, 0, 0, time.UTC), AdvanceBasisPoints: 3000, PrepaymentDays: 5, AcceptanceDays: 7, PaymentDays: 5,
	}
	for i := range rows {
		price := order.Kopecks(3_000_00 + 1_234_56*i%7_000_00)
		c.Works = append(c.Works, forms.Work{
			Name: fmt.Sprintf("Полевые геодезические измерения характерных точек границ земельного участка, этап %d", i+1), Price: price,
			Result: "Каталог координат, СКО не более 0,1 м",
		})
		c.Price += price
	}
	c.Advance = order.Advance(c.Price, c.AdvanceBasisPoints)
	return c
}
