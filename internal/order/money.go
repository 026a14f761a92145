package order

// Kopecks is an amount of money; no other unit is used anywhere.
type Kopecks = int64

// MaxPrice bounds a price so that no arithmetic on it can overflow: one hundred billion roubles.
const MaxPrice Kopecks = 100_000_000_000_00

// Advance is the share of price, in hundredths of a per cent, rounded to the kopeck, half up.
func Advance(price Kopecks, basisPoints int) Kopecks {
	return (price*Kopecks(basisPoints) + 5_000) / 10_000
}
