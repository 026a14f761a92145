package goskey

import (
	"errors"
	"time"
)

// order is an order of the platform.
type order struct {
	id      int64
	service string // the code of the service
	parts   map[int][]byte
	// sentAt is when the last part came; zero before that.
	sentAt time.Time
	// fault is the code with which the check ends, "" if nothing is wrong.
	fault     string
	behaviour Behaviour
	request   request
	document  file

	// answeredAt is when the person answered; signature is empty if he refused.
	answeredAt time.Time
	signature  []byte
}

// Comments of ЕПГУ at the ends of an order.
const (
	expiredComment = "Истекло время подписания документов"
	refusedComment = "Пользователь отказался от подписания документов"
	unknownComment = "Пользователь с указанным СНИЛС не найден"
)

// state is a state of an order: the code of the check, and the state in the cabinet after it.
type state struct {
	code           string
	status         int
	title, comment string
	since          time.Time
	signed         bool
}

// steps returns the codes of the check, each of which lasts as long as the configuration says.
func (o *order) steps() []string {
	if o.behaviour.Retry {
		return []string{"NEW", "VALIDATION", "FILES_VERIFICATION", "RETRY", "FILES_VERIFICATION", "FILES_VERIFICATION_SUCCESS"}
	}
	return []string{"NEW", "VALIDATION", "FILES_VERIFICATION", "FILES_VERIFICATION_SUCCESS"}
}

// stateOf returns the state of an order at a time. The caller must hold mu.
func (s *Server) stateOf(o *order, at time.Time) state {
	if o.sentAt.IsZero() {
		return state{title: "Черновик заявления"}
	}
	steps := o.steps()
	checked := o.sentAt.Add(time.Duration(len(steps)) * s.config.Step)
	if at.Before(checked) {
		n := int(at.Sub(o.sentAt) / s.config.Step)
		return state{code: steps[n], since: o.sentAt.Add(time.Duration(n) * s.config.Step)}
	}
	if o.fault != "" {
		return state{code: o.fault, since: checked}
	}
	known := o.answeredAt.Add(o.behaviour.Late)
	switch _, found := s.people[digits(o.request.snils())]; {
	case !found:
		return state{code: "DONE", status: 5, title: "Ошибка", comment: unknownComment, since: checked}
	case !o.answeredAt.IsZero() && !at.Before(known) && len(o.signature) > 0:
		return state{code: "DONE", status: 3, title: "Документы подписаны", since: known, signed: true}
	case !o.answeredAt.IsZero() && !at.Before(known):
		return state{code: "DONE", status: 4, title: "Документы не подписаны", comment: refusedComment, since: known}
	case o.answeredAt.IsZero() && !at.Before(o.request.Expires):
		return state{code: "DONE", status: 4, title: "Документы не подписаны", comment: expiredComment, since: o.request.Expires}
	}
	return state{code: "DONE", status: 17, title: "Документы отправлены на подпись", since: checked}
}

var (
	errNoOrder = errors.New("такого документа нет")
	errDone    = errors.New("документ уже подписан, отклонён или его срок истёк")
)

// waiting returns an order that waits for the person.
func (s *Server) waiting(id int64) (*order, error) {
	o, found := s.orders[id]
	if !found {
		return nil, errNoOrder
	}
	if s.stateOf(o, s.now()).status != 17 || !o.answeredAt.IsZero() {
		return nil, errDone
	}
	return o, nil
}

// Sign signs an order as its person does in the application.
func (s *Server) Sign(id int64) error {
	s.mu.Lock()
	o, err := s.waiting(id)
	s.mu.Unlock()
	if err != nil {
		return err
	}
	signature, err := s.signatureOf(o)
	if err != nil {
		return err
	}
	return s.answer(id, signature)
}

// Refuse refuses an order as its person does in the application.
func (s *Server) Refuse(id int64) error { return s.answer(id, nil) }

func (s *Server) answer(id int64, signature []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, err := s.waiting(id)
	if err != nil {
		return err
	}
	o.answeredAt, o.signature = s.now(), signature
	return nil
}
