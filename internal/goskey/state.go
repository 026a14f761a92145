package goskey

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"epkr/internal/humantext"
)

// State is what has become of an order at ЕПГУ.
type State string

// The states. All after Waiting are final.
const (
	Reserved State = "reserved" // nothing has been sent under its number
	Checking State = "checking" // ЕПГУ checks what was sent
	Waiting  State = "waiting"  // the person has it, or is about to get it

	Signed      State = "signed"
	Refused     State = "refused"      // the person has refused to sign
	Expired     State = "expired"      // the person has not signed in time
	NoAccount   State = "no-account"   // the person has no account or no certificate in «Госключ»
	NotAccepted State = "not-accepted" // ЕПГУ does not accept the platform's signature
	SenderFault State = "sender-fault" // the request does not follow the specification
	TooMany     State = "too-many"     // the person has got more documents than may be sent
	Failed      State = "failed"       // an error of ЕПГУ or «Госключ»
)

// IsFinal reports whether the state cannot change.
func (s State) IsFinal() bool { return s != Reserved && s != Checking && s != Waiting }

// Message returns the Russian text for the person, with what to do next.
func (s State) Message() string { return stateMessages[s] }

const anotherWay = " Отправьте его ещё раз или подпишите другим способом."

var stateMessages = map[State]string{
	Reserved:    "Документ готовится к отправке в Госключ.",
	Checking:    "Документ отправлен, Госуслуги проверяют его. Это занимает несколько минут.",
	Waiting:     "Документ отправлен на подпись. Откройте приложение «Госключ» и подпишите его.",
	Signed:      "Документ подписан в Госключе.",
	Refused:     "Вы отказались подписать документ в Госключе." + anotherWay,
	Expired:     "Срок подписания документа в Госключе истёк." + anotherWay,
	NoAccount:   "Госключ не нашёл вас или вашу усиленную квалифицированную подпись. Выпустите её в приложении «Госключ» и отправьте документ ещё раз или подпишите его другим способом.",
	NotAccepted: "Госуслуги не приняли подпись платформы под документом. Подпишите документ другим способом; платформа уже знает об ошибке.",
	SenderFault: "Госуслуги не приняли документ платформы: он оформлен с ошибкой. Подпишите документ другим способом; платформа уже знает об ошибке.",
	TooMany:     "Вам отправлено слишком много документов подряд. Подождите десять минут и отправьте документ ещё раз или подпишите его другим способом.",
	Failed:      "Госключ не смог обработать документ из-за сбоя." + anotherWay,
}

// Answer is the state of an order.
type Answer struct {
	State State
	// Detail is the code and the comment of ЕПГУ, for the record.
	Detail string
	files  []responseFile
}

// responseFile is a file in an answer.
type responseFile struct {
	Name     string `json:"fileName"`
	MIMEType string `json:"mimeType"`
	Link     string `json:"link"`
}

// status is one state of an order in the cabinet of ЕПГУ.
type status struct {
	ID      *int   `json:"statusId"`
	Title   string `json:"title"`
	Comment string `json:"comment"`
}

// order is an order as ЕПГУ describes it.
type order struct {
	StatusID      *int           `json:"orderStatusId"`
	Current       status         `json:"currentStatusHistory"`
	ResponseFiles []responseFile `json:"orderResponseFiles"`
}

// statesOfChecks are the states while ЕПГУ checks an order (API ЕПГУ, appendix 1). RETRY is a pause
// because of a technical fault of ЕПГУ, after which the check goes on.
var statesOfChecks = map[string]State{
	"NEW": Checking, "VALIDATION": Checking, "FILES_VERIFICATION": Checking, "FILES_VERIFICATION_SUCCESS": Checking, "RETRY": Checking,
	"LIMITATION_EXCEPTION": TooMany, "INVALID_FILES_STRUCTURE": SenderFault, "VALIDATION_ERROR": SenderFault,
	"REQ_NOT_FOUND": SenderFault, "MPC_NOT_FOUND": SenderFault, "REQ_VERIFY_FAILED": SenderFault,
	"FILES_VERIFICATION_FAILED": NotAccepted, "INTERNAL_ERROR": Failed,
}

// The states of an order in the cabinet of ЕПГУ that «Госключ» uses.
const (
	statusDraft    = 0
	statusSigned   = 3
	statusUnsigned = 4 // refused or expired: only the words tell which
	statusError    = 5
)

// State asks for the state of an order.
func (c *Client) State(ctx context.Context, id OrderID) (Answer, error) {
	var answer struct {
		Code  string `json:"code"`
		Order string `json:"order"`
	}
	path := fmt.Sprintf("/api/gusmev/order/%d?embed=STATUS_HISTORY", id)
	if err := c.doJSON(ctx, call{method: http.MethodPost, path: path}, &answer); err != nil {
		return Answer{}, err
	}
	code := strings.ToUpper(answer.Code)
	if state, found := statesOfChecks[code]; found {
		return Answer{State: state, Detail: code}, nil
	}
	var o order
	if answer.Order != "" {
		if err := decode([]byte(answer.Order), &o); err != nil {
			return Answer{}, err
		}
	}
	if o.StatusID == nil {
		o.StatusID = o.Current.ID
	}
	return o.answer(code), nil
}

// answer returns the state of an order in the cabinet. With the code DONE an order has been passed on
// and only its state there is late.
func (o order) answer(code string) Answer {
	a := Answer{State: Waiting, Detail: o.detail(code), files: o.ResponseFiles}
	switch {
	case (o.StatusID == nil || *o.StatusID == statusDraft) && code == "DONE":
		a.State = Checking
	case o.StatusID == nil, *o.StatusID == statusDraft:
		a.State = Reserved
	case *o.StatusID == statusSigned:
		a.State = Signed
	case *o.StatusID == statusUnsigned:
		a.State = o.unsigned()
	case *o.StatusID == statusError:
		a.State = o.failed()
	case *o.StatusID == statusNotSent, *o.StatusID == statusRejected:
		a.State = Failed
	}
	return a
}

// The states of an order that never reached «Госключ».
const (
	statusNotSent  = 24 // «Ошибка отправки заявления в ведомство»
	statusRejected = 15 // «Заявление требует исправления»
)

// The specification has no codes for the ends of a request, so they are told by the words of the state
// and its comment.
var (
	wordsOfExpiry    = []string{"истек", "истёк"}
	wordsOfNoAccount = []string{"снилс", "учетн", "учётн", "не зарегистрирован", "сертификат не найден", "не найден пользователь", "пользователь не найден"}
)

func (o order) unsigned() State {
	if o.says(wordsOfExpiry) {
		return Expired
	}
	return Refused
}

func (o order) failed() State {
	if o.says(wordsOfNoAccount) {
		return NoAccount
	}
	return Failed
}

func (o order) says(words []string) bool {
	text := strings.ToLower(o.Current.Title + " " + o.Current.Comment)
	for _, word := range words {
		if strings.Contains(text, word) {
			return true
		}
	}
	return false
}

// maxDetail bounds the comment in a record, in characters.
const maxDetail = 300

func (o order) detail(code string) string {
	text := code
	if o.StatusID != nil {
		text = fmt.Sprintf("%s %d", code, *o.StatusID)
	}
	for _, part := range []string{o.Current.Title, o.Current.Comment} {
		if part = humantext.Line(part); part != "" {
			text += " " + part
		}
	}
	characters := []rune(strings.TrimSpace(text))
	return string(characters[:min(len(characters), maxDetail)])
}
