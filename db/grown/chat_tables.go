package grown

import (
	"time"

	"github.com/google/uuid"

	"epkr/internal/order"
)

// A performer's chat has performerMessages messages of both sides in turn, that of another responder
// candidateMessages. Every hundredth order has a long chat.
const (
	performerMessages = 6
	candidateMessages = 2
	longChat          = 200
)

// sampleChat is a chat of an order with one of its responders.
type sampleChat struct {
	*sampleOrder
	engineer int
	messages int
}

// chats returns the chats of an order.
func (d *sampleOrder) chats() (all []sampleChat) {
	for _, e := range d.responders {
		c := sampleChat{d, e, candidateMessages}
		switch {
		case e == d.engineer && d.n%100 == 0:
			c.messages = longChat
		case e == d.engineer:
			c.messages = performerMessages
		case d.n%2 == 0:
			c.messages = 0
		}
		all = append(all, c)
	}
	return all
}

func (c *sampleChat) performs() bool { return c.engineer == c.sampleOrder.engineer }

func (c *sampleChat) open() bool { return c.performs() || c.stage == order.Selection }

func (c *sampleChat) messageID(seq int) uuid.UUID {
	return id(aChatMessage, (c.n*(Engineers/4)+c.engineer/4)*longChat+seq)
}

// writtenAt returns when a message was sent: they go on as long as the order.
func (c *sampleChat) writtenAt(seq int) time.Time {
	return c.began.Add(time.Duration(seq) * c.updated().Sub(c.began) / time.Duration(c.messages+1))
}

// author returns the side and the person of a message.
func (c *sampleChat) author(seq int) (side string, person uuid.UUID) {
	if seq%2 == 0 {
		return string(order.RoleEngineer), id(aPerson, personOf(c.engineer))
	}
	return string(order.RoleCustomer), id(aPerson, c.person)
}

// chatTables returns the chats with their messages, files, earlier texts and marks. Both sides have
// read all but the last two messages, and half of the customers nothing.
func chatTables(all []sampleOrder) []table {
	eachChat := func(rows func(c sampleChat, yield func(...any) bool) bool) func(func([]any) bool) {
		return each(pointers(all), func(d *sampleOrder, yield func(...any) bool) bool {
			for _, c := range d.chats() {
				if !rows(c, yield) {
					return false
				}
			}
			return true
		})
	}
	eachMessage := func(rows func(c sampleChat, seq int, yield func(...any) bool) bool) func(func([]any) bool) {
		return eachChat(func(c sampleChat, yield func(...any) bool) bool {
			for seq := 1; seq <= c.messages; seq++ {
				if !rows(c, seq, yield) {
					return false
				}
			}
			return true
		})
	}
	return []table{
		{"chats", columns("order_id, engineer_id, customer_id, performs, employer_id, open, ended_at, seq, touched_at"), eachChat(func(c sampleChat, yield func(...any) bool) bool {
			var employer *uuid.UUID
			var ended *time.Time
			if org := employerOf(c.engineer); c.performs() && org >= 0 {
				employer = new(id(anOrganisation, org))
			}
			if c.performs() && c.stage.Final() {
				ended = new(c.updated())
			}
			return yield(c.id, id(anEngineer, c.engineer), c.customer.id, c.performs(), employer, c.open(), ended, c.messages, c.writtenAt(c.messages))
		})},
		{"chat_messages", columns("order_id, engineer_id, seq, id, side, author_id, request_sha256, text, sent_at"), eachMessage(func(c sampleChat, seq int, yield func(...any) bool) bool {
			side, person := c.author(seq)
			return yield(c.id, id(anEngineer, c.engineer), seq, c.messageID(seq), side, person, hash, "Посылаю выписку и план участка, посмотрите, пожалуйста.", c.writtenAt(seq))
		})},
		{"chat_texts", columns("message_id, n, text, replaced_at"), eachMessage(func(c sampleChat, seq int, yield func(...any) bool) bool {
			return seq != 3 || yield(c.messageID(seq), 1, "Посылаю план", c.writtenAt(seq))
		})},
		{"chat_files", columns("message_id, n, file_id"), eachMessage(func(c sampleChat, seq int, yield func(...any) bool) bool {
			return seq != 4 || yield(c.messageID(seq), 1, fileID(c.sampleOrder, 2, 0))
		})},
		{"chat_reads", columns("order_id, engineer_id, role, person_id, seq, read_at"), eachChat(func(c sampleChat, yield func(...any) bool) bool {
			if c.messages <= candidateMessages {
				return true
			}
			return (c.n%2 == 0 || yield(c.id, id(anEngineer, c.engineer), "customer", id(aPerson, c.person), c.messages-2, c.updated())) &&
				yield(c.id, id(anEngineer, c.engineer), "engineer", id(aPerson, personOf(c.engineer)), c.messages-2, c.updated())
		})},
	}
}
