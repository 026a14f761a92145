package order

import (
	"fmt"
	"strconv"
	"strings"
)

// Kopecks is an amount of money in kopecks; no other unit is used.
type Kopecks = int64

// MaxPrice is the largest price, one hundred billion roubles: no arithmetic on it can overflow.
const MaxPrice Kopecks = 100_000_000_000_00

// Advance returns the share of price, in hundredths of a per cent, rounded to the kopeck, half up.
func Advance(price Kopecks, basisPoints int) Kopecks {
	return (price*Kopecks(basisPoints) + 5_000) / 10_000
}

// Share returns the advance as a part of the price, in hundredths of a per cent, rounded half up.
// It returns 0 only for no advance, and 10000 only for the whole price.
func Share(price, advance Kopecks) int {
	switch {
	case advance <= 0 || price <= 0:
		return 0
	case advance >= price:
		return 10_000
	}
	return int(min(max((advance*20_000+price)/(2*price), 1), 9_999))
}

// AdvanceFits reports whether the share and the amount of an advance match at this price. The
// amount matches the share to the kopeck, or it is in whole roubles, as people may agree, and the
// share is the nearest to it.
func AdvanceFits(price, advance Kopecks, share int) bool {
	if share < 0 || share > 10_000 || advance < 0 || advance > price {
		return false
	}
	return advance == Advance(price, share) || advance%100 == 0 && share == Share(price, advance)
}

// AmountText returns an amount of kopecks as «12 345,67».
func AmountText(kopecks Kopecks) string {
	return grouped(kopecks/100) + fmt.Sprintf(",%02d", kopecks%100)
}

// grouped separates the thousands by spaces.
func grouped(n int64) string {
	digits := strconv.FormatInt(n, 10)
	var b strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(d)
	}
	return b.String()
}

// PercentText returns hundredths of a per cent as «30 %» or «33,33 %».
func PercentText(basisPoints int) string {
	s := strconv.Itoa(basisPoints / 100)
	if rest := basisPoints % 100; rest != 0 {
		s += "," + strings.TrimRight(fmt.Sprintf("%02d", rest), "0")
	}
	return s + " %"
}
