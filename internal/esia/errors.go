package esia

import (
	"errors"
	"fmt"
	"regexp"
)

// Code is the stable name of a refusal. The platform's API and tests depend on it.
type Code string

// The codes of sign-in errors. For codes of ЕСИА's errors, the comment gives its number.
const (
	CodeRefusedByUser Code = "esia_refused_by_user"     // 007004
	CodeLoginRequired Code = "esia_login_required"      // nobody has signed in at ЕСИА, see Request.Automatic
	CodeUnconfirmed   Code = "esia_unconfirmed_account" // 007055, or trusted is false
	// CodeConfirmationUnknown means that neither the data nor the identity token state whether the
	// account is confirmed.
	CodeConfirmationUnknown Code = "esia_confirmation_unknown"
	CodeNotEmployee         Code = "esia_not_an_employee"    // 007194
	CodeInactive            Code = "esia_inactive_account"   // the person's status is not REGISTERED
	CodeCodeInvalid         Code = "esia_code_invalid"       // 007011: used, expired, or issued to another
	CodeClientCertificate   Code = "esia_client_certificate" // 007002
	CodeBadParameter        Code = "esia_bad_parameter"      // 007003
	CodeMissingParameter    Code = "esia_missing_parameter"  // 007014
	CodeClock               Code = "esia_clock"              // 007015
	CodeScope               Code = "esia_scope"              // 007006, 007013
	CodeNotPermitted        Code = "esia_not_permitted"      // 007005, 007019, 007012, 007009, HTTP 401 and 403
	CodeRedirectURI         Code = "esia_redirect_uri"       // 007023
	CodeClientSecret        Code = "esia_client_secret"      // 007053, 008010
	CodeUnavailable         Code = "esia_unavailable"        // 007007, 007008, network, HTTP 5xx
	CodeStateMismatch       Code = "esia_state_mismatch"     // the response belongs to another sign-in
	CodeTokenInvalid        Code = "esia_token_invalid"      // the token failed verification
	CodeAnswerInvalid       Code = "esia_answer_invalid"     // the response does not follow the protocol
	CodeSigning             Code = "esia_signing"            // the platform could not sign its request
	CodeBusy                Code = "sign_in_busy"            // too many sign-ins at once
	CodeUnknown             Code = "esia_unknown"            // a number of ЕСИА that is not listed here
)

// Error is the type of all errors of this package. It never contains personal data, tokens or codes
// of sign-in.
type Error struct {
	Code Code
	// ESIA is the error number that ЕСИА returned, "ESIA-007004"; empty for errors of this package.
	ESIA string
	// cause describes the failed operation, for the log.
	cause error
}

// Error returns the text for the log, not for the screen.
func (e *Error) Error() string {
	text := string(e.Code)
	if e.ESIA != "" {
		text += " (" + e.ESIA + ")"
	}
	if e.cause != nil {
		text += ": " + e.cause.Error()
	}
	return text
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.cause }

// Message returns the Russian text for the person.
func (e *Error) Message() string {
	if text, ok := messages[e.Code]; ok {
		return text
	}
	return messages[CodeUnknown]
}

// Temporary reports whether a new sign-in may succeed later without a change on either side.
func (e *Error) Temporary() bool { return e.Code == CodeUnavailable || e.Code == CodeCodeInvalid }

// CodeOf returns the code of an error of this package in the chain, or "" for other errors.
func CodeOf(err error) Code {
	var own *Error
	if errors.As(err, &own) {
		return own.Code
	}
	return ""
}

const setupMessage = "Вход через Госуслуги настроен с ошибкой. Обратитесь в службу поддержки платформы."

