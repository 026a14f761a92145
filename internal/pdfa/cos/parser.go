package cos

import "fmt"

// open is an array or a dictionary whose end has not been reached.
type open struct {
	end   keyword
	items []Value
}

// value reads one object; its parts may be references, but it is none itself.
func (l *lexer) value() (Value, error) {
	v, _, err := l.parse(true)
	return v, err
}

// body reads the object between obj and the keyword that follows it, which is endobj or stream.
func (l *lexer) body() (Value, keyword, error) { return l.parse(false) }

// parse reads one object, up to its own end or up to the keyword that follows it. It keeps a stack of
// its own, so that nested input cannot exhaust the program's.
func (l *lexer) parse(single bool) (Value, keyword, error) {
	stack := make([]open, 1, 8)
	for {
		token, err := l.next()
		if err != nil {
			return nil, "", err
		}
		top := &stack[len(stack)-1]
		word, isKeyword := token.(keyword)
		switch {
		case !isKeyword:
			top.items = append(top.items, token)
		case word == "R":
			if err := top.reference(); err != nil {
				return nil, "", err
			}
		case word == "[" || word == "<<":
			if len(stack) == maxDepth {
				return nil, "", fmt.Errorf("%w: objects are nested too deeply", ErrDamaged)
			}
			stack = append(stack, open{end: map[keyword]keyword{"[": "]", "<<": ">>"}[word]})
			continue
		case len(stack) > 1 && word == top.end:
			done, err := top.close()
			if err != nil {
				return nil, "", err
			}
			stack = stack[:len(stack)-1]
			top = &stack[len(stack)-1]
			top.items = append(top.items, done)
		case len(stack) > 1 || len(top.items) != 1:
			return nil, "", fmt.Errorf("%w: %.20q where an object is expected", ErrDamaged, string(word))
		default:
			return top.items[0], word, nil
		}
		if single && len(stack) == 1 {
			return top.items[0], "", nil
		}
	}
}

// reference replaces the last two numbers by the reference that they are.
func (o *open) reference() error {
	if n := len(o.items); n >= 2 {
		number, isNumber := o.items[n-2].(int64)
		generation, isGeneration := o.items[n-1].(int64)
		if isNumber && isGeneration {
			o.items = append(o.items[:n-2], Ref{number, generation})
			return nil
		}
	}
	return fmt.Errorf("%w: a reference has no numbers", ErrDamaged)
}

func (o *open) close() (Value, error) {
	if o.end == "]" {
		return Array(o.items), nil
	}
	if len(o.items)%2 != 0 {
		return nil, fmt.Errorf("%w: a key of a dictionary has no value", ErrDamaged)
	}
	d := make(Dict, len(o.items)/2)
	for i := 0; i < len(o.items); i += 2 {
		key, isName := o.items[i].(Name)
		if !isName {
			return nil, fmt.Errorf("%w: a key of a dictionary is no name", ErrDamaged)
		}
		d[key] = o.items[i+1]
	}
	return d, nil
}
