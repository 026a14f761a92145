package registry

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"epkr/internal/humantext"
	"epkr/internal/requisites"
)

const (
	maxText     = 1000 // characters of one text of a row
	maxMeasures = 200  // disciplinary measures, or periods, of one engineer
)

// validate returns a Russian description of the first error of a row, or "".
func (r Row) validate() string {
	for _, f := range []struct{ name, value string }{
		{"регистрационный номер", r.RegistryNumber},
		{"фамилия", r.LastName},
		{"имя", r.FirstName},
		{"наименование СРО", r.SROName},
		{"номер СРО", r.SRONumber},
		{"СНИЛС", r.SNILS},
		{"статус", string(r.Status)},
	} {
		if !humantext.Filled(f.value) {
			return "не заполнено поле «" + f.name + "»"
		}
	}
	if normal, err := requisites.SNILSWellFormed(r.SNILS); err != nil || normal != r.SNILS {
		return "СНИЛС не в виде 123-456-789 00"
	}
	if !r.Status.Valid() {
		return "неизвестный статус"
	}
	if r.SROIn.IsZero() {
		return "не заполнено поле «дата вступления в СРО»"
	}
	if r.Status == StatusActive && !r.SROOut.IsZero() {
		return "действующий член СРО с датой выхода"
	}
	if len(r.Disciplinary) > maxMeasures || len(r.Results) > maxMeasures {
		return fmt.Sprintf("больше %d дисциплинарных взысканий или периодов", maxMeasures)
	}
	return r.validateParts()
}

// normalize normalises the texts of a row as the platform does everywhere: manually filled cells
// contain spaces and invisible characters.
func (r *Row) normalize() {
	texts := []*string{&r.RegistryNumber, &r.LastName, &r.FirstName, &r.MiddleName, &r.AttestatNumber, &r.SROName, &r.SRONumber, &r.SROOutReason}
	for i := range r.Disciplinary {
		texts = append(texts, &r.Disciplinary[i].Kind, &r.Disciplinary[i].Ground)
	}
	for i := range r.Results {
		texts = append(texts, &r.Results[i].Period)
	}
	for _, text := range texts {
		*text = normalizeText(*text)
	}
	r.Status = Status(normalizeText(string(r.Status)))
	if normal, err := requisites.SNILSWellFormed(r.SNILS); err == nil {
		r.SNILS = normal
	}
}

// normalizeText normalises a text. It returns an invalid text unchanged, for validate to refuse.
func normalizeText(text string) string {
	if humantext.Fault(text) != "" || strings.ContainsFunc(text, unicode.IsControl) {
		return text
	}
	return humantext.Line(text)
}

// datesAreInRange reports whether all dates are in range. Dates of rows that were not parsed may
// have any value.
func (r Row) datesAreInRange() bool {
	dates := []Date{r.AttestatDate, r.AttestatAnnulled, r.SROIn, r.SROOut}
	for _, d := range r.Disciplinary {
		dates = append(dates, d.Date, d.Until)
	}
	return !slices.ContainsFunc(dates, func(d Date) bool { return !d.IsZero() && !inRange(d.t) })
}

func (r Row) validateParts() string {
	texts := []string{r.RegistryNumber, r.LastName, r.FirstName, r.MiddleName, r.AttestatNumber, r.SROName, r.SRONumber, r.SROOutReason}
	for _, d := range r.Disciplinary {
		if d.Date.IsZero() || !humantext.Filled(d.Kind) {
			return "дисциплинарное взыскание без даты или вида"
		}
		texts = append(texts, d.Kind, d.Ground)
	}
	for _, p := range r.Results {
		if !humantext.Filled(p.Period) || p.Filed < 0 || p.Refusals < 0 || p.Suspensions < 0 {
			return "результаты деятельности без периода или с отрицательным числом"
		}
		texts = append(texts, p.Period)
	}
	if !r.datesAreInRange() {
		return errDate.Error()
	}
	for _, text := range texts {
		if utf8.RuneCountInString(text) > maxText {
			return fmt.Sprintf("текст длиннее %d знаков", maxText)
		}
		if humantext.Fault(text) != "" || strings.ContainsFunc(text, unicode.IsControl) {
			return "текст с управляющими или недопустимыми символами"
		}
	}
	return ""
}
