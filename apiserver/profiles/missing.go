package profiles

import "epkr/apiserver/httpapi/wire"

// missingReasons says of each mandatory part why it matters.
var missingReasons = map[wire.MissingCode]string{
	"regions":             "По регионам деятельности вам показывают и предлагают заказы.",
	"email":               "На почту заказчик пишет вам до заключения договора.",
	"phone":               "По телефону заказчик связывается с вами до заключения договора.",
	"experience":          "По опыту работы заказчики выбирают исполнителя.",
	"education":           "Образование подтверждает вашу квалификацию.",
	"works":               "По видам работ и стоимости вас находят заказчики.",
	"form":                "От формы работы зависит, с кем заказчик заключает договор: с вами или с вашим работодателем.",
	"employer":            "Договор с заказчиком заключает ваш работодатель.",
	"ogrnip":              "ОГРНИП указывается в договоре с заказчиком.",
	"ogrnip-differs":      "Госуслуги называют другой ОГРНИП: укажите его или исправьте сведения на Госуслугах и войдите на платформу снова.",
	"document":            "Документ подтверждает, что вы работаете у этого работодателя или зарегистрированы как предприниматель.",
	"document-former":     "Документ указан для прежней формы работы или прежнего работодателя. Укажите документ для нынешних и сохраните.",
	"requisites":          "Реквизиты указываются в договоре и счетах: по ним платит заказчик.",
	"employer-requisites": "По реквизитам работодателя платит заказчик: их заполняет сам работодатель.",
}

// Missing is a mandatory part that is not filled in.
type Missing struct {
	Code   wire.MissingCode `json:"code" doc:"Чего не хватает"`
	Reason string           `json:"reason" doc:"Зачем это нужно"`
}

// missingOf returns the missing parts with their reasons.
func missingOf(codes []string) []Missing {
	all := make([]Missing, 0, len(codes))
	for _, code := range codes {
		all = append(all, Missing{Code: wire.MissingCode(code), Reason: missingReasons[wire.MissingCode(code)]})
	}
	return all
}
