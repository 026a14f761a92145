package esia

import (
	"maps"
	"net/http"
	"slices"
	"strings"
)

// object is one resource as JSON.
type object map[string]any

// routeData registers the data services that the platform uses. The platform requests contacts,
// documents and addresses together with the person.
func (s *Server) routeData() {
	s.mux.HandleFunc("GET /rs/prns/{oid}", s.data(view.person))
	s.mux.HandleFunc("GET /rs/prns/{oid}/roles", s.data(view.roles))
	s.mux.HandleFunc("GET /rs/orgs/{oid}", s.data(view.organisation))
}

// view is one request for data with a valid token.
type view struct {
	request   *http.Request
	oid       string // of the path
	allowed   grant
	who       account // whose token it is
	directory *directory
}

// data authenticates a request. show returns nil if the token does not allow it.
func (s *Server) data(show func(view) object) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		token, isBearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		allowed, found := s.tokens.get(token)
		if !isBearer || !found {
			dataProblem(w, http.StatusUnauthorized)
			return
		}
		who, _ := s.directory.find(allowed.personOID)
		answer := show(view{request: r, oid: r.PathValue("oid"), allowed: allowed, who: who, directory: s.directory})
		if answer == nil {
			dataProblem(w, http.StatusForbidden)
			return
		}
		writeJSON(w, http.StatusOK, answer)
	}
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

// person accepts only that person's own token.
func (v view) person() object {
	if v.oid != v.allowed.personOID {
		return nil
	}
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
	for name, elements := range map[string][]object{
		"contacts": v.contacts(), "documents": v.documents(), "addresses": v.addresses(),
	} {
		if v.embeds(name) {
			answer[name] = collection(elements)
		}
	}
	return answer
}

const dateLayout = "02.01.2006"

func (v view) allows(scope string) bool { return v.allowed.scopes.allows(scope) }

// put adds fields if the token has their scope.
func (v view) put(answer object, scope string, fields object) {
	if v.allows(scope) {
		maps.Copy(answer, fields)
	}
}

// contacts always returns an old, unverified address first, to reveal a platform that simply takes
// the first one.
func (v view) contacts() []object {
	var all []object
	if v.allows("email") || v.allows("contacts") {
		all = append(all,
			object{"id": "101", "type": "EML", "vrfStu": "NOT_VERIFIED", "value": "old." + v.who.person.Email},
			object{"id": "102", "type": "EML", "vrfStu": "VERIFIED", "value": v.who.person.Email})
	}
	if v.allows("mobile") || v.allows("contacts") {
		all = append(all, object{"id": "103", "type": "MBT", "vrfStu": "VERIFIED", "value": v.who.person.Phone})
	}
	return all
}

const passportID = "201"

// documents always returns an unverified passport first, for the same reason.
func (v view) documents() []object {
	if !v.allows("id_doc") {
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

func (v view) addresses() []object {
	if !v.allows("addresses") {
		return nil
	}
	return []object{{"id": "301", "type": "PRG", "addressStr": v.who.person.Address, "countryId": "RUS"}}
}

// roles accepts only that person's own token with the scope of his organisations.
func (v view) roles() object {
	if v.oid != v.allowed.personOID || !v.allows("usr_org") {
		return nil
	}
	all := []object{}
	for _, membership := range v.who.person.Organisations {
		organisation := v.directory.organisations[membership.OrganisationOID]
		all = append(all, object{
			"oid": organisation.OID, "prnOid": v.who.person.OID, "fullName": organisation.FullName, "shortName": organisation.ShortName,
			"ogrn": organisation.OGRN, "type": organisation.Type, "chief": membership.Chief, "admin": membership.Chief, "active": true,
			"hasRightOfSubstitution": false, "hasApprovalTabAccess": false, "isLiquidated": false,
		})
	}
	return collection(all)
}

// organisation accepts only a token whose scopes include that organisation, and only while the
// person is its member.
func (v view) organisation() object {
	o, known := v.directory.organisations[v.oid]
	if !known || v.allowed.scopes.organisationOID != v.oid || !v.who.active || !isMember(v.who.person, v.oid) {
		return nil
	}
	change := v.directory.changes.of(v.oid)
	if change.Unreadable {
		return nil
	}
	o = change.apply(o)
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
