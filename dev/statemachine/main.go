// Command statemachine prints docs/state-machine.md: the life of an order, drawn and tabled.
//
// Everything in it comes from package order, so that it cannot say anything else than the program does; it holds no rules
// and reads no files. To bring the document up to date: go run ./dev/statemachine > docs/state-machine.md
package main

import (
	"fmt"
	"os"
)

func main() {
	if _, err := os.Stdout.WriteString(document()); err != nil {
		fmt.Fprintln(os.Stderr, "печать документа:", err)
		os.Exit(1)
	}
}
