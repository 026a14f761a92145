package documents

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/httpapi/wire"
	"epkr/apiserver/orders"
	"epkr/db/sqlcgen"
	"epkr/internal/document/forms"
	"epkr/internal/document/generated"
	"epkr/internal/order"
	"epkr/internal/requisites"
)

// ContractForm is what the performer may change in a contract. Empty texts are absent.
type ContractForm struct {
	Number string `json:"number" format:"line" maxLength:"60" doc:"Номер договора"`
	Place  string `json:"place" format:"line" maxLength:"200" doc:"Место заключения"`
	Representation
	Object string `json:"object" format:"text" maxLength:"4000" doc:"Характеристики объекта кадастровых работ"`
	Result string `json:"result" format:"line" maxLength:"300" doc:"Результат работ, например межевой план"`
	Email  string `json:"email" format:"line" maxLength:"254" doc:"Электронная почта исполнителя"`
	Phone  string `json:"phone" format:"line" maxLength:"60" doc:"Телефон исполнителя"`

	TermDate           string        `json:"termDate" format:"date" doc:"Срок исполнения"`
	Price              order.Kopecks `json:"price" minimum:"0" maximum:"10000000000000" doc:"Стоимость работ в копейках"`
	AdvanceBasisPoints int           `json:"advanceBasisPoints" minimum:"0" maximum:"10000" doc:"Аванс в сотых долях процента"`
	Advance            order.Kopecks `json:"advance" minimum:"0" maximum:"10000000000000" doc:"Сумма аванса в копейках; остальное — оставшаяся часть"`
	PrepaymentDays     int           `json:"prepaymentDays" minimum:"0" maximum:"365" doc:"Срок уплаты аванса в рабочих днях; не важен без аванса"`
	AcceptanceDays     int           `json:"acceptanceDays" minimum:"0" maximum:"365" doc:"Срок приёмки в рабочих днях"`
	PaymentDays        int           `json:"paymentDays" minimum:"0" maximum:"365" doc:"Срок оплаты в рабочих днях"`
	Registration       bool          `json:"registration" doc:"Договор предусматривает постановку на ГКУ/ГРП"`
	SilentAcceptance   bool          `json:"silentAcceptance" doc:"Стороны договорились о приёмке по умолчанию, если заказчик молчит"`

	Attachment *order.FileRef `json:"attachment,omitempty" doc:"Приложение: ваш файл этого заказа"`
}

// contractFields are the fields of the form by the paths of the contract.
var contractFields = withRepresentation(map[string]string{
	"Number": "number", "Place": "place", "Performer.Email": "email", "Performer.Phone": "phone", "Object.Description": "object", "Works[0].Result": "result",
	"Term": "termDate", "Price": "price", "Advance": "advance", "AdvanceBasisPoints": "advanceBasisPoints", "PrepaymentDays": "prepaymentDays",
	"AcceptanceDays": "acceptanceDays", "PaymentDays": "paymentDays", "Attachment": "attachment",
})

// ContractDefaults is the form as the platform fills it in, and what it cannot fill in.
type ContractDefaults struct {
	Form ContractForm  `json:"form"`
	Last *ContractForm `json:"last,omitempty" doc:"Форма, из которой вы сформировали последний договор; нет, если не формировали"`
	// LastAttachment describes the file that Last names.
	LastAttachment *GeneratedFile     `json:"lastAttachment,omitempty" doc:"Приложение последнего договора"`
	Performer      string             `json:"performer" doc:"Исполнитель: кто заключает договор"`
	PerformerKind  order.CustomerKind `json:"performerKind,omitempty" doc:"Кто он; нет, пока кадастровый инженер не указал форму работы"`
	Customer       string             `json:"customer" doc:"Заказчик"`
	CustomerKind   order.CustomerKind `json:"customerKind" doc:"Кто он"`
	// What is missing is filled in by its owner, in his requisites.
	PerformerMissing []wire.Missing `json:"performerMissing" nullable:"false" doc:"Чего не хватает в реквизитах исполнителя"`
	CustomerMissing  []wire.Missing `json:"customerMissing" nullable:"false" doc:"Чего не хватает в реквизитах заказчика"`
	// Sent reports that a contract was sent and the customer has not signed it.
	Sent bool `json:"sent" doc:"Договор уже отправлен заказчику: чтобы сформировать новый, его нужно отозвать"`
}

type contractDefaultsOutput struct{ Body ContractDefaults }

func (s *Service) registerContract() {
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "get-contract-form", Method: http.MethodGet, Path: path + "/contract", Tags: []string{tag},
		Summary: "Форма договора, заполненная по заказу, отклику, профилям и реквизитам сторон",
		Errors:  []int{http.StatusNotFound, http.StatusConflict},
	}, httpapi.Engineers, s.contractForm)
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "generate-contract", Method: http.MethodPost, Path: path + "/contract", Tags: []string{tag},
		Summary: "Сформировать договор",
		Description: "Прежний сформированный договор остаётся файлом, но больше не показывается. Если договор уже отправлен и заказчик его не подписал, " +
			"нужно withdrawSent: отправленный договор отзывается, ваша подпись под ним перестаёт действовать.",
		Errors: []int{http.StatusNotFound, http.StatusConflict, http.StatusServiceUnavailable},
		Responses: map[string]*huma.Response{
			"202": httpapi.AcceptedResponse("Ещё формируется: повторите с тем же ключом или смотрите список", "DocumentOutputBody"),
		},
	}, httpapi.Engineers, s.generateContract)
}

