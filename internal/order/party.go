package order

// Role is the face under which somebody acts on the platform.
type Role string

// The roles of the manuals, and the platform's own.
const (
	RoleCustomer  Role = "customer"
	RoleEngineer  Role = "engineer"
	RoleEmployer  Role = "employer"
	RoleModerator Role = "moderator"
	// RoleOperator acts from the Temporal UI and names himself and his ground in the message.
	RoleOperator Role = "operator"
	// RoleRegistry is the nightly reading of АИС «Реестр СРО».
	RoleRegistry Role = "registry"
	// RolePlatform is the order itself: its clock and its finished effects.
	RolePlatform Role = "platform"
)

// Actor is who sends a message.
type Actor struct {
	Role Role `json:"role"`
	// Person is the id of the natural person who acts; empty for the registry and the platform.
	Person string `json:"person,omitempty"`
	// Party is on whose behalf: the id of the customer's account, of the engineer, or of the employing organisation.
	Party string `json:"party,omitempty"`
}

// CustomerKind is the legal form of a customer.
type CustomerKind string

// A sole proprietor as a customer is counted among natural persons in the search.
const (
	NaturalPerson    CustomerKind = "person"
	SoleProprietor   CustomerKind = "entrepreneur"
	OrganisationKind CustomerKind = "organisation"
)

// party is the part that an actor plays in one order; the rules speak of parties, not of roles.
type party string

const (
	customer  party = "заказчик"
	performer party = "исполнитель"
	engineer  party = "кадастровый инженер"
	// anyCustomer is somebody in the role of a customer, before the order has one.
	anyCustomer party = "будущий заказчик"
	employer    party = "работодатель"
	moderator   party = "модератор"
	operator    party = "оператор"
	registry    party = "реестр"
	platform    party = "платформа"
)

// plays says whether the actor has that part in the order.
func (s *State) plays(a Actor, p party) bool {
	switch p {
	case customer:
		return a.Role == RoleCustomer && a.Party == s.Customer.Party
	case performer:
		return a.Role == RoleEngineer && s.Performer != nil && a.Party == s.Performer.ID
	case anyCustomer:
		return a.Role == RoleCustomer && a.Party != "" && s.Customer.Party == ""
	case engineer:
		return a.Role == RoleEngineer && a.Party != ""
	case employer:
		return a.Role == RoleEmployer && a.Party != "" && s.Performer != nil && a.Party == s.Performer.Employer
	case moderator:
		return a.Role == RoleModerator
	case operator:
		return a.Role == RoleOperator
	case registry:
		return a.Role == RoleRegistry
	case platform:
		return a.Role == RolePlatform
	}
	return false
}
