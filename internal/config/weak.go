package config

import (
	"slices"
	"strings"
)

// minSecretLength and minDistinctLetters are what a secret needs: 16 characters, 8 of them
// different.
const (
	minSecretLength    = 16
	minDistinctLetters = 8
)

// localSecrets are keys of a local platform and defaults of programs. They are published, so they
// protect nothing, even with characters added.
var localSecrets = []string{
	"epkr-local-secret", "epkr-dev-secret", "epkrtestsecret", "epkr-local", "epkr-dev", "epkrtest", "epkr",
	"minioadmin", "rustfsadmin", "postgres", "temporal", "changeme", "change-me", "password", "passw0rd", "letmein", "default",
	"secret", "qwertyuiop", "qwerty", "asdfgh", "admin", "root", "test", "demo", "example", "local", "пароль",
	"1234567890", "0123456789", "123456789", "12345678", "123456", "abcdefghijklmnopqrstuvwxyz", "abcdefgh", "abcdef",
}

func isKnown(secret string) bool { return slices.Contains(localSecrets, strings.ToLower(secret)) }

// isWeak reports whether a secret is empty, known, short, repetitive, or little more than a known
// word or one of names.
func isWeak(secret string, names ...string) bool {
	folded := strings.ToLower(secret)
	if len(folded) < minSecretLength || isRepeated(folded) || isSequence(folded) || isKeyboardWalk(folded) {
		return true
	}
	for _, word := range slices.Concat(names, localSecrets) {
		if word != "" {
			folded = strings.ReplaceAll(folded, strings.ToLower(word), "")
		}
	}
	return len(folded) < minSecretLength-4 || distinctLetters(folded) < minDistinctLetters
}

// isRepeated reports whether the text is a repetition of a shorter text.
func isRepeated(text string) bool {
	doubled := text + text
	return strings.Contains(doubled[1:len(doubled)-1], text)
}

// isSequence reports whether most characters differ by at most one from the previous one, as in
// 12345678 or zyxwv.
func isSequence(text string) bool {
	steps := 0
	for i := 1; i < len(text); i++ {
		if d := int(text[i]) - int(text[i-1]); d >= -1 && d <= 1 {
			steps++
		}
	}
	return steps*2 > len(text)
}

// The rows of a keyboard, each key below the two above it; shifted maps the shifted characters of
// the top row to the unshifted ones.
var (
	keyboard = [...]string{"1234567890-=", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./"}
	shifted  = strings.NewReplacer("!", "1", "@", "2", "#", "3", "$", "4", "%", "5", "^", "6", "&", "7", "*", "8", "(", "9", ")", "0", "_", "-", "+", "=")
)

// isKeyboardWalk reports whether two thirds of the keys are neighbours of the previous one, as in
// zaq12wsxcde3.
func isKeyboardWalk(text string) bool {
	text, steps := shifted.Replace(text), 0
	for i := 1; i < len(text); i++ {
		row, column := keyOf(text[i])
		before, at := keyOf(text[i-1])
		if row >= 0 && before >= 0 && abs(row-before) <= 1 && abs(column-at) <= 1 {
			steps++
		}
	}
	return steps*3 > len(text)*2
}

// keyOf returns the position of a key on the keyboard; the row is -1 if it is not there.
func keyOf(key byte) (row, column int) {
	for row, keys := range keyboard {
		if column := strings.IndexByte(keys, key); column >= 0 {
			return row, column
		}
	}
	return -1, -1
}

func abs(n int) int { return max(n, -n) }

func distinctLetters(text string) int {
	letters := []rune(text)
	slices.Sort(letters)
	return len(slices.Compact(letters))
}
