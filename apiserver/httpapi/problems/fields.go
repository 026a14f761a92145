package problems

import (
	"errors"
	"regexp"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"
)

// fieldTexts maps huma's messages to Russian texts. $1 is the first value in huma's message.
// Messages that repeat what the caller sent are not listed.
var fieldTexts = []fieldText{
	text(validation.MsgUnexpectedProperty, "Лишнее поле."),
	text(validation.MsgExpectedRequiredProperty, "Заполните поле."),
	text(validation.MsgExpectedDependentRequiredProperty, "Заполните поле."),
	text(validation.MsgExpectedRFC3339DateTime, "Ожидаются дата и время."),
	text(validation.MsgExpectedRFC3339Date, "Ожидается дата."),
	text(validation.MsgExpectedRFC5322Email, "Ожидается адрес электронной почты."),
	text(validation.MsgExpectedRFC3986URI, "Ожидается ссылка."),
	text(validation.MsgExpectedRFC3986AbsoluteURI, "Ожидается полная ссылка."),
	text(validation.MsgExpectedRFC4122UUID, "Ожидается идентификатор."),
	text(validation.MsgExpectedBoolean, "Ожидается «да» или «нет»."),
	text(validation.MsgExpectedNumber, "Ожидается число."),
	text(validation.MsgExpectedInteger, "Ожидается целое число."),
	text(validation.MsgExpectedString, "Ожидается текст."),
	text(validation.MsgExpectedArray, "Ожидается список."),
	text(validation.MsgExpectedObject, "Ожидается группа полей."),
	text(validation.MsgExpectedArrayItemsUnique, "Значения не должны повторяться."),
	text(validation.MsgExpectedOneOf, "Такого значения нет в списке допустимых: $1."),
	text(validation.MsgExpectedMinimumNumber, "Не меньше $1."),
	text(validation.MsgExpectedExclusiveMinimumNumber, "Больше $1."),
	text(validation.MsgExpectedMaximumNumber, "Не больше $1."),
	text(validation.MsgExpectedExclusiveMaximumNumber, "Меньше $1."),
	text(strings.Replace(validation.MsgExpectedMinLength, "%d", "1", 1), "Заполните поле."),
	text(validation.MsgExpectedMinLength, "Не короче $1 знаков."),
	text(validation.MsgExpectedMaxLength, "Не длиннее $1 знаков."),
	text(validation.MsgExpectedMinItems, "Не меньше $1 значений."),
	text(validation.MsgExpectedMaxItems, "Не больше $1 значений."),
	text(validation.MsgExpectedMatchPattern, "Неверный вид значения."),
	text(validation.MsgExpectedBePattern, "Неверный вид значения."),
	text("required %s parameter is missing", "Заполните поле."),
}

// otherField is the text for messages that are not listed.
const otherField = "Неверное значение."

type fieldText struct {
	pattern *regexp.Regexp
	russian string
}

var placeholder = regexp.MustCompile(`%[vds]`)

// text compiles one of huma's messages into a pattern.
func text(english, russian string) fieldText {
	parts := placeholder.Split(english, -1)
	for i := range parts {
		parts[i] = regexp.QuoteMeta(parts[i])
	}
	return fieldText{pattern: regexp.MustCompile("^(?s:" + strings.Join(parts, "(.*)") + ")$"), russian: russian}
}

// requiredProperty matches the field name, which huma puts into the message instead of the
// location.
var requiredProperty = text(validation.MsgExpectedRequiredProperty, "").pattern

// FieldOf translates one validation error of huma.
func FieldOf(err error) FieldProblem {
	var found FieldProblem
	detail := detailOf(err)
	found.Field = strings.TrimPrefix(strings.TrimPrefix(detail.Location, "body"), ".")
	for _, place := range []string{"query.", "path.", "header."} {
		found.Field = strings.TrimPrefix(found.Field, place)
	}
	if match := requiredProperty.FindStringSubmatch(detail.Message); match != nil {
		found.Field = strings.TrimPrefix(found.Field+"."+match[1], ".")
	}
	found.Message = otherField
	for _, known := range fieldTexts {
		if match := known.pattern.FindStringSubmatchIndex(detail.Message); match != nil {
			found.Message = string(known.pattern.ExpandString(nil, known.russian, detail.Message, match))
			break
		}
	}
	return found
}

func detailOf(err error) *huma.ErrorDetail {
	var own huma.ErrorDetailer
	if errors.As(err, &own) {
		return own.ErrorDetail()
	}
	return &huma.ErrorDetail{Message: err.Error()}
}
