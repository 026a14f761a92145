package synthetic

import (
	"bytes"
	_ "embed"

	"epkr/internal/banks"
)

// bankFile is a directory of БИК in the format of the Bank of Russia, with invented names.
//
//go:embed banks.xml
var bankFile []byte

// Banks returns the directory of fictitious banks. It is the same in every world.
func Banks() banks.Directory {
	directory, err := banks.Read(bytes.NewReader(bankFile))
	if err != nil {
		panic("synthetic: " + err.Error())
	}
	return directory
}
