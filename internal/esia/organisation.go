package esia

import (
	"context"
	"errors"
	"net/url"
	"strings"
)

// Role is a person's role in one organisation.
type Role struct {
	OrganisationOID     string
	FullName, ShortName string
	OGRN                string
	// Type is LEGAL for a ЮЛ, BUSINESS for an ИП, AGENCY for an authority.
	Type string
	// Chief is the head, who acts without a power of attorney; Admin manages the organisation's profile in ЕСИА.
	Chief, Admin bool
	// Active is false only if ЕСИА marks the membership as blocked.
	Active bool
	// Liquidated organisations stay in the list.
	Liquidated bool
}

// MayAct reports whether the person may enter as this organisation at all.
func (r Role) MayAct() bool { return r.Active && !r.Liquidated }

type rawRole struct {
	OID        number `json:"oid"`
	FullName   text   `json:"fullName"`
	ShortName  text   `json:"shortName"`
	OGRN       text   `json:"ogrn"`
	Type       text   `json:"type"`
	Chief      flag   `json:"chief"`
	Admin      flag   `json:"admin"`
	Active     flag   `json:"active"`
	Liquidated flag   `json:"isLiquidated"`
}

// Roles returns all organisations of the token's person, including those for which he may not act:
// the caller filters by MayAct.
func (c *Client) Roles(ctx context.Context, token Token) ([]Role, error) {
	var list collection
	if err := c.get(ctx, token, personPath(token)+"/roles", &list); err != nil {
		return nil, err
	}
	if !list.Complete {
		return nil, failure(CodeAnswerInvalid, "the answer does not say which organisations there are")
	}
	roles := make([]Role, 0, len(list.Elements))
	for _, element := range list.Elements {
		one, err := readElement[rawRole](ctx, c, token, element)
		if err != nil || one.OID == "" {
			// An unreadable role must not be taken for a role that has ended.
			return nil, errors.Join(failure(CodeAnswerInvalid, "a role cannot be read"), err)
		}
		roles = append(roles, Role{
			OrganisationOID: string(one.OID), FullName: one.FullName.line(), ShortName: one.ShortName.line(), OGRN: digits(string(one.OGRN)), Type: strings.ToUpper(string(one.Type)),
			Chief: one.Chief == yes, Admin: one.Admin == yes, Active: one.Active != no, Liquidated: one.Liquidated == yes,
		})
	}
	return roles, nil
}

// Organisation holds the data of an organisation that contracts need. Numbers are unchanged from
// ЕСИА.
type Organisation struct {
	OID                 string
	FullName, ShortName string
	// Type is LEGAL, BUSINESS or AGENCY.
	Type           string
	OGRN, INN, KPP string
	// LegalForm is the code of the form (ОКОПФ).
	LegalForm string
	Address   string
	// Email and Phone were entered by the organisation; ЕСИА does not verify them.
	Email, Phone string
	Liquidated   bool
}

type rawOrganisation struct {
	OID        number     `json:"oid"`
	FullName   text       `json:"fullName"`
	ShortName  text       `json:"shortName"`
	Type       text       `json:"type"`
	OGRN       text       `json:"ogrn"`
	INN        text       `json:"inn"`
	KPP        text       `json:"kpp"`
	LegalForm  text       `json:"leg"`
	Liquidated flag       `json:"isLiquidated"`
	Addresses  collection `json:"addresses"`
	Contacts   collection `json:"contacts"`
}

// Organisation reads the organisation of the token's second pass.
func (c *Client) Organisation(ctx context.Context, token Token, oid string) (Organisation, error) {
	var raw rawOrganisation
	if err := c.get(ctx, token, "/rs/orgs/"+url.PathEscape(oid)+"?embed=(addresses.elements,contacts.elements)", &raw); err != nil {
		return Organisation{}, err
	}
	if string(raw.OID) != oid {
		return Organisation{}, failure(CodeAnswerInvalid, "ЕСИА answered with another organisation")
	}
	addresses, err := readElements[rawAddress](ctx, c, token, raw.Addresses)
	if err != nil {
		return Organisation{}, err
	}
	contacts, err := readElements[rawContact](ctx, c, token, raw.Contacts)
	if err != nil {
		return Organisation{}, err
	}
	organisation := Organisation{
		OID: oid, FullName: raw.FullName.line(), ShortName: raw.ShortName.line(), Type: string(raw.Type),
		OGRN: string(raw.OGRN), INN: raw.INN.padded(10), KPP: raw.KPP.padded(9), LegalForm: string(raw.LegalForm), Liquidated: raw.Liquidated == yes, Address: organisationAddress(addresses),
	}
	for _, one := range contacts {
		switch one.Type {
		case "OEM":
			organisation.Email = string(one.Value)
		case "OPH":
			organisation.Phone = string(one.Value)
		}
	}
	return organisation, nil
}

// organisationAddress returns the legal address (OLG) or, if there is none, the place of business
// (OPS).
func organisationAddress(all []rawAddress) string {
	line := ""
	for _, one := range all {
		if one.Type == "OLG" || (one.Type == "OPS" && line == "") {
			line = one.line()
		}
	}
	return line
}
