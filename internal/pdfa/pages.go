package pdfa

import (
	"slices"

	"epkr/internal/pdfa/cos"
)

// document checks everything that the catalog leads to, except the marks of its structure.
func (c *check) document() {
	c.pages()
	c.catalogActions()
	c.attachments()
	c.optionalContent()
	c.form()
	c.finish()
	c.deviceColors()
}

// node is a node of the page tree that waits, with the resources that it inherits.
type node struct{ value, resources cos.Value }

// pages visits the pages in their order.
func (c *check) pages() {
	number := 0
	seen := map[cos.Ref]bool{}
	waiting := []node{{c.catalog["Pages"], nil}}
	for len(waiting) > 0 && c.file.Err() == nil {
		next := waiting[len(waiting)-1]
		waiting = waiting[:len(waiting)-1]
		ref, isRef := next.value.(cos.Ref)
		if isRef && seen[ref] {
			continue
		}
		seen[ref] = true
		d := c.file.Dict(next.value)
		if d == nil {
			continue
		}
		if d["Resources"] == nil && next.resources != nil {
			d["Resources"] = next.resources
		}
		if d["Kids"] != nil {
			for _, kid := range slices.Backward(c.file.Array(d["Kids"])) {
				waiting = append(waiting, node{kid, d["Resources"]})
			}
			continue
		}
		number++
		c.page = number
		c.visitPage(d)
		c.finish()
	}
	c.faultIf(number == 0 && c.file.Err() == nil, CodeNoPages)
}

func (c *check) visitPage(page cos.Dict) {
	c.faultIf(c.report.Part >= 2 && (page["AA"] != nil || page["PresSteps"] != nil), CodeAction)
	for _, action := range c.file.Dict(page["AA"]).All() {
		c.once("action", action, c.action)
	}
	c.group(page)
	c.contents(page["Contents"])
	c.resources(page["Resources"])
	for _, v := range c.file.Array(page["Annots"]) {
		c.once("annotation", v, c.annotation)
	}
}

// contents checks the streams of a page, or of whatever has one.
func (c *check) contents(v cos.Value) {
	if parts := c.file.Array(v); parts != nil {
		for _, part := range parts {
			c.once("contents", part, c.contents)
		}
		return
	}
	if s, isStream := c.file.Stream(v); isStream {
		c.stream(s)
	}
}

// group checks a transparency group of a page or a form (ISO 19005-1 clause 6.4).
func (c *check) group(of cos.Dict) {
	group := c.file.Dict(of["Group"])
	c.faultIf(c.report.Part == 1 && c.file.Name(group["S"]) == "Transparency", CodeTransparency)
	if group["CS"] != nil {
		c.colorSpace(group["CS"], 0)
	}
}

// resources visits what the contents of a page, a form, a pattern or a font may use.
func (c *check) resources(v cos.Value) {
	if v == nil {
		return
	}
	c.once("resources", v, func(v cos.Value) {
		resources := c.file.Dict(v)
		each := func(key cos.Name, role string, run func(cos.Value)) {
			for _, v := range c.file.Dict(resources[key]).All() {
				c.once(role, v, run)
			}
		}
		each("Font", "font", c.font)
		each("XObject", "XObject", c.xObject)
		each("ExtGState", "state", c.graphicsState)
		each("Pattern", "pattern", c.pattern)
		each("Shading", "shading", func(v cos.Value) { c.colorSpace(c.file.Dict(v)["ColorSpace"], 0) })
		for name, space := range c.file.Dict(resources["ColorSpace"]).All() {
			if name == "DefaultRGB" || name == "DefaultCMYK" {
				c.defaults[name] = true
			}
			c.once("color space", space, func(v cos.Value) { c.colorSpace(v, 0) })
		}
	})
}

func (c *check) xObject(v cos.Value) {
	s, isStream := c.file.Stream(v)
	if !isStream {
		return
	}
	c.stream(s)
	d := s.Dict
	c.faultIf(d["OPI"] != nil, CodeExternalContent)
	switch c.file.Name(d["Subtype"]) {
	case "Image":
		c.image(d)
	case "Form":
		c.faultIf(d["PS"] != nil || c.file.Name(d["Subtype2"]) == "PS" || d["Ref"] != nil, CodeExternalContent)
		c.group(d)
		c.resources(d["Resources"])
	default:
		c.fault(CodeExternalContent)
	}
}

// image checks an image (ISO 19005-1 clauses 6.2.4 and 6.4).
func (c *check) image(d cos.Dict) {
	interpolated, _ := c.file.Resolve(d["Interpolate"]).(bool)
	c.faultIf(d["Alternates"] != nil || interpolated, CodeImage)
	c.colorSpace(d["ColorSpace"], 0)
	mask, isMask := c.file.Stream(d["SMask"])
	if isMask {
		c.once("XObject", d["SMask"], c.xObject)
	}
	c.faultIf(c.report.Part == 1 && (isMask && mask.Dict != nil || c.file.Int(d["SMaskInData"]) != 0), CodeTransparency)
	if _, isMask := c.file.Stream(d["Mask"]); isMask {
		c.once("XObject", d["Mask"], c.xObject)
	}
}

// blendModes are the modes of ISO 32000-1 clause 11.3.5.
var blendModes = []cos.Name{
	"", "Normal", "Compatible", "Multiply", "Screen", "Overlay", "Darken", "Lighten", "ColorDodge", "ColorBurn",
	"HardLight", "SoftLight", "Difference", "Exclusion", "Hue", "Saturation", "Color", "Luminosity",
}

// graphicsState checks a graphics state (ISO 19005-1 clauses 6.2.8 and 6.4, 19005-2 clause 6.2.5).
func (c *check) graphicsState(v cos.Value) {
	state := c.file.Dict(v)
	second := c.file.Name(state["TR2"])
	c.faultIf(state["TR"] != nil || state["TR2"] != nil && second != "Default", CodeTransfer)
	c.faultIf(c.report.Part >= 2 && state["HTO"] != nil, CodeTransfer)
	mode := c.file.Name(state["BM"])
	c.faultIf(!slices.Contains(blendModes, mode), CodeBlendMode)
	mask := c.file.Resolve(state["SMask"])
	if d := c.file.Dict(mask); d != nil {
		c.once("XObject", d["G"], c.xObject)
	}
	opaque := (mask == nil || mask == cos.Name("None")) && slices.Contains(blendModes[:3], mode)
	for _, key := range []cos.Name{"CA", "ca"} {
		alpha, has := c.file.Number(state[key])
		opaque = opaque && (!has || alpha == 1)
	}
	c.faultIf(c.report.Part == 1 && !opaque, CodeTransparency)
	if font := c.file.Array(state["Font"]); len(font) > 0 {
		c.once("font", font[0], c.font)
	}
}

func (c *check) pattern(v cos.Value) {
	d := c.file.Dict(v)
	c.contents(v)
	c.resources(d["Resources"])
	c.once("state", d["ExtGState"], c.graphicsState)
	if shading := c.file.Dict(d["Shading"]); shading != nil {
		c.colorSpace(shading["ColorSpace"], 0)
	}
}