var messages = map[Code]string{
	CodeRefusedByUser:       "Вы отказались от входа через Госуслуги. Чтобы войти, нажмите «Войти» ещё раз и разрешите доступ.",
	CodeLoginRequired:       "Вход на Госуслугах не выполнен. Нажмите «Войти» ещё раз.",
	CodeUnconfirmed:         "Учётная запись Госуслуг не подтверждена. Подтвердите личность на портале Госуслуг и войдите снова.",
	CodeConfirmationUnknown: "Госуслуги не сообщили, подтверждена ли ваша учётная запись. Войдите ещё раз; если это повторится, обратитесь в службу поддержки платформы.",
	CodeNotEmployee:         "По данным Госуслуг вы не являетесь сотрудником этой организации. Войдите как физическое лицо или выберите другую организацию.",
	CodeInactive:            "Учётная запись Госуслуг не действует. Обратитесь в поддержку портала Госуслуг.",
	CodeCodeInvalid:         "Время входа истекло или ссылка уже использована. Нажмите «Войти» ещё раз.",
	CodeClientCertificate:   setupMessage,
	CodeBadParameter:        setupMessage,
	CodeMissingParameter:    setupMessage,
	CodeClock:               "Часы платформы и Госуслуг расходятся. Обратитесь в службу поддержки платформы.",
	CodeScope:               setupMessage,
	CodeNotPermitted:        "Госуслуги не разрешили получить нужные данные. Войдите ещё раз.",
	CodeRedirectURI:         setupMessage,
	CodeClientSecret:        setupMessage,
	CodeUnavailable:         "Госуслуги сейчас не отвечают. Попробуйте войти через несколько минут.",
	CodeStateMismatch:       "Вход начат в другом окне или браузере. Нажмите «Войти» ещё раз.",
	CodeTokenInvalid:        "Ответ Госуслуг не прошёл проверку подлинности. Войдите ещё раз.",
	CodeAnswerInvalid:       "Госуслуги прислали неожиданный ответ. Попробуйте войти ещё раз.",
	CodeSigning:             "Платформа не смогла подписать запрос к Госуслугам. Обратитесь в службу поддержки платформы.",
	CodeBusy:                "Сейчас входят слишком многие. Подождите минуту и нажмите «Войти» ещё раз.",
	CodeUnknown:             "Госуслуги отказали во входе. Попробуйте ещё раз или обратитесь в службу поддержки платформы.",
}

// numbers maps ЕСИА's error numbers to codes (methodical recommendations for the use of ЕСИА, the
// table of errors).
var numbers = map[string]Code{
	"007002": CodeClientCertificate,
	"007003": CodeBadParameter,
	"007004": CodeRefusedByUser,
	"007005": CodeNotPermitted,
	"007006": CodeScope,
	"007007": CodeUnavailable,
	"007008": CodeUnavailable,
	"007009": CodeNotPermitted,
	"007011": CodeCodeInvalid,
	"007012": CodeNotPermitted,
	"007013": CodeScope,
	"007014": CodeMissingParameter,
	"007015": CodeClock,
	"007019": CodeNotPermitted,
	"007023": CodeRedirectURI,
	"007053": CodeClientSecret,
	"007055": CodeUnconfirmed,
	"007194": CodeNotEmployee,
	"008010": CodeClientSecret,
}

var numberPattern = regexp.MustCompile(`(?i)ESIA-(\d{6})`)

// refusal returns the Error for an error response of ЕСИА. It uses only the error number and the
// OAuth error; other text of the response must not be repeated.
func refusal(oauthError, description string) *Error {
	if match := numberPattern.FindStringSubmatch(oauthError + " " + description); match != nil {
		code, known := numbers[match[1]]
		if !known {
			code = CodeUnknown
		}
		return &Error{Code: code, ESIA: "ESIA-" + match[1]}
	}
	switch oauthError {
	case "login_required", "interaction_required", "consent_required", "account_selection_required":
		return &Error{Code: CodeLoginRequired}
	case "access_denied":
		return &Error{Code: CodeRefusedByUser}
	case "temporarily_unavailable", "server_error":
		return &Error{Code: CodeUnavailable}
	case "invalid_grant":
		return &Error{Code: CodeCodeInvalid}
	}
	return &Error{Code: CodeUnknown}
}

func failure(code Code, format string, arguments ...any) *Error {
	return &Error{Code: code, cause: fmt.Errorf(format, arguments...)}
}
