package forms

import (
	"fmt"
	"strings"

	"epkr/internal/humantext"
	"epkr/internal/order"
)

// amount returns an amount of kopecks as «12 345,67 руб.».
func amount(kopecks order.Kopecks) string { return order.AmountText(kopecks) + " руб." }

// inWords returns an amount from 0 to order.MaxPrice: «Двенадцать тысяч триста сорок пять рублей
// 67 копеек».
func inWords(kopecks order.Kopecks) string {
	roubles, rest := kopecks/100, kopecks%100
	words := append(cardinal(roubles), humantext.Plural(roubles, "рубль", "рубля", "рублей"))
	s := strings.Join(words, " ") + fmt.Sprintf(" %02d ", rest) + humantext.Plural(rest, "копейка", "копейки", "копеек")
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
			words = append(words, humantext.Plural(group, scales[i].one, scales[i].few, scales[i].many))
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
