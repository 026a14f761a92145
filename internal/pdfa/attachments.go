package pdfa

import (
	"bytes"

	"epkr/internal/pdfa/cos"
)

// attachments visits the attached files of the document (ISO 19005-1 clause 6.1.11, 19005-2 and 19005-3
// clause 6.8, 19005-4 clause 6.9).
func (c *check) attachments() {
	embedded := c.file.Dict(c.catalog["Names"])["EmbeddedFiles"]
	c.faultIf(c.report.Part == 1 && embedded != nil, CodeAttachments)
	c.once("attachments", embedded, c.nameTree)
	for _, v := range c.file.Array(c.catalog["AF"]) {
		c.once("attachment", v, c.attachment)
	}
}

// nameTree visits the attached files below a node of the tree of their names.
func (c *check) nameTree(v cos.Value) {
	node := c.file.Dict(v)
	for _, kid := range c.file.Array(node["Kids"]) {
		c.once("attachments", kid, c.nameTree)
	}
	pairs := c.file.Array(node["Names"])
	for i := 1; i < len(pairs); i += 2 {
		c.once("attachment", pairs[i], c.attachment)
	}
}

// attachment checks the specification of a file. Part 1 allows no attached file, parts 2 and 4 only
// PDF/A, part 3 and level F and E of part 4 any.
func (c *check) attachment(v cos.Value) {
	specification := c.file.Dict(v)
	files := c.file.Dict(specification["EF"])
	if files == nil {
		return
	}
	part, level := c.report.Part, c.report.Conformance
	c.faultIf(part == 1, CodeAttachments)
	if part == 2 || part == 4 && level == "" {
		for _, file := range files.All() {
			c.once("attached PDF", file, c.attachedPDF)
		}
		return
	}
	c.faultIf(part >= 3 && c.file.Name(specification["AFRelationship"]) == "", CodeAttachmentRelation)
}

// attachedPDF checks that an attached file begins as a PDF does.
func (c *check) attachedPDF(v cos.Value) {
	s, isStream := c.file.Stream(v)
	if !isStream {
		return
	}
	head, _, err := c.file.Decode(s, int64(len(signature)))
	c.faultIf(c.file.Err() == nil && (err != nil || !bytes.Equal(head, signature)), CodeAttachments)
}

// optionalContent checks layers (ISO 19005-1 clause 6.1.13, 19005-2 clause 6.9).
func (c *check) optionalContent() {
	properties := c.file.Dict(c.catalog["OCProperties"])
	if properties == nil {
		return
	}
	c.faultIf(c.report.Part == 1, CodeOptionalContent)
	if c.report.Part < 2 {
		return
	}
	configurations := append(cos.Array{properties["D"]}, c.file.Array(properties["Configs"])...)
	for _, v := range configurations {
		configuration := c.file.Dict(v)
		name, _ := c.file.Text(configuration["Name"])
		c.faultIf(name == "" || configuration["AS"] != nil, CodeOptionalContent)
	}
}
