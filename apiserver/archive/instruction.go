package archive

import (
	_ "embed"
	"io"
	"path"
	"text/template"
	"time"

	"epkr/internal/order"
)

//go:embed instruction.txt
var instructionText string

var instruction = template.Must(template.New("instruction").Parse(instructionText))

// verification is what the instruction says of one signature.
type verification struct {
	Name, DocumentName, Signer, At string
	Signature, Document, Evidence  string
	Roots                          []root
	Unix                           int64
	Lists                          bool
}

func moscow(t time.Time) string { return t.In(order.Moscow).Format("02.01.2006 15:04:05") }

// instruct writes how everything in the archive is verified by OpenSSL. It stands after the files that
// it names.
func (c *contents) instruct(to io.Writer) error {
	said := struct {
		Number, MadeAt string
		Signatures     []verification
		Lists          bool
		Head           string
		HeadSeq        int32
	}{Number: c.number, MadeAt: moscow(c.madeAt), Head: c.history.head.Hash, HeadSeq: c.history.head.Seq}
	for i := range c.checks {
		v := c.checks[i].verification()
		said.Signatures = append(said.Signatures, v)
		said.Lists = said.Lists || v.Lists
	}
	return instruction.Execute(to, said)
}

func (c *check) verification() verification {
	v := verification{
		Name: path.Base(c.signature.path), DocumentName: path.Base(c.document.path), Signature: c.signature.path, Document: c.document.path,
		Evidence: c.folder + "/" + evidenceName, Roots: c.roots, Lists: c.result.RevocationChecked,
	}
	if c.der {
		v.Signature = c.folder + "/" + derName
	}
	if c.result.Signer != nil {
		v.Signer = c.result.Signer.String()
	}
	at := c.result.AcceptedAt
	if c.result.Moment != nil {
		at = c.result.Moment.At
	}
	v.At, v.Unix = moscow(at), at.Unix()
	return v
}
