package registry

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"epkr/internal/requisites"
)

const (
	maxText     = 1000 // characters of one text of a row
	maxMeasures = 200  // disciplinary measures, or periods, of one engineer
)

// validate returns the Russian name of what is wrong with a row, or "".
func (r Row) validate() string {
	for _, f := range []struct{ name, value string }{
		{"регистрационный номер", r.RegistryNumber},
		{"фамилия", r.LastName},
		{"имя", r.FirstName},
		{"наименование СРО", r.SROName},
		{"номер СРО", r.SRONumber},
	} {
		if f.value == "" {
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

func (r Row) validateParts() string {
	texts := []string{r.RegistryNumber, r.LastName, r.FirstName, r.MiddleName, r.AttestatNumber, r.SROName, r.SRONumber, r.SROOutReason}
	for _, d := range r.Disciplinary {
		if d.Date.IsZero() || d.Kind == "" {
			return "дисциплинарное взыскание без даты или вида"
		}
		texts = append(texts, d.Kind, d.Ground)
	}
	for _, p := range r.Results {
		if p.Period == "" || p.Filed < 0 || p.Refusals < 0 || p.Suspensions < 0 {
			return "результаты деятельности без периода или с отрицательным числом"
		}
		texts = append(texts, p.Period)
	}
	for _, text := range texts {
		if utf8.RuneCountInString(text) > maxText {
			return fmt.Sprintf("текст длиннее %d знаков", maxText)
		}
		// Replacement characters come of broken bytes inside JSON escapes.
		if !utf8.ValidString(text) || strings.ContainsFunc(text, func(c rune) bool { return unicode.IsControl(c) || c == utf8.RuneError }) {
			return "текст с управляющими или недопустимыми символами"
		}
	}
	return ""
}
