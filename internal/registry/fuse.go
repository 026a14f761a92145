package registry

import "fmt"

// Fuse bounds how many active engineers one snapshot may take away before a person has to look: a file that lost its second
// half reads like a country that lost half of its engineers. Zero in a field allows no loss at all.
type Fuse struct {
	Percent      int // of all active engineers
	Count        int // engineers
	GroupPercent int // of the active engineers of one region or СРО
	GroupSize    int // active engineers of the smallest region or СРО that is judged by itself
}

// DefaultFuse is what the platform starts with.
func DefaultFuse() Fuse { return Fuse{Percent: 5, Count: 1000, GroupPercent: 20, GroupSize: 50} }

// Loss is what a snapshot would take away.
type Loss struct {
	Active int // engineers who are active before it
	Lost   int // of them after it no more
	Groups []GroupLoss
}

// GroupLoss is the loss of one region or СРО.
type GroupLoss struct {
	Region bool // a region, by its code; otherwise an СРО, by its name
	Name   string
	Active int
	Lost   int
}

// Blown says, in Russian sentences for the operator, why the snapshot must wait for a person; none if it need not.
func (f Fuse) Blown(l Loss) []string {
	var why []string
	if over(l.Lost, l.Active, f.Percent) {
		why = append(why, fmt.Sprintf("Статус теряют %d из %d действующих инженеров — больше %d %%.", l.Lost, l.Active, f.Percent))
	}
	if l.Lost > f.Count {
		why = append(why, fmt.Sprintf("Статус теряют %d инженеров — больше %d за один раз.", l.Lost, f.Count))
	}
	for _, g := range l.Groups {
		if g.Active >= f.GroupSize && over(g.Lost, g.Active, f.GroupPercent) {
			why = append(why, fmt.Sprintf("%s: статус теряют %d из %d действующих инженеров — больше %d %%.",
				g.title(), g.Lost, g.Active, f.GroupPercent))
		}
	}
	return why
}

func over(lost, active, percent int) bool { return lost*100 > active*percent }

func (g GroupLoss) title() string {
	if g.Region {
		return "Регион " + g.Name
	}
	return g.Name
}
