package humantext

// Plural returns the form of a noun after a number that is not negative: 1 день, 2 дня, 5 дней.
func Plural(n int64, one, few, many string) string {
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
