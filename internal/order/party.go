package order

// Role is the role in which a person or system acts on the platform.
type Role string

// The roles of the manuals and the platform's own roles.
const (
	RoleCustomer  Role = "customer"
	RoleEngineer  Role = "engineer"
	RoleEmployer  Role = "employer"
	RoleModerator Role = "moderator"
	// RoleOperator acts from the Temporal UI and names himself and his reason in the message.
	RoleOperator Role = "operator"
	// RoleRegistry is the nightly sync with АИС «Реестр СРО».
	RoleRegistry Role = "registry"
	// RolePlatform is the order itself: its clock and its finished effects.
	RolePlatform Role = "platform"
)

// Actor is the sender of a message.
type Actor struct {
	Role Role `json:"role"`
	// Person is the id of the natural person who acts; empty for the registry and the platform.
	Person string `json:"person,omitempty"`
	// Party is the id of the party that the actor acts for: the customer's account, the engineer,
	// or the employing organisation.
	Party string `json:"party,omitempty"`
}

// CustomerKind is the legal form of a customer.
type CustomerKind string

// The search counts a sole proprietor as a customer among natural persons.
const (
	NaturalPerson    CustomerKind = "person"
	SoleProprietor   CustomerKind = "entrepreneur"
	OrganisationKind CustomerKind = "organisation"
)

// party is an actor's part in one order. Rules name parties, not roles.
type party string

const (
	customer  party = "заказчик"
	performer party = "исполнитель"
	engineer  party = "кадастровый инженер"
	// anyCustomer is an actor in the customer's role before the order has a customer.
	anyCustomer party = "будущий заказчик"
	employer    party = "работодатель"
	// substitute is the engineer whom the employer proposes in place of the performer.
	substitute party = "предложенный на замену"
	moderator  party = "модератор"
	operator   party = "оператор"
	registry   party = "реестр"
	platform   party = "платформа"
)

// hasRole reports whether the actor has the part p in the order.
func (s *State) hasRole(a Actor, p party) bool {
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
	case substitute:
		return a.Role == RoleEngineer && s.Replacement.isOf(a.Party)
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
