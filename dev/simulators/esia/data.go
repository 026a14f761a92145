package esia

import (
	"net/http"
	"slices"
	"strings"

	"epkr/dev/synthetic"
)

// object is one resource as JSON.
type object map[string]any

// routeData registers the data services that the platform uses. The platform requests contacts,
// documents and addresses together with the person.
func (s *Server) routeData() {
	s.mux.HandleFunc("GET /rs/prns/{oid}", s.ofPerson("", showPerson))
	s.mux.HandleFunc("GET /rs/prns/{oid}/roles", s.ofPerson("usr_org", showRoles))
	s.mux.HandleFunc("GET /rs/orgs/{oid}", s.ofOrganisation)
}

// view is one authorised request for one person's data.
type view struct {
	request   *http.Request
	who       account
	scopes    scopes
	directory *directory
}

// ofPerson accepts only that person's own token, and only with the scope if one is given.
func (s *Server) ofPerson(scope string, show func(view) object) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		allowed, found := s.bearer(r)
		if !found {
			dataProblem(w, http.StatusUnauthorized)
			return
		}
		who, known := s.directory.byOID(r.PathValue("oid"))
		if !known || allowed.personOID != r.PathValue("oid") || (scope != "" && !allowed.scopes.allows(scope)) {
			dataProblem(w, http.StatusForbidden)
			return
		}
		writeJSON(w, http.StatusOK, show(view{request: r, who: who, scopes: allowed.scopes, directory: s.directory}))
	}
}

func (s *Server) bearer(r *http.Request) (grant, bool) {
	token, found := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !found {
		return grant{}, false
	}
	return s.tokens.get(token)
}

func dataProblem(w http.ResponseWriter, status int) {
	writeJSON(w, status, map[string]string{"code": "ESIA-" + noPermission.number, "message": noPermission.text})
}

// embeds reports whether the request asks for the elements of a collection.
func (v view) embeds(name string) bool {
	list := strings.Trim(v.request.URL.Query().Get("embed"), "()")
	return slices.Contains(strings.Split(list, ","), name+".elements")
}

func collection(elements []object) object {
	return object{"stateFacts": []string{"hasSize"}, "size": len(elements), "elements": elements}
}

func showPerson(v view) object {
	p := v.who.person
	answer := object{"stateFacts": []string{"EntityRoot"}, "eTag": "E" + p.OID, "trusted": p.Trusted, "status": "REGISTERED", "verifying": false, "updatedOn": 1735689600}
	if !v.who.active {
		answer["status"] = "DELETED"
	}
	v.put(answer, "fullname", object{"lastName": p.LastName, "firstName": p.FirstName, "middleName": p.MiddleName})
	v.put(answer, "birthdate", object{"birthDate": p.BirthDate.Format(dateLayout)})
	v.put(answer, "gender", object{"gender": string(p.Gender)})
	v.put(answer, "snils", object{"snils": p.SNILS})
	v.put(answer, "inn", object{"inn": p.INN})
	v.put(answer, "id_doc", object{"rIdDoc": passportID, "citizenship": "RUS"})
	for name, read := range map[string]func(view) []object{"contacts": contacts, "documents": documents, "addresses": addresses} {
		if v.embeds(name) {
			answer[name] = collection(read(v))
		}
	}
	return answer
}

const dateLayout = "02.01.2006"

// put adds fields if the token has their scope.
func (v view) put(answer object, scope string, fields object) {
	if !v.scopes.allows(scope) {
		return
	}
	for name, value := range fields {
		answer[name] = value
	}
}

// contacts always returns an old, unverified address first, to reveal a platform that simply takes
// the first one.
func contacts(v view) []object {
	var all []object
	if v.scopes.allows("email") || v.scopes.allows("contacts") {
		all = append(all,
			object{"id": "101", "type": "EML", "vrfStu": "NOT_VERIFIED", "value": "old." + v.who.person.Email},
			object{"id": "102", "type": "EML", "vrfStu": "VERIFIED", "value": v.who.person.Email})
	}
	if v.scopes.allows("mobile") || v.scopes.allows("contacts") {
		all = append(all, object{"id": "103", "type": "MBT", "vrfStu": "VERIFIED", "value": v.who.person.Phone})
	}
	return all
}