// loadForContract reads an order whose contract the caller may prepare now, and whether a contract was
// sent that the customer has not signed.
func (s *Service) loadForContract(ctx context.Context, in orders.OrderPath) (o *orders.Visible, sent bool, err error) {
	o, refusal, err := s.Orders.LoadForMessage(ctx, in.Order, order.SendContract)
	switch {
	case err != nil:
		return nil, false, err
	case refusal != nil && refusal.Code == order.CodeContractSent:
		return o, true, nil
	case refusal != nil:
		return nil, false, problems.Refused(*refusal)
	}
	return o, false, nil
}

func (s *Service) contractForm(ctx context.Context, in *orders.OrderPath) (*contractDefaultsOutput, error) {
	o, sent, err := s.loadForContract(ctx, *in)
	if err != nil {
		return nil, err
	}
	sides, err := s.sides(ctx, o.Row.CustomerAccount, o.By.Party)
	if err != nil {
		return nil, err
	}
	form, err := s.contractDefaults(o, sides)
	if err != nil {
		return nil, err
	}
	last, attachment, err := lastForm[ContractForm](ctx, s, o, generated.Contract)
	if err != nil {
		return nil, err
	}
	performer := performerOf(sides)
	return &contractDefaultsOutput{ContractDefaults{
		Form: form, Last: last, LastAttachment: attachment, Performer: performer.Name, PerformerKind: performer.Kind, Customer: sides.CustomerName, CustomerKind: order.CustomerKind(sides.CustomerKind),
		PerformerMissing: wire.MissingOf(sides.PerformerMissing), CustomerMissing: wire.MissingOf(sides.CustomerMissing), Sent: sent,
	}}, nil
}

func (s *Service) generateContract(ctx context.Context, in *struct {
	orders.OrderPath
	httpapi.Idempotent
	Body struct {
		Form         ContractForm `json:"form"`
		WithdrawSent bool         `json:"withdrawSent,omitempty" doc:"Отозвать отправленный договор, который заказчик не подписал"`
	}
},
) (*documentOutput, error) {
	form := in.Body.Form
	order.CanonicalIDs(&form)
	r := request{order: in.Order, kind: generated.Contract, key: in.Key, form: form}
	if form.Attachment != nil {
		r.attachment = fileID(*form.Attachment)
	}
	return s.make(ctx, r, func() (generated.Input, error) {
		o, sent, err := s.loadForContract(ctx, in.OrderPath)
		if err != nil {
			return generated.Input{}, err
		}
		if sent && !in.Body.WithdrawSent {
			return generated.Input{}, problems.Refused(order.Refusal{Code: order.CodeContractSent, Reason: order.ReasonOf(order.CodeContractSent)})
		}
		input, err := s.contractInput(ctx, o, form)
		if err != nil {
			return generated.Input{}, err
		}
		if err := s.check(input, contractFields); err != nil {
			return generated.Input{}, err
		}
		if sent {
			err = s.Messages.WithdrawContract(ctx, in.Order, in.Key)
		}
		return input, err
	})
}

// contractInput returns the values of a contract. It checks what package forms does not.
func (s *Service) contractInput(ctx context.Context, o *orders.Visible, f ContractForm) (generated.Input, error) {
	sides, err := s.sides(ctx, o.Row.CustomerAccount, o.By.Party)
	if err != nil {
		return generated.Input{}, err
	}
	attachment, faults, err := s.attachment(ctx, o, f.Attachment)
	if err != nil {
		return generated.Input{}, err
	}
	if f.Email != "" {
		faults = append(faults, normalize("email", &f.Email, requisites.Email)...)
	}
	if f.Phone != "" {
		faults = append(faults, normalize("phone", &f.Phone, requisites.Phone)...)
	}
	if p := order.CheckTerm(f.TermDate, 0, s.Now()); p != nil {
		faults = append(faults, problems.FieldProblem{Field: p.Field, Message: p.Reason})
	}
	faults = append(faults, f.complete(sides)...)
	if len(faults) > 0 {
		return generated.Input{}, problems.Invalid(faults...)
	}
	contract, err := s.contract(o, sides, f)
	contract.Attachment = attachment
	return generated.Input{Created: s.Now().UTC().Truncate(time.Second), Name: fileName("Договор", contract.Number), Contract: &contract}, err
}

// contract returns the contract of checked values.
func (s *Service) contract(o *orders.Visible, sides sqlcgen.ContractSidesRow, f ContractForm) (forms.Contract, error) {
	about, err := o.Form()
	if err != nil || o.State.Terms == nil {
		return forms.Contract{}, err
	}
	parties := f.parties(sides)
	parties.Performer.Email, parties.Performer.Phone = f.Email, f.Phone
	term, err := time.ParseInLocation(time.DateOnly, f.TermDate, order.Moscow)
	if err != nil {
		return forms.Contract{}, fmt.Errorf("reading a checked term: %w", err)
	}
	c := forms.Contract{
		Parties: parties, Number: f.Number, Date: today(s.Now()), Place: f.Place, OrderNumber: o.Row.Number,
		Engineer: engineerOf(sides), WorkKind: lowerFirst(o.State.Terms.WorkKind.Label()), Object: objectOf(about, f.Object),
		Works: []forms.Work{{Name: o.State.Terms.WorkKind.Label(), Result: f.Result, Price: f.Price}}, Term: term, Price: f.Price,
		AdvanceBasisPoints: f.AdvanceBasisPoints, Advance: f.Advance, AcceptanceDays: f.AcceptanceDays, PaymentDays: f.PaymentDays,
		Registration: f.Registration, SilentAcceptance: f.SilentAcceptance,
	}
	if c.Advance > 0 {
		c.PrepaymentDays = f.PrepaymentDays
	}
	return c, nil
}
