package documents

import (
	"context"
	"maps"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/orders"
	"epkr/internal/document/forms"
	"epkr/internal/document/generated"
	"epkr/internal/order"
)

// ActForm is what the performer may change in an act. Empty texts are absent.
type ActForm struct {
	Number string `json:"number" format:"line" maxLength:"60" doc:"Номер акта"`
	Place  string `json:"place" format:"line" maxLength:"200" doc:"Место составления"`
	ContractReference
	Representation
	Object   string      `json:"object" format:"text" maxLength:"4000" doc:"Характеристики объекта кадастровых работ"`
	Results  []ActResult `json:"results" nullable:"false" maxItems:"100" doc:"Документы, которые получает заказчик"`
	Delivery string      `json:"delivery" format:"line" maxLength:"300" doc:"Способ передачи"`
	// The outcome of ГКУ/ГРП; only if the contract provides for it.
	RegistrationDescription string `json:"registrationDescription" format:"line" maxLength:"300" doc:"Что учтено или зарегистрировано; только если договор предусматривает ГКУ/ГРП"`
	RegistrationNumber      string `json:"registrationNumber" format:"line" maxLength:"64" doc:"Номер записи или заявления (КУВД)"`
	RegistrationDate        string `json:"registrationDate,omitempty" format:"date" doc:"Дата учёта или регистрации"`
}

// ActResult is a document that the customer gets.
type ActResult struct {
	Name    string `json:"name" format:"line" maxLength:"300" doc:"Документ"`
	Details string `json:"details,omitempty" format:"line" maxLength:"300" doc:"Реквизиты: номер, дата"`
	Form    string `json:"form,omitempty" format:"line" maxLength:"100" doc:"Вид, например XML, УКЭП"`
}

// actFields are the fields of the form by the paths of the act.
var actFields = func() map[string]string {
	fields := withRepresentation(map[string]string{
		"Number": "number", "Place": "place", "Date": "contractDate", "Object.Description": "object", "Results": "results", "Delivery": "delivery",
		"Registration.Description": "registrationDescription", "Registration.Number": "registrationNumber", "Registration.Date": "registrationDate",
	})
	maps.Copy(fields, referenceFields)
	return fields
}()

// ActDefaults is the form as the platform fills it in, and what it cannot fill in.
type ActDefaults struct {
	Form ActForm  `json:"form"`
	Last *ActForm `json:"last,omitempty" doc:"Форма, из которой вы сформировали последний акт; нет, если не формировали"`
	OfParties
	Price        order.Kopecks `json:"price" doc:"Стоимость работ по договору в копейках"`
	Paid         order.Kopecks `json:"paid" doc:"Уплачено до акта в копейках"`
	TermDate     string        `json:"termDate" format:"date" doc:"Срок исполнения по договору"`
	Registration bool          `json:"registration" doc:"Договор предусматривает постановку на ГКУ/ГРП: её итог указывается в акте"`
}

type actDefaultsOutput struct{ Body ActDefaults }

func (s *Service) registerAct() {
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "get-act-form", Method: http.MethodGet, Path: path + "/act", Tags: []string{tag},
		Summary:     "Форма акта выполненных работ, заполненная по подписанному договору",
		Description: "Доступна, когда акт можно отправить: с результатами работ, с итогом ГКУ/ГРП, если договор её предусматривает, или отдельно на этапе оплаты.",
		Errors:      []int{http.StatusNotFound, http.StatusConflict},
	}, httpapi.Engineers, s.actForm)
	registerGenerate(s, "generate-act", "/act", "Сформировать акт выполненных работ", s.generateAct)
}

// loadForAct reads an order whose act the caller may send now (R-WORK-4, S-20): with the results, or
// with the outcome of ГКУ/ГРП if the contract provides for it.
func (s *Service) loadForAct(ctx context.Context, id uuid.UUID) (*signed, error) {
	o, err := s.loadSigned(ctx, id, order.SubmitResults, order.SubmitFinal, order.SendAct)
	if err == nil && o.State.Stage == order.Work && o.State.Contract.Registration {
		return nil, problems.Refused(order.Refusal{Code: order.CodeActNotNow, Reason: order.ReasonOf(order.CodeActNotNow)})
	}
	return o, err
}

