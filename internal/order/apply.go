package order

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
)

// Apply folds a recorded outcome into the state. It knows no rules: what a decision changed stands in the outcome itself, each part
// whole. Outcomes that changed nothing (a duplicate, a diverged one) are not to be applied. After an error the state is as it was.
func (s *State) Apply(o Outcome) error {
	next := *s
	parts := reflect.ValueOf(&next).Elem()
	//workflowcheck:ignore each part is set by itself, so their order makes no difference
	for name, value := range o.Set {
		i, known := partsByName[name]
		if !known {
			continue
		}
		// Nothing of the old value may shine through, and whoever else holds it keeps it as it is.
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

// partsByName are the fields of a state by their names in JSON.
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

// zeroEqual empties the parts that are equal in both: most are, and to write them as JSON costs more than to compare them.
func zeroEqual(one, other *State) {
	a, b := reflect.ValueOf(one).Elem(), reflect.ValueOf(other).Elem()
	for i := range a.NumField() {
		if reflect.DeepEqual(a.Field(i).Interface(), b.Field(i).Interface()) {
			a.Field(i).SetZero()
			b.Field(i).SetZero()
		}
	}
}

// changed lists the parts of a state that differ, but for the sequence number and the time, which every outcome carries.
func changed(before, after State) (map[string]json.RawMessage, error) {
	zeroEqual(&before, &after)
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
