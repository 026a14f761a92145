package cms

import (
	"bytes"
	"encoding/asn1"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
)

// MaxSize is the size in bytes of the largest signature that is read. A detached signature with its
// chain and a time stamp has about 20 kB.
const MaxSize = 10 << 20

// The limits of what is read of a BER encoding.
const (
	maxDepth    = 32
	maxElements = 10_000
)

var (
	// ErrTooLarge means that a signature exceeds a limit of this package.
	ErrTooLarge = errors.New("cms: the signature is too large")
	// ErrNotSignature means that bytes are not CMS in any of the known encodings.
	ErrNotSignature = errors.New("cms: not a signature")
	// ErrDamaged means that bytes begin as CMS and cannot be read to their end.
	ErrDamaged = errors.New("cms: the signature is damaged")
)

// DER returns a signature in DER. It may come as DER or BER, or either of them in base64, with or
// without BEGIN and END lines. The errors are ErrTooLarge, ErrNotSignature and ErrDamaged.
func DER(signature []byte) ([]byte, error) {
	if len(signature) > MaxSize {
		return nil, ErrTooLarge
	}
	binary, err := binaryOf(signature)
	if err != nil {
		return nil, err
	}
	der, err := toDER(binary)
	if errors.Is(err, ErrNotSignature) && begins(binary) {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return der, err
}

// binaryOf returns a signature without base64.
func binaryOf(signature []byte) ([]byte, error) {
	if len(signature) > 0 && signature[0] == tagSequence {
		return signature, nil
	}
	text := bytes.TrimPrefix(bytes.TrimSpace(signature), []byte("\xef\xbb\xbf"))
	if block, _ := pem.Decode(text); block != nil {
		return block.Bytes, nil
	}
	text = bytes.Map(func(r rune) rune {
		if r == '\r' || r == '\n' || r == '\t' || r == ' ' {
			return -1
		}
		return r
	}, text)
	binary := make([]byte, base64.StdEncoding.DecodedLen(len(text)))
	n, err := base64.StdEncoding.Decode(binary, text)
	switch {
	case err == nil && n > 0 && binary[0] == tagSequence:
		return binary[:n], nil
	case begins(binary[:n]) || bytes.HasPrefix(text, []byte("-----BEGINCMS")) || bytes.HasPrefix(text, []byte("-----BEGINPKCS7")):
		return nil, fmt.Errorf("%w: its base64 is incomplete", ErrDamaged)
	}
	return nil, ErrNotSignature
}

// begins reports whether bytes begin as signed data: a sequence with that identifier.
func begins(binary []byte) bool {
	const longestHeader = 10
	id, _ := asn1.Marshal(oidSignedData)
	return bytes.HasPrefix(binary, []byte{tagSequence}) && bytes.Contains(binary[:min(len(binary), longestHeader+len(id))], id)
}

const (
	tagOctetString = 0x04
	tagSequence    = 0x30
	constructed    = 0x20
	indefinite     = -1
)

// element is an element of a BER encoding.
type element struct {
	parent     int // -1 of the outermost one
	identifier []byte
	primitive  []byte // the content, nil of a constructed element
	// length is that of the content in DER.
	length int
	// part means that it is a part of a string, of which only the content remains.
	part bool
}

// open is a constructed element whose end has not been reached.
type open struct {
	element int
	end     int // indefinite: ended by two zero bytes
	limit   int // where its parent ends at the latest
}

// toDER returns a BER encoding with definite lengths, each in its shortest form, and with the parts of
// octet strings joined. It does not sort sets. It does not call itself, so that nested input cannot
// exhaust the stack. The errors are ErrTooLarge and ErrNotSignature.
func toDER(ber []byte) ([]byte, error) {
	elements, err := scan(ber)
	if err != nil {
		return nil, err
	}
	for i := len(elements) - 1; i >= 0; i-- { // children come after their parents
		e := &elements[i]
		if e.parent < 0 {
			continue
		}
		size := e.length
		if !e.part {
			size += len(e.identifier) + len(lengthOf(e.length))
		}
		elements[e.parent].length += size
	}
	der := make([]byte, 0, elements[0].length+8)
	for _, e := range elements {
		if !e.part {
			der = append(append(der, e.identifier...), lengthOf(e.length)...)
		}
		der = append(der, e.primitive...)
	}
	return der, nil
}

// scan lists the elements of the single outermost element, which ends with the input.
func scan(ber []byte) (elements []element, err error) {
	at := 0
	stack := make([]open, 0, maxDepth)
	for {
		for len(stack) > 0 && at == stack[len(stack)-1].end {
			stack = stack[:len(stack)-1]
		}
		limit, parent := len(ber), -1
		if len(stack) > 0 {
			top := stack[len(stack)-1]
			limit, parent = top.limit, top.element
			if top.end == indefinite && at+2 <= limit && ber[at] == 0 && ber[at+1] == 0 {
				stack = stack[:len(stack)-1]
				at += 2
				continue
			}
		} else if len(elements) > 0 {
			break
		}
		if len(elements) == maxElements {
			return nil, ErrTooLarge
		}
		identifier, length, content, err := header(ber[:limit], at)
		if err != nil {
			return nil, err
		}
		inString := parent >= 0 && isString(elements[parent])
		e := element{parent: parent, identifier: ber[at:identifier], part: inString}
		if inString && e.identifier[0]&^constructed != tagOctetString {
			return nil, fmt.Errorf("%w: a part of an octet string is none", ErrNotSignature)
		}
		if e.identifier[0]&constructed == 0 {
			e.primitive, e.length = ber[content:content+length], length
			elements, at = append(elements, e), content+length
			continue
		}
		if len(stack) == maxDepth {
			return nil, ErrTooLarge
		}
		if e.identifier[0] == tagOctetString|constructed {
			e.identifier = octetStringIdentifier
		}
		inner := open{element: len(elements), end: indefinite, limit: limit}
		if length != indefinite {
			inner.end, inner.limit = content+length, content+length
		}
		stack, elements, at = append(stack, inner), append(elements, e), content
	}
	if at != len(ber) {
		return nil, fmt.Errorf("%w: %d bytes follow it", ErrNotSignature, len(ber)-at)
	}
	return elements, nil
}

var octetStringIdentifier = []byte{tagOctetString}

// isString reports whether an element is an octet string in parts.
func isString(e element) bool { return e.primitive == nil && e.identifier[0] == tagOctetString }

// header reads identifier and length of the element at a position: where its identifier ends, the
// length of its content, and where the content begins. The content of a definite length lies within
// the input.
func header(ber []byte, at int) (identifier, length, content int, err error) {
	malformed := func(what string) (int, int, int, error) {
		return 0, 0, 0, fmt.Errorf("%w: %s", ErrNotSignature, what)
	}
	if at >= len(ber) {
		return malformed("it is cut off")
	}
	identifier = at + 1
	if ber[at]&0x1f == 0x1f { // the number of the tag follows, at most three bytes here
		for more := true; more; identifier++ {
			if identifier >= len(ber) || identifier > at+3 {
				return malformed("a tag is too long")
			}
			more = ber[identifier]&0x80 != 0
		}
	}
	if identifier >= len(ber) {
		return malformed("it is cut off")
	}
	first := ber[identifier]
	content = identifier + 1
	switch {
	case first == 0x80:
		if ber[at]&constructed == 0 {
			return malformed("a primitive element has no length")
		}
		return identifier, indefinite, content, nil
	case first < 0x80:
		length = int(first)
	default:
		bytesOfLength := int(first & 0x7f)
		if bytesOfLength > 8 || content+bytesOfLength > len(ber) {
			return malformed("a length is too long")
		}
		for _, b := range ber[content : content+bytesOfLength] {
			if length = length<<8 | int(b); length > len(ber) {
				return malformed("it is cut off")
			}
		}
		content += bytesOfLength
	}
	if length > len(ber)-content {
		return malformed("it is cut off")
	}
	return identifier, length, content, nil
}

// lengthOf returns the DER encoding of a length.
func lengthOf(length int) []byte {
	if length < 0x80 {
		return []byte{byte(length)}
	}
	var digits []byte
	for ; length > 0; length >>= 8 {
		digits = append([]byte{byte(length)}, digits...)
	}
	return append([]byte{0x80 | byte(len(digits))}, digits...)
}
