package order

import (
	"fmt"
	"iter"
	"reflect"
	"slices"
)

// fileNamer is implemented by details that name files.
type fileNamer interface{ named() []FileRef }

func filesIn(details any) []FileRef {
	if f, ok := details.(fileNamer); ok {
		return f.named()
	}
	return nil
}

func (t Terms) named() []FileRef         { return t.Files }
func (t ContractTerms) named() []FileRef { return []FileRef{t.File, t.Signature} }
func (t ContractSignature) named() []FileRef {
	return append([]FileRef{t.Signature}, t.Powers.named()...)
}
func (t Invoice) named() []FileRef       { return optional(t.File) }
func (t PaymentReport) named() []FileRef { return optional(t.File) }
func (t SignedAct) named() []FileRef     { return []FileRef{t.File, t.Signature} }
func (t ActDelivery) named() []FileRef   { return t.Act.named() }
func (t ActSignature) named() []FileRef  { return append(optional(t.Signature), t.Powers.named()...) }
func (t Remarks) named() []FileRef       { return t.Files }

func (p Powers) named() (files []FileRef) {
	for _, one := range p {
		files = append(files, one.File, one.Signature)
	}
	return files
}

func (t ResultsDelivery) named() []FileRef {
	return slices.Concat(t.Files, nested(t.Act), nested(t.Invoice))
}

func (t FinalDelivery) named() []FileRef {
	return slices.Concat(t.Files, nested(t.Act), nested(t.Invoice))
}

// fileLister is implemented by details with a list of files that the sender chooses.
type fileLister interface{ list() []FileRef }

func (t Terms) list() []FileRef           { return t.Files }
func (t Remarks) list() []FileRef         { return t.Files }
func (t ResultsDelivery) list() []FileRef { return t.Files }
func (t FinalDelivery) list() []FileRef   { return t.Files }

// checkNamedFiles returns an error if the details contain files without naming them to the rules, or
// a list of files without listing it.
func checkNamedFiles(details any) error {
	t := reflect.TypeOf(details)
	_, names := details.(fileNamer)
	_, lists := details.(fileLister)
	for field := range fieldsOf(t) {
		switch {
		case !names && containsFile(field.Type):
			return fmt.Errorf("order: %s.%s contains files, but %s has no method named", t, field.Name, t)
		case !lists && field.Type == reflect.TypeFor[[]FileRef]():
			return fmt.Errorf("order: %s.%s is a list of files, but %s has no method list", t, field.Name, t)
		}
	}
	return nil
}

// containsFile reports whether a value of the type can contain a FileRef.
func containsFile(t reflect.Type) bool {
	switch {
	case t == reflect.TypeFor[FileRef]():
		return true
	case t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice:
		return containsFile(t.Elem())
	}
	for field := range fieldsOf(t) {
		if containsFile(field.Type) {
			return true
		}
	}
	return false
}

// fieldsOf returns the fields of a struct type, none of another type.
func fieldsOf(t reflect.Type) iter.Seq[reflect.StructField] {
	return func(yield func(reflect.StructField) bool) {
		if t.Kind() != reflect.Struct {
			return
		}
		for i := range t.NumField() {
			if !yield(t.Field(i)) {
				return
			}
		}
	}
}

// RepeatsFile reports whether a list of files names one file more than once.
func RepeatsFile(details any) bool {
	a, ok := details.(fileLister)
	if !ok {
		return false
	}
	seen := map[string]bool{}
	for _, f := range a.list() {
		if seen[f.ID] {
			return true
		}
		seen[f.ID] = true
	}
	return false
}

func optional(f *FileRef) []FileRef {
	if f == nil {
		return nil
	}
	return []FileRef{*f}
}

func nested[T fileNamer](part *T) []FileRef {
	if part == nil {
		return nil
	}
	return (*part).named()
}
