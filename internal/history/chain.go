package history

import "bytes"

// Flaw is what is wrong with a place in the chain.
type Flaw int

const (
	// Missing means that there are no messages with these numbers.
	Missing Flaw = iota + 1
	// Changed means that the message is not the one that its hash was computed from.
	Changed
	// Unlinked means that the message follows another one than the one before it. One of the two was replaced.
	Unlinked
)

// Fault is a flaw of the messages From to To.
type Fault struct {
	Flaw     Flaw
	From, To int
}

// Chain checks the messages of one order. The zero value is the start of the chain.
type Chain struct {
	seq  int
	hash []byte
}

// Add checks the next message, in the order of the sequence numbers, and returns what is wrong.
func (c *Chain) Add(m *Message) []Fault {
	var faults []Fault
	switch {
	case m.Seq > c.seq+1:
		faults = append(faults, Fault{Missing, c.seq + 1, m.Seq - 1})
	case !bytes.Equal(m.Prev, c.hash):
		faults = append(faults, Fault{Unlinked, m.Seq, m.Seq})
	}
	if hash := Link(m.Prev, m.Content()); !bytes.Equal(hash[:], m.Hash) {
		faults = append(faults, Fault{Changed, m.Seq, m.Seq})
	}
	c.seq, c.hash = m.Seq, m.Hash
	return faults
}

// Head returns the number and the hash of the last message, 0 and nil before the first.
func (c *Chain) Head() (seq int, hash []byte) { return c.seq, c.hash }
