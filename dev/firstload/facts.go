package firstload

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"time"

	"epkr/dev/browser"
	"epkr/dev/synthetic"
	"epkr/internal/order"
)

// object is a JSON object of a request.
type object map[string]any

// put sends a form, as its button «Сохранить» does.
func (v *visitor) put(ctx context.Context, path string, form object) error {
	_, err := v.Do(ctx, http.MethodPut, path, "", form, nil)
	return err
}

// decide sends a decision under a key of its path, so that a repeated run repeats the same decision,
// which takes effect once.
func (v *visitor) decide(ctx context.Context, path string, body object, into any) error {
	_, err := v.Do(ctx, http.MethodPost, path, derive("decision", path).String(), body, into)
	return err
}

// ownProfile is the part of an engineer's profile that tells what he has entered.
type ownProfile struct {
	Version, FormVersion int
	Form                 string
	ReceivesOrders       bool
}

func (v *visitor) profile(ctx context.Context) (p ownProfile, err error) {
	err = v.Get(ctx, "/api/engineer/profile", &p)
	return p, err
}

// saveProfile saves the tab «Основное» unless it was saved before.
func (v *visitor) saveProfile(e synthetic.Engineer) func(context.Context) error {
	return func(ctx context.Context) error {
		there, err := v.profile(ctx)
		if err != nil || there.Version > 0 {
			return err
		}
		said := e.Profile()
		works := make([]object, len(said.Works))
		for i, w := range said.Works {
			works[i] = object{"kind": w.Kind}
			if w.Price > 0 {
				works[i]["price"] = w.Price
			}
		}
		return v.put(ctx, "/api/engineer/profile", object{
			"version": there.Version, "regions": e.Regions, "email": e.Person.Email, "phone": phoneOf(e),
			"website": said.Website, "residence": said.Residence, "experienceSince": said.ExperienceSince, "experience": said.Experience,
			"workingHours": said.WorkingHours, "education": said.Education, "about": said.About,
			"works": works, "diplomas": []object{}, "samples": []object{},
		})
	}
}

// phoneOf returns the telephone that the engineer enters. An incomplete profile lacks it.
func phoneOf(e synthetic.Engineer) string {
	if !e.ProfileComplete {
		return ""
	}
	return e.Person.Phone
}

// saveFormOfWork uploads the document that proves the form of work and saves the form, unless a form
// was saved before.
func (v *visitor) saveFormOfWork(e synthetic.Engineer) func(context.Context) error {
	return func(ctx context.Context) error {
		there, err := v.profile(ctx)
		if err != nil || there.Form != "" {
			return err
		}
		said := e.Profile()
		document, err := v.UploadToProfile(ctx, "document", said.DocumentName+".pdf", DocumentType, Document())
		if err != nil {
			return err
		}
		form := object{
			"version": there.FormVersion, "form": e.Form, "documentName": said.DocumentName, "documentNumber": said.DocumentNumber,
			"documentDate": said.DocumentDate.Format(time.DateOnly), "documents": []object{{"file": document.ID}},
		}
		if e.OGRNIP != "" {
			form["ogrnip"] = e.OGRNIP
		}
		return v.put(ctx, "/api/engineer/profile/form", form)
	}
}

// switchReceiving sets the switch «Получать заказы».
func (v *visitor) switchReceiving(receives bool) func(context.Context) error {
	return func(ctx context.Context) error {
		there, err := v.profile(ctx)
		if err != nil || there.ReceivesOrders == receives {
			return err
		}
		return v.put(ctx, "/api/engineer/profile/receiving", object{"receives": receives})
	}
}

// saveRequisites completes the requisites that ЕСИА gave, unless requisites were saved before.
func (v *visitor) saveRequisites(r synthetic.Requisites) func(context.Context) error {
	return func(ctx context.Context) error {
		var there struct {
			Version           int
			INN, KPP, Address string
		}
		if err := v.Get(ctx, "/api/requisites", &there); err != nil || there.Version > 0 {
			return err
		}
		return v.put(ctx, "/api/requisites", object{
			"version": there.Version, "inn": cmp.Or(there.INN, r.INN), "kpp": there.KPP, "address": cmp.Or(there.Address, r.Address),
			"bic": r.BIC, "bankName": r.BankName, "account": r.Account, "correspondentAccount": r.CorrespondentAccount,
		})
	}
}

// becomeEmployer sets the switch «Являюсь работодателем кадастровых инженеров».
func (v *visitor) becomeEmployer(ctx context.Context) error {
	var there struct{ Employer bool }
	if err := v.Get(ctx, "/api/organisation/employer", &there); err != nil || there.Employer {
		return err
	}
	return v.put(ctx, "/api/organisation/employer", object{"employer": true})
}

var errNotFound = errors.New("поиск не нашёл")

// askEmployer asks the employer for work.
func (v *visitor) askEmployer(ogrn string) func(context.Context) error {
	return func(ctx context.Context) error {
		var found struct{ Items []struct{ ID, OGRN string } }
		if err := v.Get(ctx, "/api/employers?"+url.Values{"q": {ogrn}}.Encode(), &found); err != nil {
			return err
		}
		if len(found.Items) != 1 || found.Items[0].OGRN != ogrn {
			return errNotFound
		}
		return v.decide(ctx, "/api/engineer/employments", object{"employer": found.Items[0].ID}, nil)
	}
}

// confirmStaff confirms the requests of these engineers.
func (v *visitor) confirmStaff(engineers []member) func(context.Context) error {
	return func(ctx context.Context) error {
		var pending struct {
			Items []struct {
				ID       string
				AskedBy  order.Role
				Version  int
				Engineer struct{ RegistryNumber string }
			}
		}
		if err := v.Get(ctx, "/api/staff?status=pending", &pending); err != nil {
			return err
		}
		for _, request := range pending.Items {
			ours := slices.ContainsFunc(engineers, func(e member) bool { return e.Row.RegistryNumber == request.Engineer.RegistryNumber })
			if !ours || request.AskedBy != order.RoleEngineer {
				continue
			}
			if err := v.decide(ctx, "/api/employments/"+request.ID+"/confirm", object{"version": request.Version}, nil); err != nil {
				return err
			}
		}
		return nil
	}
}

// decisionPoll is the pause before a moderator's decision is sent again.
const decisionPoll = 200 * time.Millisecond

// block blocks an engineer, and returns when that is carried out.
func (v *visitor) block(snils string) func(context.Context) error {
	return func(ctx context.Context) error {
		var found struct{ Items []struct{ ID string } }
		if err := v.Get(ctx, "/api/moderation/engineers?"+url.Values{"snils": {snils}}.Encode(), &found); err != nil {
			return err
		}
		if len(found.Items) != 1 {
			return errNotFound
		}
		for {
			var decision struct{ Applied, Overtaken bool }
			err := v.decide(ctx, "/api/engineers/"+found.Items[0].ID+"/block", object{"reason": blockedReason}, &decision)
			if err != nil || decision.Applied || decision.Overtaken {
				return err
			}
			if err := browser.Pause(ctx, decisionPoll); err != nil {
				return err
			}
		}
	}
}
