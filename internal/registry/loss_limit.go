package registry

import "fmt"

// LossLimit bounds how many active engineers one snapshot may deactivate without approval by a
// person: a truncated file looks like a snapshot in which half of the engineers left. Zero in a
// field allows no loss at all.
type LossLimit struct {
	Percent      int // of all active engineers
	Count        int // engineers
	GroupPercent int // of the active engineers of one region or СРО
	GroupSize    int // fewest active engineers of a region or СРО to which GroupPercent applies
}

// DefaultLossLimit returns the default limit.
func DefaultLossLimit() LossLimit {
	return LossLimit{Percent: 5, Count: 1000, GroupPercent: 20, GroupSize: 50}
}

// Loss is how many active engineers a snapshot would deactivate.
type Loss struct {
	Active int // engineers active before the snapshot
	Lost   int // those of them no longer active after it
	Groups []GroupLoss
}

// GroupLoss is the loss of one region or СРО.
type GroupLoss struct {
	Region bool // a region, by its code; otherwise an СРО, by its name
	Name   string
	Active int
	Lost   int
}

// Exceeded returns, in Russian sentences for the operator, why the snapshot needs approval by a
// person; none if it needs no approval.
func (f LossLimit) Exceeded(l Loss) []string {
	var why []string
	if exceeds(l.Lost, l.Active, f.Percent) {
		why = append(why, fmt.Sprintf("Статус теряют %d из %d действующих инженеров — больше %d %%.", l.Lost, l.Active, f.Percent))
	}
	if l.Lost > f.Count {
		why = append(why, fmt.Sprintf("Статус теряют %d инженеров — больше %d за один раз.", l.Lost, f.Count))
	}
	for _, g := range l.Groups {
		if g.Active >= f.GroupSize && exceeds(g.Lost, g.Active, f.GroupPercent) {
			why = append(why, fmt.Sprintf("%s: статус теряют %d из %d действующих инженеров — больше %d %%.",
				g.title(), g.Lost, g.Active, f.GroupPercent))
		}
	}
	return why
}

func exceeds(lost, active, percent int) bool { return lost*100 > active*percent }

func (g GroupLoss) title() string {
	if g.Region {
		return "Регион " + g.Name
	}
	return g.Name
}
