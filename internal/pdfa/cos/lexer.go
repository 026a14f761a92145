package cos

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"
)

// keyword is a token that is no object: obj, R, xref, <<, ] and so on.
type keyword string

// endOfInput is the token after the last one.
const endOfInput keyword = ""

// lexer reads tokens (ISO 32000-1 clause 7.2).
type lexer struct {
	in   *bufio.Reader
	at   int64 // of the next byte, in the file or in the decoded object stream
	left *budget
}

// byte returns the next byte, and false at the end of the input.
func (l *lexer) byte() (b byte, more bool, err error) {
	if b, err = l.in.ReadByte(); errors.Is(err, io.EOF) {
		return 0, false, nil
	} else if err != nil {
		return 0, false, err
	}
	l.at++
	return b, true, spend(&l.left.parsed, 1)
}

// back returns the last byte to the input.
func (l *lexer) back() {
	if l.in.UnreadByte() == nil {
		l.at--
	}
}

func isSpace(b byte) bool {
	return b == ' ' || b == '\n' || b == '\r' || b == '\t' || b == '\f' || b == 0
}

func isDelimiter(b byte) bool {
	switch b {
	case '(', ')', '<', '>', '[', ']', '{', '}', '/', '%':
		return true
	}
	return false
}

// next returns an object without parts (a number, a name, a string, true, false, null) or a keyword.
func (l *lexer) next() (any, error) {
	b, more, err := l.skipSpace()
	if err != nil {
		return nil, err
	}
	if !more {
		return endOfInput, nil
	}
	if err := spend(&l.left.values, 1); err != nil {
		return nil, err
	}
	switch b {
	case '/':
		return l.name()
	case '(':
		return l.literal()
	case '<', '>':
		return l.angle(b)
	case '[', ']', '{', '}', ')':
		return keyword(b), nil
	}
	l.back()
	word, err := l.word()
	if err != nil {
		return nil, err
	}
	return object(word), nil
}

// skipSpace skips spaces and comments, and returns the byte that follows.
func (l *lexer) skipSpace() (b byte, more bool, err error) {
	comment := false
	for {
		if b, more, err = l.byte(); err != nil || !more {
			return 0, false, err
		}
		switch {
		case b == '\n' || b == '\r':
			comment = false
		case comment || isSpace(b):
		case b == '%':
			comment = true
		default:
			return b, true, nil
		}
	}
}

// word reads up to the next space or delimiter.
func (l *lexer) word() (string, error) {
	var word []byte
	for {
		b, more, err := l.byte()
		if err != nil {
			return "", err
		}
		if !more {
			return string(word), nil
		}
		if isSpace(b) || isDelimiter(b) {
			l.back()
			return string(word), nil
		}
		if len(word) == maxToken {
			return "", fmt.Errorf("%w: a token is too long", ErrDamaged)
		}
		word = append(word, b)
	}
}

// object returns what a word stands for.
func object(word string) any {
	switch word {
	case "true":
		return true
	case "false":
		return false
	case "null":
		return nil
	}
	if b := word[0]; b != '+' && b != '-' && b != '.' && (b < '0' || b > '9') {
		return keyword(word)
	}
	if n, err := strconv.ParseInt(word, 10, 64); err == nil {
		return n
	}
	if x, err := strconv.ParseFloat(word, 64); err == nil {
		return x
	}
	return keyword(word)
}

func (l *lexer) name() (any, error) {
	word, err := l.word()
	if err != nil {
		return nil, err
	}
	var decoded []byte
	for i := 0; i < len(word); i++ {
		if word[i] == '#' && i+2 < len(word) && isHex(word[i+1]) && isHex(word[i+2]) {
			decoded = append(decoded, hex(word[i+1])<<4|hex(word[i+2]))
			i += 2
			continue
		}
		decoded = append(decoded, word[i])
	}
	return Name(decoded), nil
}

func isHex(b byte) bool {
	return b >= '0' && b <= '9' || b >= 'a' && b <= 'f' || b >= 'A' && b <= 'F'
}

func hex(b byte) byte {
	switch {
	case b <= '9':
		return b - '0'
	case b <= 'F':
		return b - 'A' + 10
	}
	return b - 'a' + 10
}

// angle reads what begins with an angle bracket: << or >>, or a hexadecimal string.
func (l *lexer) angle(first byte) (any, error) {
	b, more, err := l.byte()
	if err != nil {
		return nil, err
	}
	if more && b == first {
		return keyword([]byte{b, b}), nil
	}
	if more {
		l.back()
	}
	if first == '>' {
		return keyword(">"), nil
	}
	return l.hexadecimal()
}

func (l *lexer) hexadecimal() (any, error) {
	var text []byte
	high, half := byte(0), false
	for {
		b, more, err := l.byte()
		switch {
		case err != nil:
			return nil, err
		case !more:
			return nil, fmt.Errorf("%w: a string has no end", ErrDamaged)
		case b == '>':
			if half {
				text = keep(text, high<<4)
			}
			return String(text), nil
		case isSpace(b):
		case !isHex(b):
			return nil, fmt.Errorf("%w: a hexadecimal string has other characters", ErrDamaged)
		case half:
			text, half = keep(text, high<<4|hex(b)), false
		default:
			high, half = hex(b), true
		}
	}
}

// keep appends a byte unless the string is already as long as is kept.
func keep(text []byte, b byte) []byte {
	if len(text) == MaxString {
		return text
	}
	return append(text, b)
}

// literal reads a string in parentheses.
func (l *lexer) literal() (any, error) {
	var text []byte
	for open := 1; ; {
		b, more, err := l.byte()
		if err != nil {
			return nil, err
		}
		if !more {
			return nil, fmt.Errorf("%w: a string has no end", ErrDamaged)
		}
		switch b {
		case '(':
			open++
		case ')':
			if open--; open == 0 {
				return String(text), nil
			}
		case '\\':
			escaped, skip, err := l.escape()
			if err != nil {
				return nil, err
			}
			if skip {
				continue
			}
			b = escaped
		}
		text = keep(text, b)
	}
}

// escape reads what follows a backslash. An end of line is skipped with it.
func (l *lexer) escape() (b byte, skip bool, err error) {
	b, more, err := l.byte()
	if err != nil || !more {
		return 0, true, err
	}
	switch b {
	case 'n':
		return '\n', false, nil
	case 'r':
		return '\r', false, nil
	case 't':
		return '\t', false, nil
	case 'b':
		return '\b', false, nil
	case 'f':
		return '\f', false, nil
	case '\n':
		return 0, true, nil
	case '\r':
		if next, more, err := l.byte(); err != nil {
			return 0, true, err
		} else if more && next != '\n' {
			l.back()
		}
		return 0, true, nil
	}
	if b < '0' || b > '7' {
		return b, false, nil
	}
	code := b - '0'
	for range 2 {
		next, more, err := l.byte()
		if err != nil || !more {
			return code, false, err
		}
		if next < '0' || next > '7' {
			l.back()
			break
		}
		code = code<<3 | next - '0'
	}
	return code, false, nil
}
