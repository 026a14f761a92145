package esia

import (
	"context"
	"net/url"
)

// Role is a person's place in one organisation.
type Role struct {
	OrganisationOID     string
	FullName, ShortName string
	OGRN                string
	// Type is LEGAL for a ЮЛ, BUSINESS for an ИП, AGENCY for an authority.
	Type string
	// Chief is the head, who acts without a power of attorney; Admin manages the organisation's profile in ЕСИА.
	Chief, Admin bool
	// Active is false for a blocked membership.
	Active bool
	// Liquidated organisations stay in the list.
	Liquidated bool
}

// MayAct says whether the person may enter as this organisation at all.
func (r Role) MayAct() bool { return r.Active && !r.Liquidated }

type rawRole struct {
	OID        number `json:"oid"`
	FullName   string `json:"fullName"`
	ShortName  string `json:"shortName"`
	OGRN       string `json:"ogrn"`
	Type       string `json:"type"`
	Chief      bool   `json:"chief"`
	Admin      bool   `json:"admin"`
	Active     bool   `json:"active"`
	Liquidated bool   `json:"isLiquidated"`
}

// Roles lists all organisations of the token's person, also those where he may not act: the caller filters by MayAct.
func (c *Client) Roles(ctx context.Context, token Token) ([]Role, error) {
	var list collection
	if err := c.get(ctx, token, personPath(token)+"/roles", &list); err != nil {
		return nil, err
	}
	raw, err := elements[rawRole](ctx, c, token, list)
	if err != nil {
		return nil, err
	}
	roles := make([]Role, len(raw))
	for i, one := range raw {
		roles[i] = Role{
			OrganisationOID: string(one.OID), FullName: one.FullName, ShortName: one.ShortName, OGRN: one.OGRN, Type: one.Type,
			Chief: one.Chief, Admin: one.Admin, Active: one.Active, Liquidated: one.Liquidated,
		}
	}
	return roles, nil
}

// Organisation is what contracts need of an organisation. Numbers are as ЕСИА gives them.
type Organisation struct {
	OID                 string
	FullName, ShortName string
	// Type is LEGAL, BUSINESS or AGENCY.
	Type           string
	OGRN, INN, KPP string
	// LegalForm is the code of the form (ОКОПФ).
	LegalForm string
	Address   string
	// Email and Phone are as the organisation gave them; ЕСИА does not verify them.
	Email, Phone string
	Liquidated   bool
}

type rawOrganisation struct {
	OID        number     `json:"oid"`
	FullName   string     `json:"fullName"`
	ShortName  string     `json:"shortName"`
	Type       string     `json:"type"`
	OGRN       string     `json:"ogrn"`
	INN        string     `json:"inn"`
	KPP        string     `json:"kpp"`
	LegalForm  string     `json:"leg"`
	Liquidated bool       `json:"isLiquidated"`
	Addresses  collection `json:"addresses"`
	Contacts   collection `json:"contacts"`
}

// Organisation reads the organisation that the token's second pass asked about.
func (c *Client) Organisation(ctx context.Context, token Token, oid string) (Organisation, error) {
	var raw rawOrganisation
	if err := c.get(ctx, token, "/rs/orgs/"+url.PathEscape(oid)+"?embed=(addresses.elements,contacts.elements)", &raw); err != nil {
		return Organisation{}, err
	}
	if string(raw.OID) != oid {
		return Organisation{}, failure(CodeAnswerInvalid, "ЕСИА answered with another organisation")
	}
	addresses, err := elements[rawAddress](ctx, c, token, raw.Addresses)
	if err != nil {
		return Organisation{}, err
	}
	contacts, err := elements[rawContact](ctx, c, token, raw.Contacts)
	if err != nil {
		return Organisation{}, err
	}
	organisation := Organisation{
		OID: oid, FullName: raw.FullName, ShortName: raw.ShortName, Type: raw.Type, OGRN: raw.OGRN, INN: raw.INN, KPP: raw.KPP,
		LegalForm: raw.LegalForm, Liquidated: raw.Liquidated, Address: organisationAddress(addresses),
	}
	for _, one := range contacts {
		switch one.Type {
		case "OEM":
			organisation.Email = one.Value
		case "OPH":
			organisation.Phone = one.Value
		}
	}
	return organisation, nil
}

// organisationAddress prefers the legal address (OLG) to the place of business (OPS).
func organisationAddress(all []rawAddress) string {
	text := ""
	for _, one := range all {
		if one.Type == "OLG" || (one.Type == "OPS" && text == "") {
			text = one.line()
		}
	}
	return text
}
