package order

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
)

// Apply applies a recorded outcome to the state. It contains no rules: the outcome contains every
// changed part as a whole. Callers skip outcomes that changed nothing (duplicate, diverged). On
// error the state is unchanged.
func (s *State) Apply(o Outcome) error {
	next := *s
	parts := reflect.ValueOf(&next).Elem()
	//workflowcheck:ignore each part is set by itself, so their order makes no difference
	for name, value := range o.Set {
		i, known := partsByName[name]
		if !known {
			continue
		}
		// Decode into a new value: Unmarshal would merge into the old one, which other copies of
		// the state share.
		part := reflect.New(parts.Field(i).Type())
		if err := json.Unmarshal(value, part.Interface()); err != nil {
			return fmt.Errorf("folding an outcome: %s: %w", name, err)
		}
		parts.Field(i).Set(part.Elem())
	}
	next.Seq, next.At = o.Seq, o.At
	*s = next
	return nil
}

// partsByName maps the JSON names of a state's fields to their indexes.
var partsByName = func() map[string]int {
	fields := map[string]int{}
	state := reflect.TypeFor[State]()
	for i := range state.NumField() {
		name, _, _ := strings.Cut(state.Field(i).Tag.Get("json"), ",")
		fields[name] = i
	}
	return fields
}()

func (s *State) parts() (map[string]json.RawMessage, error) {
	whole, err := json.Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("taking a state apart: %w", err)
	}
	parts := map[string]json.RawMessage{}
	if err := json.Unmarshal(whole, &parts); err != nil {
		return nil, fmt.Errorf("taking a state apart: %w", err)
	}
	return parts, nil
}

func (s *State) clone() (State, error) {
	var c State
	whole, err := json.Marshal(s)
	if err != nil {
		return c, fmt.Errorf("copying a state: %w", err)
	}
	if err := json.Unmarshal(whole, &c); err != nil {
		return c, fmt.Errorf("copying a state: %w", err)
	}
	return c, nil
}

// clearEqualParts clears the parts that are equal in both states. Most parts are equal, and encoding them
// costs more than comparing them.
func clearEqualParts(one, other *State) {
	a, b := reflect.ValueOf(one).Elem(), reflect.ValueOf(other).Elem()
	for i := range a.NumField() {
		if reflect.DeepEqual(a.Field(i).Interface(), b.Field(i).Interface()) {
			a.Field(i).SetZero()
			b.Field(i).SetZero()
		}
	}
}

// changedParts returns the parts of the state that differ, without the sequence number and the
// time, which every outcome contains.
func changedParts(before, after State) (map[string]json.RawMessage, error) {
	clearEqualParts(&before, &after)
	old, err := before.parts()
	if err != nil {
		return nil, err
	}
	now, err := after.parts()
	if err != nil {
		return nil, err
	}
	set := map[string]json.RawMessage{}
	for name, value := range now {
		if !bytes.Equal(old[name], value) {
			set[name] = value
		}
	}
	for name := range old {
		if _, kept := now[name]; !kept {
			set[name] = json.RawMessage("null")
		}
	}
	delete(set, "seq")
	delete(set, "at")
	return set, nil
}
