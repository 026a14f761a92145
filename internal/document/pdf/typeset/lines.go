package typeset

// Join says what stands between two pieces of a paragraph.
type Join byte

const (
	// Space is a space where a line may end.
	Space Join = iota
	// Soft is a place inside a word: a line that ends there gets a hyphen.
	Soft
	// Open is a place without a space where a line may end, as after the hyphen of a double word.
	Open
	// End ends the line: a line feed, or the end of the paragraph.
	End
)

// Piece is a part of a paragraph that is not divided.
type Piece struct {
	Width int
	Join  Join // what follows it; End for the last piece
}

// Measure is where a paragraph is set.
type Measure struct {
	Width   int // of a line
	Space   int // the natural width of a space
	Hyphen  int // the width of a hyphen
	Justify bool
	// Balance makes all lines of about one width, the last one too.
	Balance bool
}

// Line is a line of pieces from First up to, but not including, After.
type Line struct {
	First, After int
	// Natural is the width with natural spaces and the hyphen; Spaces is the number of its spaces.
	Natural, Spaces int
	// Last means that the line ends a paragraph or at a line feed: it is not justified.
	Last bool
}

// Costs of what makes a line worse, in the squared units of badness.
const (
	hyphenCost        = 6_000   // a hyphen
	raggedHyphenCost  = 40_000  // a hyphen where lines need not be equally wide
	secondHyphenCost  = 60_000  // after a line that has one
	overfullCost      = 1 << 40 // a line that is too wide
	impossible        = 1 << 62 // no way leads here
	shrinkPart        = 5       // a space loses at most a fifth
	stretchPart       = 2       // a space that gains a half has the badness 100
	veryLoose         = 500     // from this stretch, badness grows slowly: the line is bad anyway
	shortLastLinePart = 12      // a last line below this part of the width is bad
	shortLastLineCost = 50_000  // so much
	lastHyphenCost    = 60_000  // a last line that begins inside a word
)

// Break divides a paragraph into lines so that the sum of the costs of all lines is the least (D. E.
// Knuth and M. F. Plass, Breaking Paragraphs into Lines, 1981, without their classes of fitness). A
// piece that is wider than a line has a line of its own.
func Break(pieces []Piece, m Measure) []Line {
	b := newBreaker(pieces, m)
	for after := 1; after <= len(pieces); after++ {
		b.reach(after)
	}
	return b.lines()
}

type breaker struct {
	pieces []Piece
	Measure
	// widths and spaces are sums over the pieces before an index with what follows them.
	widths, spaces []int
	// cost is that of the best way to end a line before an index; from is where that line begins.
	cost []int
	from []int
}

func newBreaker(pieces []Piece, m Measure) *breaker {
	n := len(pieces) + 1
	numbers := make([]int, 4*n)
	b := &breaker{pieces: pieces, Measure: m, widths: numbers[:n], spaces: numbers[n : 2*n], cost: numbers[2*n : 3*n], from: numbers[3*n:]}
	for i, p := range pieces {
		b.widths[i+1], b.spaces[i+1] = b.widths[i]+p.Width, b.spaces[i]
		if p.Join == Space {
			b.widths[i+1] += m.Space
			b.spaces[i+1]++
		}
	}
	return b
}

// reach finds the best line that ends before an index.
func (b *breaker) reach(after int) {
	b.cost[after] = impossible
	for first := after - 1; first >= 0; first-- {
		if first < after-1 && b.pieces[first].Join == End {
			return
		}
		line := b.line(first, after)
		cost, fits := b.costOf(line)
		if !fits && first < after-1 {
			return // longer lines fit no better
		}
		if total := b.cost[first] + cost; total < b.cost[after] {
			b.cost[after], b.from[after] = total, first
		}
	}
}

func (b *breaker) line(first, after int) Line {
	end := b.pieces[after-1]
	l := Line{First: first, After: after, Spaces: b.spaces[after-1] - b.spaces[first], Last: end.Join == End}
	l.Natural = b.widths[after-1] - b.widths[first] + end.Width
	if end.Join == Soft {
		l.Natural += b.Hyphen
	}
	return l
}

// costOf returns the cost of a line, and whether it fits the width.
func (b *breaker) costOf(l Line) (cost int, fits bool) {
	slack := b.Width - l.Natural
	shrink := 0
	if b.Justify {
		shrink = l.Spaces * b.Space / shrinkPart
	}
	if slack < -shrink {
		return overfullCost - slack, false
	}
	bad := 10 + b.badness(l, slack, shrink)
	cost = bad * bad
	if b.pieces[l.After-1].Join == Soft {
		cost += hyphenCost
		if !b.Justify {
			cost += raggedHyphenCost
		}
		if l.First > 0 && b.pieces[l.First-1].Join == Soft {
			cost += secondHyphenCost
		}
	}
	if l.Last && l.First > 0 {
		cost += b.lastCost(l)
	}
	return cost, true
}

func (b *breaker) lastCost(l Line) (cost int) {
	if l.Natural < b.Width/shortLastLinePart {
		cost += shortLastLineCost
	}
	if b.pieces[l.First-1].Join == Soft {
		cost += lastHyphenCost
	}
	return cost
}

// badness is 0 for a line of natural width and 100 for one whose spaces are at the edge of what looks
// well.
func (b *breaker) badness(l Line, slack, shrink int) int {
	switch {
	case slack < 0:
		r := -100 * slack / shrink
		return r * r * r / 10_000
	case l.Last && !b.Balance:
		return 0
	case !b.Justify:
		r := 100 * slack / b.Width
		return r * r / 50
	}
	r := 100 * slack * stretchPart / max(l.Spaces*b.Space, b.Space/2)
	loose := min(r, veryLoose)
	return loose*loose*loose/10_000 + 4*(r-loose)
}

func (b *breaker) lines() []Line {
	var lines []Line
	for after := len(b.pieces); after > 0; after = b.from[after] {
		lines = append(lines, b.line(b.from[after], after))
	}
	for i, j := 0, len(lines)-1; i < j; i, j = i+1, j-1 {
		lines[i], lines[j] = lines[j], lines[i]
	}
	return lines
}
