package goskey

import (
	"context"
	"errors"
	"fmt"
)

// Code is the stable name of an error.
type Code string

// The codes of errors. Those of a request's own end are states, see [State].
const (
	CodeUnavailable   Code = "goskey_unavailable"    // network, HTTP 5xx
	CodeBusy          Code = "goskey_busy"           // HTTP 429, limitation_exception
	CodeNotPermitted  Code = "goskey_not_permitted"  // HTTP 401 and 403: the platform's rights at ЕПГУ
	CodeRefused       Code = "goskey_refused"        // HTTP 400, 409, 413: ЕПГУ does not take the request
	CodeAnswerInvalid Code = "goskey_answer_invalid" // the answer does not follow the protocol
	CodeSigning       Code = "goskey_signing"        // the platform could not sign the request
	CodeDocument      Code = "goskey_document"       // the document cannot be sent: its size or name
	CodeRequest       Code = "goskey_request"        // the request breaks a limit of the specification
	CodeNoSignature   Code = "goskey_no_signature"   // a signed order has no file of a signature
)

// Error is the type of all errors of this package. It contains no personal data, tokens or contents.
type Error struct {
	Code  Code
	cause error
}

// Error returns the text for the log, not for the screen.
func (e *Error) Error() string { return fmt.Sprintf("%s: %v", e.Code, e.cause) }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.cause }

// Message returns the Russian text for the person.
func (e *Error) Message() string { return messages[e.Code] }

// Temporary reports whether the same call may succeed later.
func (e *Error) Temporary() bool {
	return e.Code == CodeUnavailable || e.Code == CodeBusy || e.Code == CodeSigning
}

const otherWay = " Подпишите документ другим способом или обратитесь в службу поддержки платформы."

var messages = map[Code]string{
	CodeUnavailable:   "Госуслуги сейчас не отвечают. Платформа повторит отправку сама.",
	CodeBusy:          "На подпись в Госключ отправлено слишком много документов. Платформа повторит отправку через несколько минут.",
	CodeNotPermitted:  "Госуслуги не разрешили платформе отправить документ в Госключ." + otherWay,
	CodeRefused:       "Госуслуги не приняли документ на подпись в Госключ." + otherWay,
	CodeAnswerInvalid: "Госуслуги прислали неожиданный ответ." + otherWay,
	CodeSigning:       "Платформа не смогла заверить документ для отправки в Госключ. Она повторит попытку сама.",
	CodeDocument:      "В Госключ можно отправить документ PDF размером до 100 МБ. Подпишите этот документ электронной подписью на компьютере.",
	CodeRequest:       "Платформа подготовила запрос в Госключ с ошибкой." + otherWay,
	CodeNoSignature:   "Госключ сообщил о подписании, но не прислал подпись." + otherWay,
}

// CodeOf returns the code of an error of this package in the chain, or "" for other errors.
func CodeOf(err error) Code {
	var own *Error
	if errors.As(err, &own) {
		return own.Code
	}
	return ""
}

func failure(code Code, format string, arguments ...any) *Error {
	return &Error{Code: code, cause: fmt.Errorf(format, arguments...)}
}

// codesOfAnswers are the codes in answers of ЕПГУ that say more than the HTTP status (API ЕПГУ,
// appendix 4).
var codesOfAnswers = map[string]Code{
	"limitation_exception": CodeBusy,
	"internal_error":       CodeUnavailable,
	"access_denied_system": CodeNotPermitted,
	"service_not_found":    CodeNotPermitted,
	"order_access":         CodeNotPermitted,
	"push_denied":          CodeNotPermitted,
}

func codeOfStatus(status int) Code {
	switch {
	case status == 429:
		return CodeBusy
	case status >= 500:
		return CodeUnavailable
	case status == 401 || status == 403:
		return CodeNotPermitted
	case status >= 400:
		return CodeRefused
	}
	return CodeAnswerInvalid
}

// networkError returns the error of a call that got no answer.
func networkError(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err() //nolint:wrapcheck // the caller's own
	}
	return failure(CodeUnavailable, "calling ЕПГУ: %w", withoutURL(err))
}
