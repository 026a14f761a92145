package order

// Lists of the package's codes that have no table of their own. No list contains an empty code.

// Kinds returns the kinds of messages in the order of the rule table.
func Kinds() []Kind {
	kinds := make([]Kind, len(rules))
	for i := range rules {
		kinds[i] = rules[i].Kind
	}
	return kinds
}

// DocumentKinds returns the kinds of documents in the order in which they appear.
func DocumentKinds() []DocumentKind {
	return []DocumentKind{
		DocumentForm, DocumentContract, DocumentContractSignature, DocumentPrepaymentInvoice, DocumentPrepaymentReceipt, DocumentResult,
		DocumentRemark, DocumentAct, DocumentActSignature, DocumentRegistrationResult, DocumentInvoice, DocumentReceipt,
		DocumentPower, DocumentPowerSignature,
	}
}

// Roles returns the roles of actors, those of people first.
func Roles() []Role {
	return []Role{RoleCustomer, RoleEngineer, RoleEmployer, RoleModerator, RoleOperator, RoleRegistry, RolePlatform}
}

// CustomerKinds returns the kinds of customers.
func CustomerKinds() []CustomerKind {
	return []CustomerKind{NaturalPerson, SoleProprietor, OrganisationKind}
}

// Causes returns who may end an order before its completion.
func Causes() []Cause { return []Cause{ByCustomer, ByAgreement, ByModerator} }

// Sources returns the sources that may hold an order.
func Sources() []Source { return []Source{BySourceRegistry, BySourceModerator, BySourceEmployer} }

// Ways returns the ways of delivering results.
func Ways() []Way { return []Way{InPerson, ByFiles, ByLink, ByStorage} }

// Grounds returns the grounds of a dispute.
func Grounds() []Ground {
	return []Ground{GroundTermination, GroundResults, GroundRegistration, GroundPayment}
}
