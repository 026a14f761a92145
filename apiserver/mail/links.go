package mail

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"

	"github.com/google/uuid"
)

// A link of a letter works without a session. It carries a token that only the platform can make:
// what it is for, whose it is, and a signature.
const (
	forConfirmation = "confirm"
	forStop         = "stop"
)

// signer signs the links of letters.
type signer struct{ key []byte }

// confirmation returns the token that confirms one version of a person's address.
func (s signer) confirmation(person uuid.UUID, version int32) string {
	return s.sign(forConfirmation, person.String(), strconv.FormatInt(int64(version), 10))
}

// stop returns the token that ends the letters to a person.
func (s signer) stop(person uuid.UUID) string { return s.sign(forStop, person.String()) }

func (s signer) sign(parts ...string) string {
	text := strings.Join(parts, "|")
	return base64.RawURLEncoding.EncodeToString(append(s.sum(text), text...))
}

func (s signer) sum(text string) []byte {
	mac := hmac.New(sha256.New, s.key)
	mac.Write([]byte(text))
	return mac.Sum(nil)
}

// read returns the parts of a token of a purpose; ok is false for a token of another purpose and for
// one that the platform has not made.
func (s signer) read(purpose, token string) (person uuid.UUID, rest []string, ok bool) {
	all, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(all) < sha256.Size {
		return person, nil, false
	}
	sum, text := all[:sha256.Size], string(all[sha256.Size:])
	if !hmac.Equal(sum, s.sum(text)) {
		return person, nil, false
	}
	parts := strings.Split(text, "|")
	if len(parts) < 2 || parts[0] != purpose {
		return person, nil, false
	}
	person, err = uuid.Parse(parts[1])
	return person, parts[2:], err == nil
}

// readConfirmation returns whose address a token confirms, and which version of it.
func (s signer) readConfirmation(token string) (person uuid.UUID, version int32, ok bool) {
	person, rest, ok := s.read(forConfirmation, token)
	if !ok || len(rest) != 1 {
		return person, 0, false
	}
	parsed, err := strconv.ParseInt(rest[0], 10, 32)
	return person, int32(parsed), err == nil
}

// readStop returns to whom a token ends the letters.
func (s signer) readStop(token string) (person uuid.UUID, ok bool) {
	person, _, ok = s.read(forStop, token)
	return person, ok
}