const passportID = "201"

// documents always returns an unverified passport first, for the same reason.
func documents(v view) []object {
	if !v.scopes.allows("id_doc") {
		return nil
	}
	passport := v.who.person.Passport
	return []object{
		{"id": "200", "type": "RF_PASSPORT", "vrfStu": "NOT_VERIFIED", "series": "0000", "number": "000000", "issueDate": "01.01.2000"},
		{
			"id": passportID, "type": "RF_PASSPORT", "vrfStu": "VERIFIED", "series": passport.Series, "number": passport.Number,
			"issueDate": passport.IssueDate.Format(dateLayout), "issueId": digits(passport.IssueID), "issuedBy": passport.IssuedBy,
		},
	}
}

func addresses(v view) []object {
	if !v.scopes.allows("addresses") {
		return nil
	}
	return []object{{"id": "301", "type": "PRG", "addressStr": v.who.person.Address, "countryId": "RUS"}}
}

func showRoles(v view) object {
	all := []object{}
	for _, membership := range v.who.person.Organisations {
		organisation, found := v.directory.organisations[membership.OrganisationOID]
		if !found {
			continue
		}
		all = append(all, object{
			"oid": organisation.OID, "prnOid": v.who.person.OID, "fullName": organisation.FullName, "shortName": organisation.ShortName,
			"ogrn": organisation.OGRN, "type": organisation.Type, "chief": membership.Chief, "admin": membership.Chief, "active": true,
			"hasRightOfSubstitution": false, "hasApprovalTabAccess": false, "isLiquidated": false,
		})
	}
	return collection(all)
}

// ofOrganisation accepts only a token whose scopes include that organisation, and only while the
// person is its member.
func (s *Server) ofOrganisation(w http.ResponseWriter, r *http.Request) {
	allowed, found := s.bearer(r)
	if !found {
		dataProblem(w, http.StatusUnauthorized)
		return
	}
	oid := r.PathValue("oid")
	who, _ := s.directory.byOID(allowed.personOID)
	organisation, known := s.directory.organisations[oid]
	if !known || allowed.scopes.organisationOID != oid || !who.active || !isMember(who.person, oid) {
		dataProblem(w, http.StatusForbidden)
		return
	}
	v := view{request: r, who: who, scopes: allowed.scopes, directory: s.directory}
	change := s.organisations.of(oid)
	if change.Unreadable {
		dataProblem(w, http.StatusForbidden)
		return
	}
	writeJSON(w, http.StatusOK, showOrganisation(v, change.apply(organisation)))
}

func showOrganisation(v view, o synthetic.Organisation) object {
	answer := object{"stateFacts": []string{"EntityRoot"}, "oid": o.OID, "isLiquidated": false}
	v.put(answer, "org_fullname", object{"fullName": o.FullName})
	v.put(answer, "org_shortname", object{"shortName": o.ShortName})
	v.put(answer, "org_type", object{"type": o.Type})
	v.put(answer, "org_ogrn", object{"ogrn": o.OGRN})
	v.put(answer, "org_inn", object{"inn": o.INN})
	v.put(answer, "org_kpp", object{"kpp": o.KPP})
	v.put(answer, "org_leg", object{"leg": "12300"})
	if v.embeds("addresses") {
		v.put(answer, "org_addrs", object{"addresses": collection([]object{{"id": "401", "type": "OLG", "addressStr": o.Address}})})
	}
	if v.embeds("contacts") {
		v.put(answer, "org_ctts", object{"contacts": collection([]object{
			{"id": "501", "type": "OEM", "value": "info@" + o.OGRN + ".example.com"}, {"id": "502", "type": "OPH", "value": "+7 900 000-00-99"},
		})})
	}
	return answer
}
