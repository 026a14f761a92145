package goskey

// Pretend sends an order without a document, for tests of many orders.
func (s *Server) Pretend(id int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o := s.orders[id]
	o.sentAt, o.request.SNILS, o.request.Expires = s.now(), s.config.World.People[0].SNILS, s.now().Add(longest)
}