func (s *Service) actForm(ctx context.Context, in *orders.OrderPath) (*actDefaultsOutput, error) {
	o, err := s.loadForAct(ctx, in.Order)
	if err != nil {
		return nil, err
	}
	f := ActForm{
		Number: o.Row.Number, Place: placeOf(o.about, o.State.Terms), ContractReference: o.named, Representation: o.representation(), Object: o.about.Object,
		Results: []ActResult{{Name: o.work().Result}}, Delivery: deliveries[order.ByFiles],
	}
	if o.contract != nil {
		f.Place, f.Object = o.contract.Place, o.contract.Object.Description
	}
	if r := o.State.Results; r != nil {
		f.Delivery = deliveries[r.Way]
	}
	last, _, err := lastForm[ActForm](ctx, s, o.Visible, generated.Act)
	if err != nil {
		return nil, err
	}
	contract := o.State.Contract
	return &actDefaultsOutput{ActDefaults{
		Form: f, Last: last, OfParties: ofParties(o.sides), Price: contract.Price, Paid: o.paid(), TermDate: contract.TermDate, Registration: contract.Registration,
	}}, nil
}

// deliveries are the ways in which the results are delivered, in the words of an act.
var deliveries = map[order.Way]string{
	order.InPerson: "лично, вне Платформы", order.ByFiles: "файлами через Платформу", order.ByLink: "по ссылке на облачное хранилище",
	order.ByStorage: "через электронное хранилище по номеру УИН",
}

func (s *Service) generateAct(ctx context.Context, in *generateInput[ActForm]) (*documentOutput, error) {
	form := in.Body.Form
	return s.make(ctx, request{order: in.Order, kind: generated.Act, key: in.Key, form: form}, func() (generated.Input, error) {
		o, err := s.loadForAct(ctx, in.Order)
		if err != nil {
			return generated.Input{}, err
		}
		if faults := append(form.complete(o.sides), outcomeFaults(form, o.State.Contract.Registration)...); len(faults) > 0 {
			return generated.Input{}, problems.Invalid(faults...)
		}
		act, err := o.act(form, s.Now())
		if err != nil {
			return generated.Input{}, err
		}
		input := generated.Input{Created: s.Now().UTC().Truncate(time.Second), Name: fileName("Акт", act.Number), Act: &act}
		return input, s.check(input, actFields)
	})
}

// outcomeFaults returns what is missing in the outcome of ГКУ/ГРП.
func outcomeFaults(f ActForm, needed bool) (faults []problems.FieldProblem) {
	for _, field := range []struct{ name, value string }{
		{"registrationDescription", f.RegistrationDescription}, {"registrationNumber", f.RegistrationNumber}, {"registrationDate", f.RegistrationDate},
	} {
		switch {
		case needed && field.value == "":
			faults = append(faults, problems.FieldProblem{Field: field.name, Message: "Договор предусматривает ГКУ/ГРП: укажите её итог."})
		case !needed && field.value != "":
			faults = append(faults, problems.FieldProblem{Field: field.name, Message: "Договор не предусматривает ГКУ/ГРП: оставьте поле пустым."})
		}
	}
	return faults
}

// act returns the act of a checked form.
func (o *signed) act(f ActForm, now time.Time) (a forms.Act, err error) {
	a = forms.Act{
		Parties: o.parties(f.Representation), Number: f.Number, Date: today(now), Place: f.Place, OrderNumber: o.Row.Number, Engineer: engineerOf(o.sides),
		Object: objectOf(o.about, f.Object), Works: []forms.Work{o.work()}, Delivery: f.Delivery, Price: o.State.Contract.Price, Paid: o.paid(),
		Registration: forms.Registration{Description: f.RegistrationDescription, Number: f.RegistrationNumber},
	}
	for _, r := range f.Results {
		a.Results = append(a.Results, forms.Result(r))
	}
	if a.Contract, err = f.reference(); err != nil {
		return a, err
	}
	a.Registration.Date, err = day(f.RegistrationDate)
	return a, err
}
