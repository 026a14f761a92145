package order

// WorkKind is one of the ten kinds of cadastral works.
type WorkKind string

// WorkKinds returns the kinds with their names, in the order of the manuals.
func WorkKinds() []struct {
	Code  WorkKind
	Label string
} {
	return workKinds
}

var workKinds = []struct {
	Code  WorkKind
	Label string
}{
	{"parcel-redistribution", "Образование земельного участка путем перераспределения земельных участков"},
	{"parcel-formation", "Образование земельного участка"},
	{"boundary-clarification", "Уточнение местоположения границ и (или) площади земельного участка"},
	{"building-part-formation", "Образование части объекта недвижимости"},
	{"building-removal", "Ликвидация объекта недвижимости"},
	{"building-clarification", "Уточнение сведений об объекте недвижимости"},
	{"building-formation", "Образование объекта недвижимости"},
	{"map-plan", "Подготовка карты-плана"},
	{"layout-scheme", "Подготовка схемы расположения"},
	{"parcel-part-formation", "Образование части земельного участка"},
}

// Label returns the kind's name in the manuals, empty for an unknown code.
func (k WorkKind) Label() string {
	for _, w := range workKinds {
		if w.Code == k {
			return w.Label
		}
	}
	return ""
}
