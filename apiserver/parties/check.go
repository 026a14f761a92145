package parties

import (
	"context"
	"errors"

	"epkr/apiserver/httpapi/problems"
	"epkr/db/sqlcgen"
	"epkr/internal/humantext"
	"epkr/internal/order"
	"epkr/internal/requisites"
)

const (
	onlyAtESIA  = "Это значение приходит с Госуслуг: изменить его можно только там."
	fillIn      = "Заполните поле."
	bankFirst   = "Сначала укажите БИК банка, в котором открыт счет."
	noKPP       = "КПП есть только у организаций."
	namelessBIC = "Такого БИК нет в справочнике Банка России. Проверьте его; если он верный, укажите наименование банка."
)

// checker normalizes values and collects what is wrong with them.
type checker struct {
	kind   order.CustomerKind
	faults []problems.FieldProblem
}

func (c *checker) fail(field, message string) {
	c.faults = append(c.faults, problems.FieldProblem{Field: field, Message: message})
}

// fieldOf are the fields of the numbers that package requisites checks.
var fieldOf = map[requisites.Kind]string{
	requisites.KindINN: "inn", requisites.KindKPP: "kpp", requisites.KindBIC: "bic",
	requisites.KindSettlementAccount: "account", requisites.KindCorrespondentAccount: "correspondentAccount",
}

// number normalizes a number. The message of a wrong one stands at its own field: that of an account
// may be about the БИК.
func (c *checker) number(value string, check func(string) (string, error)) string {
	if value == "" {
		return ""
	}
	normal, err := check(value)
	if fault := (*requisites.Error)(nil); errors.As(err, &fault) {
		c.fail(fieldOf[fault.Kind], fault.Message)
		return value
	}
	return normal
}

// given returns the value that ЕСИА gave, or the typed one. A typed value that differs from ЕСИА's
// is refused.
func (c *checker) given(field, fromESIA, typed string, check func(string) (string, error)) string {
	if fromESIA == "" {
		return c.number(typed, check)
	}
	if typed != "" && typed != fromESIA {
		c.fail(field, onlyAtESIA)
	}
	return fromESIA
}

func anyText(text string) (string, error) { return text, nil }

// normalize returns the values as they are stored, with the bank of the directory, and what is wrong
// with them.
func normalize(ctx context.Context, q *sqlcgen.Queries, r *record, v RequisiteValues) (RequisiteValues, []problems.FieldProblem, error) {
	c := &checker{kind: r.shown.Kind}
	v.INN = c.given("inn", r.given.INN, v.INN, c.inn())
	if c.kind != order.OrganisationKind && v.KPP != "" {
		c.fail("kpp", noKPP)
	} else {
		v.KPP = c.given("kpp", r.given.KPP, v.KPP, requisites.KPP)
	}
	v.Address = c.given("address", r.given.Address, humantext.Line(v.Address), anyText)
	if v.BIC == "" {
		return c.withoutBank(v), c.faults, nil
	}
	v.BIC = c.number(v.BIC, requisites.BIC)
	if c.has("bic") {
		return v, c.faults, nil
	}
	bank, err := findBank(ctx, q, v.BIC)
	if err != nil {
		return v, nil, err
	}
	return c.withBank(v, bank), c.faults, nil
}

func (c *checker) inn() func(string) (string, error) {
	if c.kind == order.OrganisationKind {
		return requisites.INNOrganisation
	}
	return requisites.INNPerson
}

func (c *checker) has(field string) bool {
	for _, f := range c.faults {
		if f.Field == field {
			return true
		}
	}
	return false
}

// withoutBank requires that nothing else of a bank is given.
func (c *checker) withoutBank(v RequisiteValues) RequisiteValues {
	if v.Account != "" || v.BankName != "" || v.CorrespondentAccount != "" {
		c.fail("bic", bankFirst)
	}
	return v
}

// withBank takes name and correspondent account from the directory, and the typed ones where the
// directory has none.
func (c *checker) withBank(v RequisiteValues, bank *Bank) RequisiteValues {
	if v.Account == "" {
		c.fail("account", fillIn)
	}
	v.Account = c.number(v.Account, func(s string) (string, error) { return requisites.SettlementAccount(s, v.BIC) })
	switch {
	case bank != nil:
		v.BankName = bank.Name
		if bank.Place != "" {
			v.BankName += ", " + bank.Place
		}
	case v.BankName == "":
		c.fail("bankName", namelessBIC)
	}
	if bank != nil && bank.CorrespondentAccount != "" {
		v.CorrespondentAccount = bank.CorrespondentAccount
		return v
	}
	if v.CorrespondentAccount == "" && bank == nil && !requisites.IsBankOfRussia(v.BIC) {
		c.fail("correspondentAccount", fillIn)
	}
	v.CorrespondentAccount = c.number(v.CorrespondentAccount, func(s string) (string, error) { return requisites.CorrespondentAccount(s, v.BIC) })
	return v
}
