package order

// Kopecks is an amount of money; no other unit is used anywhere.
type Kopecks = int64

// MaxPrice bounds a price so that no arithmetic on it can overflow: one hundred billion roubles.
const MaxPrice Kopecks = 100_000_000_000_00

// Advance is the share of price, in hundredths of a per cent, rounded to the kopeck, half up.
func Advance(price Kopecks, basisPoints int) Kopecks {
	return (price*Kopecks(basisPoints) + 5_000) / 10_000
}

// Share is the part of price that an advance is, in hundredths of a per cent, rounded half up: 0 only for no advance, 10000 only for the
// whole price.
func Share(price, advance Kopecks) int {
	switch {
	case advance <= 0 || price <= 0:
		return 0
	case advance >= price:
		return 10_000
	}
	return int(min(max((advance*20_000+price)/(2*price), 1), 9_999))
}

// advanceFits says that the share and the sum of an advance are of one price. The sum is the share to the kopeck; one in whole roubles may
// also be what people agreed on, and then the share is the nearest to it.
func advanceFits(price, advance Kopecks, share int) bool {
	if share < 0 || share > 10_000 || advance < 0 || advance > price {
		return false
	}
	return advance == Advance(price, share) || advance%100 == 0 && share == Share(price, advance)
}
