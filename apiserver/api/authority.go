package api

import "epkr/internal/order"

// freshAuthority asks a head who signs for his organisation to have signed in at ЕСИА lately: a membership may end while a
// session lives. Whoever is no head is refused by the order itself, with its reason.
func (s *Server) freshAuthority(details any, by session) error {
	signs, ok := details.(order.Binding)
	if !ok || !signs.HasCustomerSignature() || by.Role != order.RoleCustomer || !by.Head {
		return nil
	}
	return s.authorityIsFresh(by)
}

func (s *Server) authorityIsFresh(by session) error {
	if s.Now().Sub(by.AuthorityReadAt) > s.Config.AuthorityMaxAge {
		return problem(codeAuthorityStale)
	}
	return nil
}
