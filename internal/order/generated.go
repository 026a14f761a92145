package order

import (
	"fmt"
	"strings"
	"time"

	"epkr/internal/humantext"
)

// GeneratedFacts are what a document says that the platform made for its sender.
type GeneratedFacts struct {
	// Kind is what the document is: a contract, an act or an invoice.
	Kind DocumentKind
	// Contract are the conditions in a contract; nil in another document.
	Contract *ContractConditions
	// Sum is the price in an act, and what is paid by an invoice.
	Sum Kopecks
}

// generated returns what a named file says if the platform made it as a document of the kind; nil if it
// is the sender's own file. It refuses one that was made as something else.
func (c *decision) generated(file FileRef, kind DocumentKind) (*GeneratedFacts, *Refusal) {
	made := c.facts.Files[file.ID].Generated
	if made != nil && (made.Kind != kind || kind == DocumentContract && made.Contract == nil) {
		return nil, differs("Этот файл платформа сформировала как другой документ.")
	}
	return made, nil
}

// requireContract refuses other conditions than those in a contract that the platform made. The term of
// acceptance, which a message need not state, is then the contract's.
func (c *decision) requireContract(t *ContractTerms) *Refusal {
	made, refused := c.generated(t.File, DocumentContract)
	if made == nil || refused != nil {
		return refused
	}
	if t.AcceptanceDays == 0 {
		t.AcceptanceDays = made.Contract.AcceptanceDays
	}
	if found := t.ContractConditions.differences(made.Contract); len(found) > 0 {
		return differs(found...)
	}
	return nil
}

// requireSum refuses an act or an invoice that the platform made with another sum than it has by the
// contract.
func (c *decision) requireSum(file FileRef, kind DocumentKind, sum Kopecks) *Refusal {
	made, refused := c.generated(file, kind)
	if made == nil || refused != nil {
		return refused
	}
	if made.Sum != sum {
		return differs("В файле сумма " + roubles(made.Sum) + ", по договору " + roubles(sum) + ".")
	}
	return nil
}

// differs returns the refusal of a document that says something else than it is sent with.
func differs(what ...string) *Refusal {
	return &Refusal{CodeOtherConditions, reasons[CodeOtherConditions] + " " + strings.Join(what, " ")}
}

// differences returns in words how the conditions of a message differ from those in its contract.
func (t *ContractConditions) differences(made *ContractConditions) (found []string) {
	say := func(what, is, said string) {
		if is != said {
			found = append(found, "В файле договора "+what+" "+is+", в сообщении "+said+".")
		}
	}
	say("цена", roubles(made.Price), roubles(t.Price))
	say("аванс", roubles(made.Advance), roubles(t.Advance))
	say("процент аванса", PercentText(made.AdvanceBasisPoints), PercentText(t.AdvanceBasisPoints))
	say("срок исполнения", dayText(made.TermDate), dayText(t.TermDate))
	say("постановка на ГКУ/ГРП", provided(made.Registration), provided(t.Registration))
	say("срок приёмки", workingDays(made.AcceptanceDays), workingDays(t.AcceptanceDays))
	say("приёмка по молчанию", silenceText(made.SilenceAcceptsAfter), silenceText(t.SilenceAcceptsAfter))
	return found
}

func roubles(amount Kopecks) string { return AmountText(amount) + " ₽" }

// dayText returns a day as people write it, 24.12.2026.
func dayText(date string) string {
	day, err := time.ParseInLocation(time.DateOnly, date, Moscow)
	if err != nil {
		return date
	}
	return shortDate(day)
}

func provided(yes bool) string {
	if yes {
		return "предусмотрена"
	}
	return "не предусмотрена"
}

func silenceText(days int) string {
	if days == 0 {
		return provided(false)
	}
	return "через " + workingDays(days)
}

func workingDays(days int) string {
	return fmt.Sprintf("%d %s", days, humantext.Plural(int64(days), "рабочий день", "рабочих дня", "рабочих дней"))
}
