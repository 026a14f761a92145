package forms

import (
	"fmt"
	"strconv"
	"strings"

	"epkr/internal/order"
)

// amount returns an amount of kopecks as «12 345,67 руб.».
func amount(kopecks order.Kopecks) string { return number(kopecks) + " руб." }

// number returns an amount of kopecks as «12 345,67».
func number(kopecks order.Kopecks) string {
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

// Percent returns hundredths of a per cent as «30 %» or «33,33 %».
func Percent(basisPoints int) string {
	s := strconv.Itoa(basisPoints / 100)
	if rest := basisPoints % 100; rest != 0 {
		s += "," + strings.TrimRight(fmt.Sprintf("%02d", rest), "0")
	}
	return s + " %"
}

// inWords returns an amount from 0 to order.MaxPrice: «Двенадцать тысяч триста сорок пять рублей
// 67 копеек».
func inWords(kopecks order.Kopecks) string {
	roubles, rest := kopecks/100, kopecks%100
	words := append(cardinal(roubles), plural(roubles, "рубль", "рубля", "рублей"))
	s := strings.Join(words, " ") + fmt.Sprintf(" %02d ", rest) + plural(rest, "копейка", "копейки", "копеек")
	first := []rune(s)
	return strings.ToUpper(string(first[:1])) + string(first[1:])
}

// scale is a thousand, a million or a milliard; only thousands are feminine.
type scale struct {
	one, few, many string
	feminine       bool
}

var scales = []scale{
	{},
	{"тысяча", "тысячи", "тысяч", true},
	{"миллион", "миллиона", "миллионов", false},
	{"миллиард", "миллиарда", "миллиардов", false},
}

// cardinal returns the words of a number below 10¹² in the nominative, masculine.
func cardinal(n int64) []string {
	if n == 0 {
		return []string{"ноль"}
	}
	var words []string
	for i := len(scales) - 1; i >= 0; i-- {
		group := n
		for range i {
			group /= 1000
		}
		if group %= 1000; group == 0 {
			continue
		}
		words = append(words, belowThousand(group, scales[i].feminine)...)
		if i > 0 {
			words = append(words, plural(group, scales[i].one, scales[i].few, scales[i].many))
		}
	}
	return words
}

var (
	units = strings.Fields("- один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать тринадцать " +
		"четырнадцать пятнадцать шестнадцать семнадцать восемнадцать девятнадцать")
	tens     = strings.Fields("- - двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто")
	hundreds = strings.Fields("- сто двести триста четыреста пятьсот шестьсот семьсот восемьсот девятьсот")
)

func belowThousand(n int64, feminine bool) (words []string) {
	if n >= 100 {
		words = append(words, hundreds[n/100])
		n %= 100
	}
	if n >= 20 {
		words = append(words, tens[n/10])
		n %= 10
	}
	switch {
	case n == 0:
		return words
	case feminine && n == 1:
		return append(words, "одна")
	case feminine && n == 2:
		return append(words, "две")
	}
	return append(words, units[n])
}

// plural returns the form of a noun after a number.
func plural(n int64, one, few, many string) string {
	switch last, teen := n%10, n%100; {
	case teen >= 11 && teen <= 14:
		return many
	case last == 1:
		return one
	case last >= 2 && last <= 4:
		return few
	}
	return many
}
