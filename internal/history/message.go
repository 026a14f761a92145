package history

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
)

// format names the fields and their order.
const format = "epkr-history-1"

// Message is a recorded message as it is hashed. A nil pointer or slice is a value that the record
// does not have.
type Message struct {
	Order                   string
	Seq                     int
	ID, Kind                string
	ActorRole               string
	ActorPerson, ActorParty *string
	Body                    *string
	TextHash                []byte
	Verdict, Code, Reason   string
	Outcome                 string
	Details                 *string
	StageBefore, StageAfter *string
	// Microseconds since 1970 UTC.
	ReceivedAt, HappenedAt, RecordedAt int64

	// Prev is the hash of the message before, Hash the message's own, as they are stored.
	Prev, Hash []byte
}

// Content returns the hash of everything but the message's place in the chain.
func (m *Message) Content() [sha256.Size]byte {
	text := make([]byte, 0, 1024)
	for _, value := range []*string{
		new(format), &m.Order, new(strconv.Itoa(m.Seq)), &m.ID, &m.Kind, &m.ActorRole, m.ActorPerson, m.ActorParty,
		m.Body, hexadecimal(m.TextHash), &m.Verdict, &m.Code, &m.Reason, digest(&m.Outcome), digest(m.Details),
		m.StageBefore, m.StageAfter, number(m.ReceivedAt), number(m.HappenedAt), number(m.RecordedAt),
	} {
		text = field(text, value)
	}
	return sha256.Sum256(text)
}

// field appends a value as its length in bytes, a colon, its bytes and a comma (a netstring), or a
// hyphen if there is none. No two lists of values have the same encoding.
func field(text []byte, value *string) []byte {
	if value == nil {
		return append(text, '-')
	}
	text = strconv.AppendInt(text, int64(len(*value)), 10)
	text = append(text, ':')
	text = append(text, *value...)
	return append(text, ',')
}

func number(n int64) *string { return new(strconv.FormatInt(n, 10)) }

func hexadecimal(data []byte) *string {
	if data == nil {
		return nil
	}
	return new(hex.EncodeToString(data))
}

func digest(text *string) *string {
	if text == nil {
		return nil
	}
	sum := sha256.Sum256([]byte(*text))
	return hexadecimal(sum[:])
}

// Link returns the hash of a message from that of the message before, nil for the first, and its
// content hash.
func Link(prev []byte, content [sha256.Size]byte) [sha256.Size]byte {
	return sha256.Sum256(append(append(make([]byte, 0, 2*sha256.Size), prev...), content[:]...))
}

// TextHash returns the hash of a message's text, the text of its jsonb value.
func TextHash(salt []byte, text string) [sha256.Size]byte {
	return sha256.Sum256(append(append(make([]byte, 0, len(salt)+len(text)), salt...), text...))
}
