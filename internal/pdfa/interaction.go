package pdfa

import (
	"slices"

	"epkr/internal/pdfa/cos"
)

// The flags of annotations (ISO 32000-1 clause 12.5.3).
const (
	flagInvisible    = 1 << 0
	flagHidden       = 1 << 1
	flagPrint        = 1 << 2
	flagNoView       = 1 << 5
	flagToggleNoView = 1 << 8
)

// annotationKinds are the kinds of annotations of PDF 1.4 that part 1 allows (ISO 19005-1 clause
// 6.5.2), and those that the later parts allow too (ISO 19005-2 clause 6.3.1).
var (
	annotationKinds = []cos.Name{
		"Text", "Link", "FreeText", "Line", "Square", "Circle", "Highlight", "Underline", "Squiggly", "StrikeOut",
		"Stamp", "Ink", "Popup", "Widget", "PrinterMark", "TrapNet",
	}
	laterAnnotationKinds = []cos.Name{"Polygon", "PolyLine", "Caret", "FileAttachment", "Watermark", "Redact", "Projection"}
)

// annotation checks an annotation (ISO 19005-1 clause 6.5, 19005-2 clause 6.3).
func (c *check) annotation(v cos.Value) {
	annotation := c.file.Dict(v)
	kind := c.file.Name(annotation["Subtype"])
	allowed := slices.Contains(annotationKinds, kind) || c.report.Part != 1 && slices.Contains(laterAnnotationKinds, kind)
	model := c.report.Part == 4 && c.report.Conformance == "E" && (kind == "3D" || kind == "RichMedia")
	c.faultIf(!allowed && !model, CodeAnnotationKind)
	if kind == "FileAttachment" {
		c.once("attachment", annotation["FS"], c.attachment)
	}
	if kind != "Popup" {
		flags := c.file.Int(annotation["F"])
		hidden := flags & (flagInvisible | flagHidden | flagNoView)
		if c.report.Part != 1 {
			hidden |= flags & flagToggleNoView
		}
		c.faultIf(flags&flagPrint == 0 || hidden != 0, CodeAnnotationFlags)
	}
	if alpha, has := c.file.Number(annotation["CA"]); has && alpha != 1 {
		c.faultIf(c.report.Part == 1, CodeTransparency)
	}
	c.appearance(annotation, kind)
	c.once("action", annotation["A"], c.action)
	c.faultIf(kind == "Widget" && (annotation["A"] != nil || annotation["AA"] != nil), CodeAction)
}

// appearance checks how an annotation is drawn: by what the file has, not by the program.
func (c *check) appearance(annotation cos.Dict, kind cos.Name) {
	appearance := c.file.Dict(annotation["AP"])
	drawn := kind != "Popup" && kind != "Link" && c.hasArea(annotation)
	c.faultIf(appearance == nil && drawn && c.report.Part >= 2, CodeAnnotationAppearance)
	c.faultIf(appearance == nil && drawn && kind == "Widget", CodeAnnotationAppearance)
	for key := range appearance {
		c.faultIf(key != "N", CodeAnnotationAppearance)
	}
	if _, isStream := c.file.Stream(appearance["N"]); isStream {
		c.once("XObject", appearance["N"], c.xObject)
		return
	}
	for _, state := range c.file.Dict(appearance["N"]).All() {
		c.once("XObject", state, c.xObject)
	}
}

// hasArea reports whether the rectangle of an annotation is more than a point.
func (c *check) hasArea(annotation cos.Dict) bool {
	rectangle := c.file.Array(annotation["Rect"])
	if len(rectangle) != 4 {
		return true
	}
	var at [4]float64
	for i := range at {
		at[i], _ = c.file.Number(rectangle[i])
	}
	return at[0] != at[2] || at[1] != at[3]
}

// The actions that change nothing (ISO 19005-1 clause 6.6.1), and those that only part 1 does not
// forbid by name because its PDF does not have them.
var (
	allowedActions = []cos.Name{"GoTo", "GoToR", "GoToE", "Thread", "URI", "Named", "SubmitForm"}
	namedActions   = []cos.Name{"NextPage", "PrevPage", "FirstPage", "LastPage"}
)

// action checks an action and those that follow it.
func (c *check) action(v cos.Value) {
	if c.file.Array(v) != nil { // of a destination
		return
	}
	action := c.file.Dict(v)
	kind := c.file.Name(action["S"])
	if kind == "JavaScript" {
		c.fault(CodeJavaScript)
	} else if action != nil {
		c.faultIf(!slices.Contains(allowedActions, kind), CodeAction)
	}
	c.faultIf(kind == "Named" && !slices.Contains(namedActions, c.file.Name(action["N"])), CodeAction)
	if following := c.file.Array(action["Next"]); following != nil {
		for _, next := range following {
			c.once("action", next, c.action)
		}
		return
	}
	c.once("action", action["Next"], c.action)
}

// catalogActions checks the actions of the document and of its outline.
func (c *check) catalogActions() {
	c.faultIf(c.catalog["AA"] != nil, CodeAction)
	c.once("action", c.catalog["OpenAction"], c.action)
	names := c.file.Dict(c.catalog["Names"])
	c.faultIf(names["JavaScript"] != nil, CodeJavaScript)
	c.faultIf(c.report.Part >= 2 && names["AlternatePresentations"] != nil, CodeAction)
	c.once("outline", c.file.Dict(c.catalog["Outlines"])["First"], c.outline)
}

func (c *check) outline(v cos.Value) {
	item := c.file.Dict(v)
	c.once("action", item["A"], c.action)
	c.once("outline", item["First"], c.outline)
	c.once("outline", item["Next"], c.outline)
}

// form checks the form of the document (ISO 19005-1 clause 6.9).
func (c *check) form() {
	form := c.file.Dict(c.catalog["AcroForm"])
	needsAppearances, _ := c.file.Resolve(form["NeedAppearances"]).(bool)
	needsRendering, _ := c.file.Resolve(c.catalog["NeedsRendering"]).(bool)
	c.faultIf(needsAppearances || needsRendering || form["XFA"] != nil, CodeForm)
	for _, v := range c.file.Array(form["Fields"]) {
		c.once("field", v, c.field)
	}
}

func (c *check) field(v cos.Value) {
	field := c.file.Dict(v)
	c.faultIf(field["AA"] != nil, CodeAction)
	for _, v := range c.file.Array(field["Kids"]) {
		c.once("field", v, c.field)
	}
}

// tagging checks that a document of level A has a structure (ISO 19005-1 clause 6.8).
func (c *check) tagging() {
	marked, _ := c.file.Resolve(c.file.Dict(c.catalog["MarkInfo"])["Marked"]).(bool)
	structure := c.file.Dict(c.catalog["StructTreeRoot"])
	c.faultIf(c.report.Conformance == "A" && (!marked || structure == nil), CodeNotTagged)
}
